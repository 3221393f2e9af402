"""Letters leave with the transaction that asks for them, and are sent afterwards: nobody waits for a mail server."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from portal.jobs import queue
from portal.jobs.queue import Job, Taken
from portal.jobs.worker import DONE, Errand, Outcome
from portal.mail.transports import FAILURES, Transport

log = structlog.get_logger()

LETTER = "letter"
"""The kind of job that sends a letter. What was sent is deleted, since it may hold secrets."""
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
    queue.enqueue(connection, Job(LETTER, asdict(letter), target=LETTER), now)


def carrier(transport: Transport) -> Errand:
    """Return what sends a letter."""

    def send(job: Taken, now: datetime) -> Outcome:
        try:
            transport.send(Letter(**job.payload), job.id, now)
        except FAILURES as error:
            log.warning("letter not sent", letter=job.id, attempts=job.attempts + 1, reason=str(error))
            if job.attempts >= len(WAITS):
                return Outcome(given_up=True)
            return Outcome(again=now + WAITS[job.attempts])
        return DONE

    return send
