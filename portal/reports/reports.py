"""Mistakes that visitors report about a listing, until somebody has settled them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, insert, select, update

from portal.database import Database
from portal.reports.tables import reports

MOST_OPEN = 50
"""Reports of a listing that wait at a time: more would only bury them."""
LONGEST_MESSAGE = 2000


class Subject(StrEnum):
    """What is wrong."""

    CLOSED = "closed"
    HOURS = "hours"
    ADDRESS = "address"
    TEXT = "text"
    OTHER = "other"


class TooManyReports(Exception):
    """So many reports of this listing wait already that no more are taken."""


@dataclass(frozen=True, slots=True)
class Report:
    """A mistake as a visitor describes it. `language` is the one the page was read in."""

    listing: str
    language: str
    subject: Subject
    message: str
    email: str | None = None
    id: int = 0
    created_at: datetime | None = None


def submit(database: Database, report: Report, now: datetime) -> None:
    """Keep a report.

    :raises TooManyReports: when enough of them wait for this listing.
    """
    waiting = select(func.count()).where(reports.c.listing == report.listing, reports.c.settled_at.is_(None))
    with database.write() as connection:
        if connection.execute(waiting).scalar_one() >= MOST_OPEN:
            raise TooManyReports(report.listing)
        connection.execute(
            insert(reports).values(
                listing=report.listing,
                language=report.language,
                subject=report.subject.value,
                message=report.message,
                email=report.email,
                created_at=now,
            )
        )


def waiting(database: Database) -> list[Report]:
    """Return the reports nobody has settled, oldest first."""
    statement = select(reports).where(reports.c.settled_at.is_(None)).order_by(reports.c.created_at, reports.c.id)
    with database.read() as connection:
        rows = connection.execute(statement).all()
    return [
        Report(
            id=row.id,
            listing=row.listing,
            language=row.language,
            subject=Subject(row.subject),
            message=row.message,
            email=row.email,
            created_at=row.created_at,
        )
        for row in rows
    ]


def settle(database: Database, identity: int, now: datetime) -> bool:
    """Mark a report as settled; tell whether there was one that waited."""
    statement = update(reports).where(reports.c.id == identity, reports.c.settled_at.is_(None))
    with database.write() as connection:
        return connection.execute(statement.values(settled_at=now)).rowcount == 1
