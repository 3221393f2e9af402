"""Drafts: one a listing, saved by several people without losing anybody's words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from portal.accounts.tables import people
from portal.database import Database, insert_new
from portal.editing import document
from portal.editing.document import Fields, Files
from portal.editing.merge import Merged, three_way
from portal.editing.tables import draft_saves, drafts

KEPT_SAVES = 300
"""How many states back a form may be that still sends its changes: an hour of somebody typing, saved as they do."""


class DraftState(StrEnum):
    """Where a draft stands."""

    OPEN = "open"
    WAITING = "waiting"
    RETURNED = "returned"


class DraftGone(Exception):
    """The draft was published or thrown away meanwhile, or changed since it was looked at."""


@dataclass(frozen=True)
class Draft:
    """A listing's draft; version 0 is none yet. `conflicts` are fields that the disk changed too, with its value.

    `comment` is what the sender of a draft that waits says of it, else what a moderator said who returned it. `person`
    and `author` are the mail address and the id of whoever saved it last.
    """

    listing: str
    version: int
    state: DraftState
    base: Files
    changes: Fields = field(default_factory=dict)
    conflicts: Fields = field(default_factory=dict)
    comment: str = ""
    person: str = ""
    author: int | None = None
    updated_at: datetime | None = None
    sent_at: datetime | None = None

    @property
    def fields(self) -> dict[str, Any]:
        """The listing's fields as the draft has them."""
        return document.changed(document.read(self.base), self.changes)


@dataclass(frozen=True)
class Save:
    """What somebody sends: `values` are the fields of their form, `version` the state it showed."""

    person: int
    listing: str
    version: int
    values: Fields


def look(database: Database, listing: str, disk: Files) -> Draft:
    """Return the listing's draft, or what one would begin with."""
    with database.read() as connection:
        return _find(connection, listing) or Draft(listing, 0, DraftState.OPEN, disk)


def waiting(database: Database) -> list[Draft]:
    """Return the drafts that wait for a review, the one that waits longest first."""
    statement = _statement().where(drafts.c.state == DraftState.WAITING.value).order_by(drafts.c.sent_at)
    with database.read() as connection:
        return [_draft(row) for row in connection.execute(statement)]


def states_of(database: Database, listings: list[str]) -> dict[str, DraftState]:
    """Return the state of each draft there is of some listings."""
    statement = select(drafts.c.listing, drafts.c.state).where(drafts.c.listing.in_(listings))
    with database.read() as connection:
        return {row.listing: DraftState(row.state) for row in connection.execute(statement)}


def save(database: Database, now: datetime, sent: Save, disk: Files) -> tuple[Draft, Merged]:
    """Take somebody's changes into the draft; return it, and the fields somebody else changed meanwhile.

    Those are left as the other has them: sent again with the new version, the words of whoever saw both stand. A draft
    that waited for a review waits no longer once something changed.

    :raises DraftGone: when the state the form showed is not known any more.
    """
    begun_from = document.read(disk)
    with database.write() as connection:
        if sent.version == 0 and not three_way(begun_from, begun_from, sent.values).taken:
            return _find(connection, sent.listing) or Draft(sent.listing, 0, DraftState.OPEN, disk), Merged()
        draft = _begun(connection, now, sent, disk)
        ancestor = _ancestor(connection, draft, sent.version)
        merged = three_way(ancestor, draft.fields, sent.values)
        settled = {key: value for key, value in draft.conflicts.items() if key not in sent.values}
        if merged.taken or settled != draft.conflicts:
            draft = _store(connection, now, draft, sent.person, {**draft.changes, **merged.taken}, settled)
    return draft, merged


def rebase(database: Database, now: datetime, listing: str, disk: Files) -> Draft | None:
    """Bring a draft onto files that changed on disk since it was begun; return it, None when there is none.

    What both sides changed stays as the draft has it, and is noted as a conflict that somebody has to look at.
    """
    with database.write() as connection:
        draft = _find(connection, listing, lock=True)
        if draft is None or draft.base == disk:
            return draft
        merged = three_way(document.read(draft.base), document.read(disk), draft.changes)
        kept = {key: draft.changes[key] for key in (*merged.taken, *merged.conflicts)}
        connection.execute(update(drafts).where(drafts.c.listing == listing).values(base=dict(disk)))
        moved = Draft(listing, draft.version, draft.state, disk, kept, draft.conflicts)
        conflicts = {key: value for key, value in draft.conflicts.items() if key in kept} | merged.conflicts
        _store(connection, now, moved, None, kept, conflicts)
        return _find(connection, listing)


def send(database: Database, now: datetime, listing: str, version: int, note: str = "") -> Draft:
    """Have a draft wait for a review, with a word on why.

    :raises DraftGone: when it is not the one that was looked at.
    """
    return _move(database, listing, version, {"state": DraftState.WAITING.value, "sent_at": now, "comment": note})


def give_back(database: Database, listing: str, version: int, comment: str) -> Draft:
    """Return a draft that waits, with a comment.

    :raises DraftGone: when it is not the one that was looked at.
    """
    return _move(database, listing, version, {"state": DraftState.RETURNED.value, "comment": comment})


def discard(connection: Connection, listing: str, version: int) -> None:
    """Take a draft away, because it is published or given up.

    :raises DraftGone: when it is not the one that was looked at.
    """
    connection.execute(delete(draft_saves).where(draft_saves.c.listing == listing))
    gone = delete(drafts).where(drafts.c.listing == listing, drafts.c.version == version)
    if connection.execute(gone).rowcount == 0:
        raise DraftGone(listing)


def _move(database: Database, listing: str, version: int, values: Fields) -> Draft:
    mine = update(drafts).where(drafts.c.listing == listing, drafts.c.version == version)
    with database.write() as connection:
        if connection.execute(mine.values(values)).rowcount == 0:
            raise DraftGone(listing)
        draft = _find(connection, listing)
    if draft is None:
        raise DraftGone(listing)
    return draft


def _begun(connection: Connection, now: datetime, sent: Save, disk: Files) -> Draft:
    """Return the draft, made when there is none."""
    values = {
        "listing": sent.listing,
        "version": 1,
        "state": DraftState.OPEN.value,
        "base": dict(disk),
        "changes": {},
        "conflicts": {},
        "comment": "",
        "person_id": sent.person,
        "updated_at": now,
    }
    if sent.version == 0 and insert_new(connection, drafts, values) is not None:
        _keep(connection, now, sent.listing, 1, document.read(disk), sent.person)
    draft = _find(connection, sent.listing, lock=True)
    if draft is None:
        raise DraftGone(sent.listing)
    return draft


def _ancestor(connection: Connection, draft: Draft, version: int) -> Fields:
    """Return the fields a form showed that is of a version of the draft."""
    if version == 0:
        return document.read(draft.base)
    kept = select(draft_saves.c.fields).where(draft_saves.c.listing == draft.listing, draft_saves.c.version == version)
    fields: Fields | None = connection.execute(kept).scalar()
    if fields is None:
        raise DraftGone(draft.listing)
    return fields


def _store(
    connection: Connection, now: datetime, draft: Draft, person: int | None, changes: Fields, conflicts: Fields
) -> Draft:
    base = document.read(draft.base)
    real = {key: value for key, value in changes.items() if base.get(key) != value}
    values: dict[str, Any] = {"changes": real, "conflicts": dict(conflicts), "version": draft.version + 1}
    if person is not None:
        said = "" if draft.state is DraftState.WAITING else draft.comment
        values |= {"person_id": person, "updated_at": now, "state": DraftState.OPEN.value, "comment": said}
    mine = update(drafts).where(drafts.c.listing == draft.listing).returning(drafts.c.person_id)
    saver = connection.execute(mine.values(values)).scalar_one()
    _keep(connection, now, draft.listing, draft.version + 1, document.changed(base, real), saver)
    stored = _find(connection, draft.listing)
    if stored is None:
        raise DraftGone(draft.listing)
    return stored


def _keep(connection: Connection, now: datetime, listing: str, version: int, fields: Fields, person: int) -> None:
    values = {"listing": listing, "version": version, "fields": dict(fields), "person_id": person, "at": now}
    connection.execute(insert(draft_saves).values(values))
    old = delete(draft_saves).where(draft_saves.c.listing == listing, draft_saves.c.version <= version - KEPT_SAVES)
    connection.execute(old)


def _statement() -> Any:
    return select(drafts, people.c.mail).join(people)


def _find(connection: Connection, listing: str, *, lock: bool = False) -> Draft | None:
    statement = _statement().where(drafts.c.listing == listing)
    row = connection.execute(statement.with_for_update(of=drafts) if lock else statement).first()
    return None if row is None else _draft(row)


def _draft(row: Row[Any]) -> Draft:
    return Draft(
        listing=row.listing,
        version=row.version,
        state=DraftState(row.state),
        base=row.base,
        changes=row.changes,
        conflicts=row.conflicts,
        comment=row.comment,
        person=row.mail,
        author=row.person_id,
        updated_at=row.updated_at,
        sent_at=row.sent_at,
    )
