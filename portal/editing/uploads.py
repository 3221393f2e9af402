"""The pictures that were uploaded for listings: kept for drafts and for the history, put on disk when published."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, select

from portal.catalog.problems import ContentError
from portal.database import Database, insert_new
from portal.editing import disk, document
from portal.editing.document import FACTS_FILE, Fields
from portal.editing.tables import draft_saves, drafts, pictures, revisions

KEPT_UNUSED = timedelta(days=2)
"""How long a picture stays that no draft and no version names: somebody may be about to save it."""


@dataclass(frozen=True)
class Upload:
    """A picture somebody puts into a listing, under the name it will have there."""

    person: int
    listing: str
    file: str
    data: bytes


def keep(connection: Connection, now: datetime, upload: Upload) -> None:
    """Keep a picture; the same one once more changes nothing. Those of the listing that nobody needs any more go."""
    values = {"listing": upload.listing, "file": upload.file, "data": upload.data, "person_id": upload.person}
    insert_new(connection, pictures, {**values, "at": now})
    of_listing = pictures.c.listing == upload.listing
    old = select(pictures.c.file).where(of_listing, pictures.c.at < now - KEPT_UNUSED)
    unused = set(connection.execute(old).scalars())
    for memory in _memories(connection, upload.listing) if unused else ():
        unused = {file for file in unused if file not in memory}
    if unused:
        connection.execute(delete(pictures).where(of_listing, pictures.c.file.in_(unused)))


def names(database: Database, listing: str) -> frozenset[str]:
    """Return the names of the pictures that are kept for a listing."""
    with database.read() as connection:
        rows = connection.execute(select(pictures.c.file).where(pictures.c.listing == listing))
        return frozenset(file for (file,) in rows)


def find(database: Database, listing: str, file: str) -> bytes | None:
    """Return a picture that was uploaded for a listing."""
    wanted = select(pictures.c.data).where(pictures.c.listing == listing, pictures.c.file == file)
    with database.read() as connection:
        data: bytes | None = connection.execute(wanted).scalar()
    return data


def bring(database: Database, content: Path, listing: str, facts: str) -> None:
    """Put the uploaded pictures that a listing.yaml names on disk; call it before that file is written."""
    wanted = _named_in(facts) & names(database, listing)
    for file in sorted(wanted):
        if not (content / listing / file).exists():
            data = find(database, listing, file)
            if data is not None:
                disk.write(content, listing, file, data)


def clear(database: Database, content: Path, listing: str, facts: str) -> None:
    """Take uploaded pictures off the disk that a listing.yaml names no more; the history still has them."""
    for file in sorted(names(database, listing) - _named_in(facts)):
        (content / listing / file).unlink(missing_ok=True)


def _named_in(facts: str) -> frozenset[str]:
    try:
        fields = document.read({FACTS_FILE: facts})
    except ContentError:
        return frozenset()
    return frozenset(_named(fields))


def _named(fields: Fields) -> Iterator[str]:
    yield from (str(image.get("file")) for image in images_of(fields))
    yield str(fields.get("facts/share_image"))


def images_of(fields: Fields) -> list[dict[str, Any]]:
    """Return a listing's pictures in order; what is no picture in a file somebody broke is passed over."""
    found = fields.get("facts/images")
    return [image for image in found if isinstance(image, dict)] if isinstance(found, list) else []


def _memories(connection: Connection, listing: str) -> Iterator[str]:
    """Yield all that may be published, or published again, as text."""
    for table, column in (
        (drafts, drafts.c.base),
        (drafts, drafts.c.changes),
        (draft_saves, draft_saves.c.fields),
        (revisions, revisions.c.before),
        (revisions, revisions.c.after),
    ):
        for value in connection.execute(select(column).where(table.c.listing == listing)).scalars():
            yield str(value)
