"""Jobs: written in the transaction that asks for them, taken by one worker at a time, done at least once.

One code path serves both databases: SQLite, which knows no SKIP LOCKED, has one writer at a time anyway.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, exists, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from portal.database import Database
from portal.jobs.tables import jobs

LEASE = timedelta(minutes=2)
"""How long who took a job has to finish it; then another worker may take it."""
PER_TARGET = 4
"""How many jobs of one target a worker does at the same time, so that a slow one keeps the others waiting less."""


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do. The payload is plain JSON.

    :ivar lane: jobs of a lane are done one after the other, in the order they were written.
    :ivar target: whom it burdens, such as a server that it calls.
    :ivar once: while a job of this name waits, another one is not written.
    """

    kind: str
    payload: dict[str, Any]
    lane: str | None = None
    target: str | None = None
    once: str | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """A job that somebody works on; `attempts` is how many failed before."""

    id: int
    kind: str
    payload: dict[str, Any]
    attempts: int
    lane: str | None
    target: str | None
    created_at: datetime


def enqueue(connection: Connection, job: Job, now: datetime, due: datetime | None = None) -> None:
    """Have a job done once the transaction has committed, and not before `due`."""
    values = {
        "kind": job.kind,
        "payload": job.payload,
        "lane": job.lane,
        "target": job.target,
        "once": job.once,
        "created_at": now,
        "attempts": 0,
        "due_at": due or now,
    }
    if job.once is None:
        connection.execute(insert(jobs).values(values))
        return
    # It locks the job that waits: were it taken meanwhile, it would be done before what this transaction changes.
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = make(jobs).values(values)
    kept = statement.on_conflict_do_update(index_elements=[jobs.c.once], set_={"due_at": jobs.c.due_at})
    connection.execute(kept)


def any_due(database: Database, kinds: Collection[str], now: datetime) -> bool:
    """Tell whether there is something to take; a look that keeps nobody waiting."""
    with database.read() as connection:
        return connection.execute(select(jobs.c.id).where(_due(kinds, now)).limit(1)).first() is not None


def take(
    connection: Connection, kinds: Collection[str], now: datetime, limit: int, busy: Collection[str] = ()
) -> list[Taken]:
    """Return jobs that are due; no other worker gets them until the transaction ends.

    :param busy: targets that have enough to do, named once for each of their jobs.
    """
    counts = Counter(busy)
    full = [target for target, count in counts.items() if count >= PER_TARGET]
    statement = select(jobs).where(_due(kinds, now)).order_by(jobs.c.due_at, jobs.c.id).limit(limit)
    if full:
        statement = statement.where(or_(jobs.c.target.is_(None), jobs.c.target.not_in(full)))
    rows = connection.execute(statement.with_for_update(skip_locked=True)).all()
    return [_taken(row) for row in _spread(rows, counts)]


def claim(
    database: Database, by: str, kinds: Collection[str], now: datetime, limit: int, busy: Collection[str] = ()
) -> list[Taken]:
    """Return jobs that are due; no other worker gets them for as long as `LEASE`. See `take`."""
    if not any_due(database, kinds, now):
        return []
    with database.write() as connection:
        found = take(connection, kinds, now, limit, busy)
        if found:
            mine = update(jobs).where(jobs.c.id.in_([job.id for job in found]))
            connection.execute(mine.values(due_at=now + LEASE, taken_by=by, once=None))
    return found


def finish(connection: Connection, job: Taken) -> None:
    """Forget a job that is done."""
    connection.execute(delete(jobs).where(jobs.c.id == job.id))


def try_again(connection: Connection, job: Taken, due: datetime, *, failed: bool = True) -> None:
    """Have a job done later, and none of its lane before it.

    :param failed: whether that counts as an attempt.
    """
    values = {"due_at": due, "attempts": job.attempts + failed, "taken_by": None}
    connection.execute(update(jobs).where(jobs.c.id == job.id).values(values))
    if job.lane is not None:  # else they would be looked at in vain each time
        later = and_(jobs.c.lane == job.lane, jobs.c.id > job.id, jobs.c.due_at < due)
        connection.execute(update(jobs).where(later).values(due_at=due))


def give_up(connection: Connection, job: Taken) -> None:
    """Keep a job that failed for good; what waits behind it in its lane goes on."""
    values = {"due_at": None, "attempts": job.attempts + 1, "taken_by": None, "lane": None, "once": None}
    connection.execute(update(jobs).where(jobs.c.id == job.id).values(values))


def release(database: Database, by: str, now: datetime) -> int:
    """Give back at once what a worker took that is known to have died; return how many jobs."""
    with database.write() as connection:
        statement = update(jobs).where(jobs.c.taken_by == by, jobs.c.due_at.is_not(None))
        return connection.execute(statement.values(taken_by=None, due_at=now)).rowcount


def hurry(connection: Connection, target: str, now: datetime) -> None:
    """Have all that waits for a target looked at now."""
    waiting = and_(jobs.c.target == target, jobs.c.due_at > now, jobs.c.taken_by.is_(None))
    connection.execute(update(jobs).where(waiting).values(due_at=now))


def _due(kinds: Collection[str], now: datetime) -> ColumnElement[bool]:
    earlier = jobs.alias("earlier")
    in_front = exists().where(earlier.c.lane == jobs.c.lane, earlier.c.id < jobs.c.id)
    return and_(jobs.c.kind.in_(kinds), jobs.c.due_at <= now, ~in_front)


def _spread(rows: Sequence[Row[Any]], counts: Counter[str]) -> Iterator[Row[Any]]:
    """Yield no more rows of a target than it may have."""
    for row in rows:
        if row.target is None or counts[row.target] < PER_TARGET:
            yield row
        if row.target is not None:
            counts[row.target] += 1


def _taken(row: Row[Any]) -> Taken:
    return Taken(row.id, row.kind, row.payload, row.attempts, row.lane, row.target, row.created_at)
