"""What was done, by whom, from where: rows that nothing changes afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

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


def latest(database: Database, *, person: int | None = None, limit: int = 100) -> list[Entry]:
    """Return what was done last, newest first; of one person where asked."""
    statement = (
        select(audit_log, people.c.mail)
        .select_from(audit_log.outerjoin(people, people.c.id == audit_log.c.person_id))
        .order_by(audit_log.c.id.desc())
        .limit(limit)
    )
    if person is not None:
        statement = statement.where(audit_log.c.person_id == person)
    with database.read() as connection:
        rows = connection.execute(statement).all()
    return [Entry(row.at, row.mail, row.action, row.subject, row.detail, row.address) for row in rows]
