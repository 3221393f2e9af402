"""The log of deliveries: to search, and to replay from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, and_, delete, or_, select, update

from portal.database import Database
from portal.jobs import queue
from portal.jobs.queue import Job, Taken
from portal.outbox.tables import webhook_endpoints
from portal.webhooks import endpoints, fanout, payloads
from portal.webhooks.model import PING, Busy, Delivery, Endpoint, Failure, NoSuchDelivery, Reach, State, Try
from portal.webhooks.tables import webhook_deliveries as table

PAGE = 50
KEPT = timedelta(days=30)
"""How long a delivery can be looked up and replayed."""
TIDY = Job("tidy webhooks", {}, once="tidy webhooks")
"""Has older ones forgotten, once a day."""
DAILY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which deliveries; every part that is given must match.

    :ivar type: an event's type, or the first words of one.
    :ivar words: a booking's uuid, another subject, or the id of a message.
    :ivar before: only those with a smaller number, to page on.
    """

    endpoint: UUID | None = None
    state: State | None = None
    type: str | None = None
    words: str | None = None
    before: int | None = None


def search(database: Database, reach: Reach, wanted: Filter = Filter(), limit: int = PAGE) -> list[Delivery]:
    """Return the deliveries somebody reaches, the newest first."""
    statement = _mine(reach).order_by(table.c.id.desc()).limit(limit)
    if wanted.endpoint is not None:
        statement = statement.where(table.c.endpoint_id == wanted.endpoint)
    if wanted.state is not None:
        statement = statement.where(table.c.state == wanted.state)
    if wanted.type:
        statement = statement.where(table.c.type.startswith(wanted.type, autoescape=True))
    if wanted.words:
        statement = statement.where(or_(table.c.subject == wanted.words, table.c.message == wanted.words))
    if wanted.before is not None:
        statement = statement.where(table.c.id < wanted.before)
    with database.read() as connection:
        return [_delivery(row) for row in connection.execute(statement)]


def get(database: Database, reach: Reach, number: int) -> Delivery:
    """Return one delivery.

    :raises NoSuchDelivery: there is none of that number in reach.
    """
    with database.read() as connection:
        return _delivery(_find(connection, reach, number))


def replay(database: Database, reach: Reach, number: int, now: datetime) -> None:
    """Have a message delivered again under the same id; one that waits is tried at once.

    :raises NoSuchDelivery: there is none of that number in reach.
    :raises Busy: the endpoint is switched off.
    """
    with database.write() as connection:
        _replay(connection, _find(connection, reach, number, lock=True), now)


def replay_dead(database: Database, reach: Reach, endpoint: UUID, now: datetime) -> int:
    """Have all that was given up for an endpoint delivered again, in the order it happened; return how many.

    :raises WebhookError: there is no such endpoint (NoSuchEndpoint), or it is switched off (Busy).
    """
    with database.write() as connection:
        to = endpoints.find(connection, reach, endpoint)
        dead = and_(table.c.endpoint_id == endpoint, table.c.state == State.DEAD)
        rows = connection.execute(_mine(reach).where(dead).order_by(table.c.id).with_for_update(of=table)).all()
        _check_on(to)
        for row in rows:
            _replay(connection, row, now)
    return len(rows)


def ping(database: Database, reach: Reach, endpoint: UUID, now: datetime) -> int:
    """Have a message sent that only tries whether an endpoint answers; return the number of the delivery.

    :raises WebhookError: there is no such endpoint (NoSuchEndpoint), or it is switched off (Busy).
    """
    with database.write() as connection:
        to = endpoints.find(connection, reach, endpoint)
        _check_on(to)
        return fanout.send(connection, to, fanout.new_id(), PING, "ping", payloads.ping(now), now)


def tidy(connection: Connection, _job: Taken, now: datetime) -> datetime:
    """Forget what is too old; return when to do so again. What still waits is younger."""
    old = and_(table.c.created_at < now - KEPT, table.c.state != State.WAITING)
    connection.execute(delete(table).where(old))
    return now + DAILY


def _replay(connection: Connection, row: Row[Any], now: datetime) -> None:
    to = endpoints.find_any(connection, row.endpoint_id)
    _check_on(to)
    if row.state == State.WAITING:
        queue.hurry(connection, str(to.id), now)
        return
    again = update(table).where(table.c.id == row.id).values(state=State.WAITING, next_at=now, delivered_at=None)
    connection.execute(again)
    queue.enqueue(connection, fanout.job_of(row.id, to, row.subject), now)


def _check_on(to: Endpoint) -> None:
    if to.disabled_at is not None:
        raise Busy("endpoint", "it is switched off; switch it on first")


def _mine(reach: Reach) -> Select[Any]:
    joined = select(table, webhook_endpoints.c.url).join(webhook_endpoints)
    return joined.where(endpoints.reached(reach))


def _find(connection: Connection, reach: Reach, number: int, *, lock: bool = False) -> Row[Any]:
    statement = _mine(reach).where(table.c.id == number)
    row = connection.execute(statement.with_for_update(of=table) if lock else statement).first()
    if row is None:
        raise NoSuchDelivery("delivery", f"there is no {number}")
    return row


def _delivery(row: Row[Any]) -> Delivery:
    tries = tuple(_try(one) for one in row.tries)
    return Delivery(
        id=row.id,
        endpoint=row.endpoint_id,
        url=row.url,
        message=row.message,
        type=row.type,
        subject=row.subject,
        body=row.body,
        state=State(row.state),
        tries=tries,
        created_at=row.created_at,
        next_at=row.next_at,
        delivered_at=row.delivered_at,
    )


def _try(kept: Mapping[str, Any]) -> Try:
    error = kept["error"]
    return Try(datetime.fromisoformat(kept["at"]), kept["status"], Failure(error) if error else None, kept["ms"])
