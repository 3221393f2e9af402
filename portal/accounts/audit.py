"""What was done, by whom, from where: rows that nothing changes afterwards, until they are too old to keep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, delete, func, insert, or_, select

from portal.accounts.model import Origin
from portal.accounts.tables import audit_log, people
from portal.database import Database


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was done. `mail` is None when nobody was signed in."""

    at: datetime
    mail: str | None
    action: str
    subject: str
    detail: str
    address: str


def record(
    connection: Connection,
    now: datetime,
    action: str,
    *,
    person: int | None = None,
    subject: str = "",
    detail: str = "",
    origin: Origin | None = None,
) -> None:
    """Note that something was done, in the transaction that does it."""
    values = {"person_id": person, "action": action, "subject": subject[:300], "detail": detail, "at": now}
    connection.execute(insert(audit_log).values(address=origin.address if origin else "", **values))


def latest(
    database: Database,
    words: str = "",
    actions: Sequence[str] = (),
    *,
    person: int | None = None,
    limit: int = 100,
    offset: int = 0,
) -> list[Entry]:
    """Return what was done last, newest first; of one person, or with some words in it, where asked.

    :param actions: those that fit the words too, since they are called so in the language of who searches.
    """
    statement = _fitting(select(audit_log, people.c.mail), words, actions).order_by(audit_log.c.id.desc())
    if person is not None:
        statement = statement.where(audit_log.c.person_id == person)
    with database.read() as connection:
        rows = connection.execute(statement.limit(limit).offset(offset)).all()
    return [Entry(row.at, row.mail, row.action, row.subject, row.detail, row.address) for row in rows]


def count(database: Database, words: str = "", actions: Sequence[str] = ()) -> int:
    """Return how many entries have some words in them, or are of some actions."""
    with database.read() as connection:
        return int(connection.execute(_fitting(select(func.count()), words, actions)).scalar_one())


def forget(database: Database, before: datetime) -> int:
    """Delete the entries of before some time; return how many they were."""
    with database.write() as connection:
        return int(connection.execute(delete(audit_log).where(audit_log.c.at < before)).rowcount)


def _fitting(statement: Select[Any], words: str, actions: Sequence[str]) -> Select[Any]:
    joined = statement.select_from(audit_log.outerjoin(people, people.c.id == audit_log.c.person_id))
    if not words:
        return joined
    searched = (people.c.mail, *(audit_log.c[name] for name in ("action", "subject", "detail", "address")))
    named = audit_log.c.action.in_(actions)
    return joined.where(or_(named, *(column.icontains(words, autoescape=True) for column in searched)))
