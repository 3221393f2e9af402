"""Publishing: a revision in the database first, then the files; what a crash interrupts is carried on.

Pictures are on disk before the listing.yaml that names them, and leave it after.

Revisions are numbered in one sequence. Each machine notes how far it has come and follows; a file is replaced only
while it holds what some version of the listing held, so that an edit made on disk is never lost.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import Connection, Row, func, insert, select, update

from portal.accounts import audit
from portal.accounts.tables import people
from portal.database import Database
from portal.editing import disk, drafts, uploads
from portal.editing.document import FACTS_FILE, Files
from portal.editing.tables import revisions

authors = people.alias("authors")
log = structlog.get_logger()


class DiskMoved(Exception):
    """The files on disk are not those the change was made to."""


@dataclass(frozen=True)
class Revision:
    """A published version, by whom and, where it is known, who wrote it; `conflict` tells why a machine left its
    files alone."""

    id: int
    listing: str
    person: str
    at: datetime
    note: str
    before: Files
    after: Files
    conflict: str | None = None
    author: str | None = None


@dataclass(frozen=True)
class Edition:
    """What is to be published: files before and after, by whom.

    `draft` is the version of the draft that it ends, `author` who saved that last.
    """

    listing: str
    person: int
    note: str
    before: Files
    after: Files
    draft: int | None = None
    author: int | None = None


class Publisher:
    """Publishes on one machine.

    :param state: where it is noted how far this machine has come.
    """

    def __init__(self, database: Database, content: Path, state: Path) -> None:
        self._database = database
        self._content = content
        self._lock = state / "publishing.lock"
        self._mark = state / "published"

    def publish(self, edition: Edition, now: datetime) -> int:
        """Publish and return the revision's number. Once it is returned, nothing can undo it but another revision.

        :raises DiskMoved: when the files on disk changed meanwhile; nothing is published then.
        :raises DraftGone: when the draft did.
        """
        with disk.alone(self._lock):
            self._follow()
            if disk.read(self._content, edition.listing) != dict(edition.before):
                raise DiskMoved(edition.listing)
            with self._database.write() as connection:
                _one_by_one(connection)
                if edition.draft is not None:
                    drafts.discard(connection, edition.listing, edition.draft)
                number = _insert(connection, edition, now)
            self._follow()
        return number

    def carry_on(self) -> None:
        """Write what was published and is not on this machine yet: after a crash, or on another machine."""
        if self._newest() > self._done():
            with disk.alone(self._lock):
                self._follow()

    def _follow(self) -> None:
        with self._database.read() as connection:
            rows = connection.execute(select(revisions).where(revisions.c.id > self._done()).order_by(revisions.c.id))
            due = rows.all()
        for listing in dict.fromkeys(row.listing for row in due):
            self._write(listing, [row for row in due if row.listing == listing])
        if due:
            self._note(due[-1].id)

    def _write(self, listing: str, due: Sequence[Row[Any]]) -> None:
        """Write what revisions of a listing changed, the last word of each file, unless the disk holds what is new."""
        texts = disk.read(self._content, listing)
        wanted: dict[str, str] = {}
        for row in due:
            wanted |= {name: text for name, text in row.after.items() if text != row.before.get(name)}
        known = _known(self._database, listing, wanted)
        strange = [name for name in wanted if name in texts and texts[name] not in known[name]]
        if strange:
            log.error("published version not written: the disk holds another", listing=listing, files=strange)
            with self._database.write() as connection:
                newest = update(revisions).where(revisions.c.id == due[-1].id)
                connection.execute(newest.values(conflict=", ".join(strange)))
            return
        facts = wanted.get(FACTS_FILE)
        if facts is not None:
            uploads.bring(self._database, self._content, listing, facts)
        for name, text in wanted.items():
            if texts.get(name) != text:
                disk.write(self._content, listing, name, text)
        if facts is not None:
            uploads.clear(self._database, self._content, listing, facts)

    def _newest(self) -> int:
        with self._database.read() as connection:
            return int(connection.execute(select(func.max(revisions.c.id))).scalar() or 0)

    def _done(self) -> int:
        try:
            return int(self._mark.read_text())
        except (OSError, ValueError):
            return 0

    def _note(self, number: int) -> None:
        draft = self._mark.with_name(f"{self._mark.name}.part")
        draft.write_text(str(number))
        os.replace(draft, self._mark)


def history(database: Database, listing: str) -> list[Revision]:
    """Return what was published of a listing, newest first."""
    statement = _statement().where(revisions.c.listing == listing).order_by(revisions.c.id.desc())
    with database.read() as connection:
        return [_revision(row) for row in connection.execute(statement)]


def find(database: Database, listing: str, number: int) -> Revision | None:
    """Return one revision of a listing."""
    with database.read() as connection:
        statement = _statement().where(revisions.c.id == number, revisions.c.listing == listing)
        row = connection.execute(statement).first()
    return None if row is None else _revision(row)


def conflicts(database: Database) -> list[Revision]:
    """Return the newest revision of each listing where a machine left its files alone."""
    newest = select(func.max(revisions.c.id)).group_by(revisions.c.listing)
    statement = _statement().where(revisions.c.id.in_(newest), revisions.c.conflict.is_not(None))
    with database.read() as connection:
        return [_revision(row) for row in connection.execute(statement.order_by(revisions.c.id))]


def _one_by_one(connection: Connection) -> None:
    """Have revisions commit in the order of their numbers, or a machine could pass over one that commits late."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("LOCK TABLE revisions IN EXCLUSIVE MODE")


def _insert(connection: Connection, edition: Edition, now: datetime) -> int:
    values = {
        "listing": edition.listing,
        "person_id": edition.person,
        "author_id": edition.author,
        "at": now,
        "note": edition.note,
        "before": dict(edition.before),
        "after": dict(edition.after),
    }
    number = connection.execute(insert(revisions).values(values).returning(revisions.c.id)).scalar_one()
    detail = f"revision {number}"
    audit.record(connection, now, "published", person=edition.person, subject=edition.listing, detail=detail)
    return int(number)


def _known(database: Database, listing: str, names: Iterable[str]) -> dict[str, set[str]]:
    """Return for each file every text that some version of the listing had."""
    known: dict[str, set[str]] = {name: set() for name in names}
    with database.read() as connection:
        rows = connection.execute(select(revisions.c.before, revisions.c.after).where(revisions.c.listing == listing))
        for texts in _sides(rows.all()):
            for name in known.keys() & texts.keys():
                known[name].add(texts[name])
    return known


def _sides(rows: Iterable[Any]) -> Iterator[Files]:
    for row in rows:
        yield from (row.before, row.after)


def _statement() -> Any:
    published_by = revisions.join(people, people.c.id == revisions.c.person_id)
    both = published_by.outerjoin(authors, authors.c.id == revisions.c.author_id)
    return select(revisions, people.c.mail, authors.c.mail.label("author")).select_from(both)


def _revision(row: Row[Any]) -> Revision:
    return Revision(row.id, row.listing, row.mail, row.at, row.note, row.before, row.after, row.conflict, row.author)
