"""Publishing a listing: killed at every step it is carried on, and nothing on the disk is lost."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from portal.accounts import people
from portal.database import Database
from portal.editing import disk, document, drafts, publishing, uploads
from portal.editing.drafts import DraftGone, Save
from portal.editing.publishing import DiskMoved, Edition, Publisher
from portal.editing.uploads import Upload
from tests import sample_content

NOW = datetime(2026, 7, 1, tzinfo=UTC)
WHEEL = "attractions/wheel"
CHANGES = {"facts/opening_hours": "Mo-Su 09:00-17:00", "en/name": "The Great Wheel", "zh-Hans/summary": "新。"}


@pytest.fixture
def content(tmp_path: Path) -> Path:
    return sample_content.write(tmp_path / "content")


@pytest.fixture
def person(database: Database) -> int:
    with database.write() as connection:
        return people.create(connection, NOW, people.NewPerson("li@example.com", "Li", "kept", "en"))


def edition(content: Path, person: int, changes: dict[str, Any] = CHANGES, draft: int | None = None) -> Edition:
    before = disk.read(content, WHEEL)
    return Edition(WHEEL, person, "", before, document.write(before, changes, "zh-Hans"), draft)


def killed(step: Callable[[], object]) -> int:
    """Run a step in a process of its own that may kill itself; return the signal it died of."""
    pid = os.fork()
    if pid == 0:
        try:
            step()
        finally:
            os._exit(0)
    return os.WTERMSIG(os.waitpid(pid, 0)[1])


def die_at(call: int, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function, killing the process at its n-th call from now on, counted from 0."""
    calls = iter(range(10**6))

    def counted(*args: Any, **kwargs: Any) -> Any:
        if next(calls) == call:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*args, **kwargs)

    return counted


@pytest.mark.parametrize("name", ["replace", "fsync", "open"])
@pytest.mark.parametrize("call", range(7))
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_killed_anywhere_it_is_the_old_or_the_new_and_is_carried_on(
    tmp_path: Path, content: Path, name: str, call: int
) -> None:
    url = f"sqlite:///{tmp_path / 'portal.sqlite'}"
    database = Database(url)
    database.upgrade()
    with database.write() as connection:
        person = people.create(connection, NOW, people.NewPerson("li@example.com", "Li", "kept", "en"))
    wanted = edition(content, person)
    database.close()

    def publish() -> None:
        setattr(os, name, die_at(call, getattr(os, name)))
        Publisher(Database(url), content, tmp_path / "state").publish(wanted, NOW)

    killed(publish)
    texts = disk.read(content, WHEEL)
    for file, text in texts.items():
        assert text in (wanted.before[file], wanted.after[file])
    database = Database(url)
    Publisher(database, content, tmp_path / "state").carry_on()
    published = publishing.history(database, WHEEL)
    assert disk.read(content, WHEEL) == (wanted.after if published else wanted.before)
    assert [file.name for file in (content / WHEEL).glob(".*")] == []
    database.close()


@pytest.mark.parametrize("name", ["replace", "fsync", "open", "unlink"])
@pytest.mark.parametrize("call", range(6))
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_killed_anywhere_no_page_names_a_picture_that_is_not_there(
    tmp_path: Path, content: Path, name: str, call: int
) -> None:
    url = f"sqlite:///{tmp_path / 'portal.sqlite'}"
    database = Database(url)
    database.upgrade()
    with database.write() as connection:
        person = people.create(connection, NOW, people.NewPerson("li@example.com", "Li", "kept", "en"))
        for upload in (Upload(person, WHEEL, "photo-1.jpg", b"old"), Upload(person, WHEEL, "photo-2.jpg", b"new")):
            uploads.keep(connection, NOW, upload)
    Publisher(database, content, tmp_path / "state").publish(edition(content, person, pictures("photo-1.jpg")), NOW)
    wanted = edition(content, person, pictures("photo-2.jpg"))
    database.close()

    def publish() -> None:
        setattr(os, name, die_at(call, getattr(os, name)))
        Publisher(Database(url), content, tmp_path / "state").publish(wanted, NOW)

    killed(publish)
    check_pictures(content)
    database = Database(url)
    Publisher(database, content, tmp_path / "state").carry_on()
    check_pictures(content)
    assert len(list((content / WHEEL).glob("photo-*"))) == 1
    assert [file.name for file in (content / WHEEL).glob(".*")] == []
    database.close()


def pictures(file: str) -> dict[str, Any]:
    image = {"file": file, "width": 800, "height": 600, "credit": "Li", "licence": "CC0-1.0"}
    return {"facts/images": [image], "zh-Hans/alt": {file: "轮"}, "en/alt": {file: "Wheel"}}


def check_pictures(content: Path) -> None:
    """Make sure that the picture that the facts name is there, and whole."""
    (image,) = document.read(disk.read(content, WHEEL))["facts/images"]
    expected = {"photo-1.jpg": b"old", "photo-2.jpg": b"new"}[image["file"]]
    assert (content / WHEEL / image["file"]).read_bytes() == expected


def test_pictures_reach_another_machine_and_leave_it(
    database: Database, content: Path, tmp_path: Path, person: int
) -> None:
    other = sample_content.write(tmp_path / "other")
    with database.write() as connection:
        uploads.keep(connection, NOW, Upload(person, WHEEL, "photo-1.jpg", b"old"))
        uploads.keep(connection, NOW, Upload(person, WHEEL, "photo-1.jpg", b"again"))
    before = disk.read(content, WHEEL)
    Publisher(database, content, tmp_path / "state").publish(edition(content, person, pictures("photo-1.jpg")), NOW)
    follower = Publisher(database, other, tmp_path / "state-of-other")
    follower.carry_on()
    assert (other / WHEEL / "photo-1.jpg").read_bytes() == b"old"
    back = Edition(WHEEL, person, "", disk.read(content, WHEEL), before)
    Publisher(database, content, tmp_path / "state").publish(back, NOW)
    follower.carry_on()
    for folder in (content, other):
        assert not (folder / WHEEL / "photo-1.jpg").exists()
        assert (folder / WHEEL / "wheel.svg").exists()
    assert uploads.find(database, WHEEL, "photo-1.jpg") == b"old"


def test_a_file_edited_on_disk_meanwhile_stops_a_publish(
    database: Database, content: Path, tmp_path: Path, person: int
) -> None:
    publisher = Publisher(database, content, tmp_path / "state")
    stale = edition(content, person)
    (content / WHEEL / "en.md").write_text(sample_content.text("Edited in git"))
    with pytest.raises(DiskMoved):
        publisher.publish(stale, NOW)
    assert publishing.history(database, WHEEL) == []


def test_another_machine_follows_and_leaves_alone_what_was_edited_there(
    database: Database, content: Path, tmp_path: Path, person: int
) -> None:
    other = sample_content.write(tmp_path / "other")
    third = sample_content.write(tmp_path / "third")
    (third / WHEEL / "en.md").write_text(sample_content.text("Edited there"))
    publisher = Publisher(database, content, tmp_path / "state")
    publisher.publish(edition(content, person), NOW)
    publisher.publish(edition(content, person, {"en/name": "The Greatest Wheel"}), NOW)
    Publisher(database, other, tmp_path / "state-of-other").carry_on()
    assert disk.read(other, WHEEL) == disk.read(content, WHEEL)
    Publisher(database, third, tmp_path / "state-of-third").carry_on()
    assert "Edited there" in disk.read(third, WHEEL)["en.md"]
    (left,) = publishing.conflicts(database)
    assert left.conflict == "en.md"


def test_two_people_on_one_draft_lose_nothing(database: Database, content: Path, person: int) -> None:
    texts = disk.read(content, WHEEL)
    with database.write() as connection:
        other = people.create(connection, NOW, people.NewPerson("han@example.com", "Han", "kept", "en"))
    first, _ = drafts.save(database, NOW, Save(person, WHEEL, 0, {"en/name": "A", "en/summary": "S"}), texts)
    second, merged = drafts.save(database, NOW, Save(other, WHEEL, 0, {"en/name": "B", "en/address": "C"}), texts)
    assert merged.conflicts == {"en/name": "A"}
    assert (second.fields["en/name"], second.fields["en/address"]) == ("A", "C")
    third, merged = drafts.save(database, NOW, Save(other, WHEEL, second.version, {"en/name": "B"}), texts)
    assert (third.fields["en/name"], merged.conflicts) == ("B", {})
    _, merged = drafts.save(
        database, NOW, Save(person, WHEEL, first.version, {"en/name": "A", "en/tips": ["T"]}), texts
    )
    assert merged.taken == {"en/tips": ["T"]}


def test_drafts_begun_at_once_become_one(database: Database, content: Path, person: int) -> None:
    texts = disk.read(content, WHEEL)

    def save(n: int) -> None:
        drafts.save(database, NOW, Save(person, WHEEL, 0, {f"en/field{n}": n}), texts)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(save, range(6)))
    fields = drafts.look(database, WHEEL, texts).fields
    assert [fields[f"en/field{n}"] for n in range(6)] == list(range(6))


def test_a_draft_is_brought_onto_what_changed_on_disk(database: Database, content: Path, person: int) -> None:
    texts = disk.read(content, WHEEL)
    drafts.save(database, NOW, Save(person, WHEEL, 0, {"en/name": "Mine", "en/summary": "Mine"}), texts)
    (content / WHEEL / "en.md").write_text(
        sample_content.text("Theirs").replace("Theirs in short", "The Wheel in short")
    )
    moved = drafts.rebase(database, NOW, WHEEL, disk.read(content, WHEEL))
    assert moved is not None
    assert (moved.fields["en/name"], moved.fields["en/summary"]) == ("Mine", "Mine")
    assert moved.conflicts == {"en/name": "Theirs"}
    settled, _ = drafts.save(database, NOW, Save(person, WHEEL, moved.version, {"en/name": "Both"}), moved.base)
    assert settled.conflicts == {}


def test_a_draft_changed_after_it_was_looked_at_is_not_published(
    database: Database, content: Path, tmp_path: Path, person: int
) -> None:
    texts = disk.read(content, WHEEL)
    seen, _ = drafts.save(database, NOW, Save(person, WHEEL, 0, {"en/name": "A"}), texts)
    drafts.save(database, NOW, Save(person, WHEEL, seen.version, {"en/name": "B"}), texts)
    publisher = Publisher(database, content, tmp_path / "state")
    with pytest.raises(DraftGone):
        publisher.publish(edition(content, person, {"en/name": "A"}, seen.version), NOW)
    newest = drafts.look(database, WHEEL, texts)
    publisher.publish(replace(edition(content, person, {"en/name": "B"}), draft=newest.version), NOW)
    assert drafts.look(database, WHEEL, texts).version == 0
