"""Following the disk goes on, whatever happens to it."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from portal.catalog import store
from portal.config import Settings
from portal.editing import follower
from portal.editing.follower import Follower
from portal.languages.model import Language
from portal.services import Services
from tests import sample_content

WHEEL = "attractions/wheel"
ENGLISH = Language("en", "English")


@pytest.fixture
def content(tmp_path: Path) -> Path:
    return sample_content.write(tmp_path / "content")


@pytest.fixture
def services(tmp_path: Path, content: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    """Services whose content is followed, with a short patience."""
    monkeypatch.setattr(follower, "RETRY_MS", 200)
    settings = Settings.from_environment({"PORTAL_STATE": str(tmp_path / "state")})
    services = Services(replace(settings, content=content))
    services.database.upgrade()
    services.intake().refresh()
    following = Follower(content, tmp_path / "state" / "follower.lock", services.intake)
    following.start()
    yield services
    following.stop()
    time.sleep(0.3)
    services.close()


def named(services: Services) -> str:
    listing = services.catalog.listing("attractions", "wheel", ENGLISH)
    return listing.text.name if listing else ""


def wait_until(condition: Callable[[], bool], seconds: float = 5.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def edit_shows(services: Services, content: Path, name: str) -> None:
    (content / WHEEL / "en.md").write_text(sample_content.text(name))
    wait_until(lambda: named(services) == name)


def test_an_edit_shows(services: Services, content: Path) -> None:
    edit_shows(services, content, "The Great Wheel")


def test_a_file_name_that_is_no_text_ends_nothing(services: Services, content: Path) -> None:
    Path(os.fsdecode(os.fsencode(content / WHEEL) + b"/\xd5\xd5.jpg")).touch()
    edit_shows(services, content, "The Great Wheel")


def test_a_content_folder_put_in_the_place_of_another_is_followed(services: Services, content: Path) -> None:
    edit_shows(services, content, "The Great Wheel")
    shutil.move(content, content.with_name("old"))
    time.sleep(0.5)
    assert named(services) == "The Great Wheel"  # without a folder nothing is taken away
    sample_content.write(content)
    wait_until(lambda: named(services) == "The Wheel")
    edit_shows(services, content, "The Greater Wheel")


def test_a_catalog_that_is_deleted_comes_back(services: Services, content: Path) -> None:
    file = store.path_in(services.settings.state)
    for part in file.parent.glob(f"{file.name}*"):
        part.unlink()
    wait_until(file.is_file)
    edit_shows(services, content, "The Great Wheel")


def test_an_edit_made_while_the_catalog_could_not_be_written_shows_later(
    services: Services, content: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = store.path_in(services.settings.state)
    edit_shows(services, content, "The Great Wheel")
    file.rename(file.with_suffix(".old"))
    file.mkdir()  # no database can be made here
    (content / WHEEL / "en.md").write_text(sample_content.text("The Greater Wheel"))
    time.sleep(0.5)
    file.rmdir()
    wait_until(lambda: named(services) == "The Greater Wheel")


def test_without_watches_an_edit_shows_after_the_next_scan_and_the_log_names_the_setting(
    tmp_path: Path, content: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def exhausted(*_args: object) -> None:
        raise OSError("OS file watch limit reached.")

    monkeypatch.setattr(follower, "RustNotify", exhausted)
    monkeypatch.setattr(follower, "SCAN_S", 0.2)
    settings = Settings.from_environment({"PORTAL_STATE": str(tmp_path / "state")})
    services = Services(replace(settings, content=content))
    services.database.upgrade()
    following = Follower(content, tmp_path / "state" / "follower.lock", services.intake)
    following.start()
    wait_until(store.path_in(services.settings.state).is_file)
    edit_shows(services, content, "The Great Wheel")
    following.stop()
    time.sleep(0.5)
    services.close()
    assert "fs.inotify.max_user_watches" in capsys.readouterr().out


def test_a_folder_moved_into_place_is_taken_in(services: Services, content: Path, tmp_path: Path) -> None:
    edit_shows(services, content, "The Great Wheel")
    shutil.move(content / WHEEL, tmp_path / "wheel")
    wait_until(lambda: named(services) == "")
    shutil.move(tmp_path / "wheel", content / WHEEL)
    wait_until(lambda: named(services) == "The Great Wheel")
