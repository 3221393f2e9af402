from __future__ import annotations

import re
from pathlib import Path

import pytest

from portal.config import ROOT, SettingError, Settings


def test_without_any_setting_the_defaults_are_embedded_and_on_loopback(tmp_path: Path) -> None:
    settings = Settings.from_environment({"PORTAL_STATE": str(tmp_path)})
    assert settings.base_url == "http://127.0.0.1:8000"
    assert settings.database_url == f"sqlite:///{tmp_path}/portal.sqlite"
    assert settings.elasticsearch is None
    assert not settings.demo
    assert not settings.secure


def test_the_secret_key_is_made_once_and_is_nobody_elses_to_read(tmp_path: Path) -> None:
    first, second = (Settings.from_environment({"PORTAL_STATE": str(tmp_path)}).secret_key for _ in range(2))
    assert first == second
    assert len(first) >= 48
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("PORT", "-1"),
        ("PORT", "65536"),
        ("PORT", "9" * 5000),
        ("PORTAL_DEMO", "maybe"),
        ("PORTAL_WORKER", "2"),
        ("PORTAL_BASE_URL", "tianjin.example"),
        ("PORTAL_BASE_URL", "https://tianjin.example/portal"),
        ("PORTAL_BASE_URL", "https://tianjin.example/#top"),
        ("PORTAL_BASE_URL", "https://[tianjin"),
        ("PORTAL_BASE_URL", "https://tianjin.example:port"),
        ("PORTAL_ELASTICSEARCH_URL", "localhost:9200"),
        ("PORTAL_ELASTICSEARCH_URL", "http://[localhost"),
        ("PORTAL_ELASTICSEARCH_SHARDS", "0"),
        ("PORTAL_REDIS_URL", "localhost:6379"),
        ("PORTAL_REDIS_URL", "redis://"),
        ("PORTAL_RATE_LIMIT", "-1"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, name: str, value: str) -> None:
    environ = {"PORTAL_STATE": str(tmp_path), "PORTAL_ELASTICSEARCH_URL": "http://127.0.0.1:9200", name: value}
    with pytest.raises(SettingError, match=name):
        Settings.from_environment(environ)


def test_a_state_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingError, match="PORTAL_STATE"):
        Settings.from_environment({"PORTAL_STATE": str(tmp_path / "file")})


def test_in_public_a_secret_key_is_required(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="PORTAL_SECRET_KEY"):
        Settings.from_environment({"PORTAL_STATE": str(tmp_path), "PORTAL_BASE_URL": "https://tianjin.example"})


def test_webhooks_may_go_to_private_addresses_in_a_demo_or_where_it_is_allowed(tmp_path: Path) -> None:
    def allowed(**environ: str) -> bool:
        return Settings.from_environment({"PORTAL_STATE": str(tmp_path), **environ}).webhooks_allow_private

    assert not allowed()
    assert allowed(PORTAL_DEMO="1")
    assert allowed(PORTAL_WEBHOOKS_ALLOW_PRIVATE="1")
    assert not allowed(PORTAL_DEMO="1", PORTAL_WEBHOOKS_ALLOW_PRIVATE="0")


def test_every_setting_is_documented() -> None:
    known = set(re.findall(r'"(PORTAL_[A-Z_]+|PORT)"', (ROOT / "portal/config.py").read_text()))
    documented = set(re.findall(r"`(PORTAL_[A-Z_]+|PORT)`", (ROOT / "docs/operators.md").read_text()))
    assert known == documented


def test_only_the_configuration_reads_the_environment() -> None:
    readers = [
        str(file.relative_to(ROOT))
        for package in ("portal", "search")
        for file in (ROOT / package).rglob("*.py")
        if re.search(r"os\.environ|getenv", file.read_text())
    ]
    assert readers == ["portal/config.py"]
