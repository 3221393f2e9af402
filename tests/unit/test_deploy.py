"""What deploy/ says fits what it starts."""

from __future__ import annotations

from importlib.metadata import version
from inspect import getsource
from typing import Any

from ruamel.yaml import YAML

from portal import config
from portal.config import ROOT

DEPLOY = ROOT / "deploy"


def services() -> dict[str, Any]:
    read: dict[str, Any] = YAML(typ="safe").load(DEPLOY / "compose.yaml")["services"]
    return read


def test_every_setting_of_the_compose_file_is_one_of_the_portals() -> None:
    names = [name for name in services()["portal"]["environment"] if name.startswith("PORTAL_")]
    assert names
    assert [name for name in names if f'"{name}"' not in getsource(config)] == []


def test_nginx_in_a_container_finds_the_portal_and_the_page_for_when_it_is_down() -> None:
    nginx = (DEPLOY / "nginx.conf").read_text()
    assert nginx.count("127.0.0.1:8000") == 1
    page = next(volume for volume in services()["nginx"]["volumes"] if "unavailable" in volume)
    assert f"alias {page.split(':')[1]};" in nginx


def test_elasticsearch_is_of_the_clients_version() -> None:
    image = services()["elasticsearch"]["image"]
    assert image.split(":")[1].split(".")[:2] == version("elasticsearch").split(".")[:2]
