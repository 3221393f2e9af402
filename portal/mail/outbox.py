"""Letters leave with the transaction that asks for them, and are sent afterwards: nobody waits for a mail server."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection, delete, insert, select, update

from portal.database import Database
from portal.mail.tables import mails
from portal.mail.transports import FAILURES, Transport

log = structlog.get_logger()

PATIENCE = timedelta(minutes=2)
"""How long a process that took a letter has to send it; then another may."""
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720, 1440))
"""How long it is waited after each failure; after the last the letter is given up."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail to one person, as plain text. `language` is the one it is written in, `calendar` an .ics sent along."""

    recipient: str
    subject: str
    body: str
    language: str
    calendar: str | None = None


def enqueue(connection: Connection, letter: Letter, now: datetime) -> None:
    """Have a letter sent once the transaction has committed."""
    connection.execute(
        insert(mails).values(
            recipient=letter.recipient,
            subject=letter.subject[:300],
            body=letter.body,
            language=letter.language,
            calendar=letter.calendar,
            created_at=now,
            attempts=0,
            due_at=now,
        )
    )


def deliver(database: Database, transport: Transport, now: datetime) -> int:
    """Send what is due; return how many letters went. A letter is sent by one process at a time, and at least once."""
    sent = 0
    while (taken := _take(database, now)) is not None:
        identity, attempts, letter = taken
        try:
            transport.send(letter, identity, now)
        except FAILURES as error:
            log.warning("letter not sent", letter=identity, attempts=attempts + 1, reason=str(error))
            _put_back(database, identity, attempts, now)
            continue
        with database.write() as connection:
            connection.execute(delete(mails).where(mails.c.id == identity))
        sent += 1
    return sent


def _take(database: Database, now: datetime) -> tuple[int, int, Letter] | None:
    with database.read() as connection:
        row = connection.execute(select(mails).where(mails.c.due_at <= now).order_by(mails.c.id).limit(1)).first()
    if row is None:
        return None
    mine = update(mails).where(mails.c.id == row.id, mails.c.due_at == row.due_at).values(due_at=now + PATIENCE)
    with database.write() as connection:
        if connection.execute(mine).rowcount == 0:  # another process was quicker
            return None
    return row.id, row.attempts, Letter(row.recipient, row.subject, row.body, row.language, row.calendar)


def _put_back(database: Database, identity: int, attempts: int, now: datetime) -> None:
    due = now + WAITS[attempts] if attempts < len(WAITS) else None
    with database.write() as connection:
        connection.execute(update(mails).where(mails.c.id == identity).values(attempts=attempts + 1, due_at=due))
