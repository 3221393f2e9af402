"""Delivering: what follows from each answer of an endpoint."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection, Row, select, update

from portal.database import Database
from portal.jobs.queue import Taken
from portal.jobs.worker import DONE, Outcome
from portal.outbox.tables import webhook_endpoints
from portal.sealing.seal import Seal, Unopenable
from portal.webhooks import endpoints, schedule, signing
from portal.webhooks.model import Endpoint, State, Try, Why
from portal.webhooks.sending import Answer, Sender
from portal.webhooks.tables import webhook_deliveries as table

log = structlog.get_logger()
GONE = 410
LOCKED = timedelta(minutes=1)
"""How long a message waits while its endpoint's secret cannot be opened."""
Write = Callable[[Connection], None]


class Courier:
    """Delivers messages; the errand of the worker."""

    def __init__(self, database: Database, sender: Sender, seal: Seal) -> None:
        self._database = database
        self._sender = sender
        self._seal = seal

    def deliver(self, job: Taken, now: datetime) -> Outcome:
        """Send a message once and return what is to become of it."""
        found = self._find(job.payload["delivery"])
        if found is None:  # the endpoint was removed
            return DONE
        row, to = found
        if to.disabled_at is not None:
            return Outcome(note=_noted(row, state=State.DEAD, next_at=None))
        if to.paused_until is not None and to.paused_until > now:
            return Outcome(again=to.paused_until, failed=False, note=_noted(row, next_at=to.paused_until))
        secrets = self._secrets(to, now)
        if not secrets:  # a failure of ours, not the partner's: it does not count as an attempt
            return Outcome(again=now + LOCKED, failed=False, note=_noted(row, next_at=now + LOCKED))
        signed = signing.headers(row.message, row.body, now, secrets)
        answer = self._sender.post(to.url, {**to.headers, **signed}, row.body)
        tries = [*row.tries, _plain(Try(now, answer.status, answer.error, answer.ms))]
        if answer.taken:
            return Outcome(note=_noted(row, state=State.DELIVERED, tries=tries, delivered_at=now, next_at=None))
        log.info("webhook not taken", endpoint=str(to.id), message=row.message, status=answer.status, why=answer.error)
        return _failed(job, row, to, answer, tries, now)

    def _secrets(self, to: Endpoint, now: datetime) -> list[str]:
        """Return the secrets in force; one that was sealed with another key is passed over, and told to operators."""
        opened = []
        for one in to.secrets:
            if one.until is None or one.until > now:
                try:
                    opened.append(self._seal.open(one.sealed))
                except Unopenable as error:
                    log.error("secret of a webhook cannot be opened", endpoint=str(to.id), reason=str(error))
        return opened

    def _find(self, number: int) -> tuple[Row[Any], Endpoint] | None:
        with self._database.read() as connection:
            row = connection.execute(select(table).where(table.c.id == number)).first()
            if row is None:
                return None
            return row, endpoints.find_any(connection, row.endpoint_id)


def _failed(job: Taken, row: Row[Any], to: Endpoint, answer: Answer, tries: list[Any], now: datetime) -> Outcome:
    dead = _noted(row, state=State.DEAD, tries=tries, next_at=None)
    if answer.status == GONE:
        return Outcome(note=_both(dead, lambda connection: endpoints.switch_off(connection, to.id, Why.GONE, now)))
    pause = schedule.pause(job.attempts + 1)
    if pause is None:
        return Outcome(note=_both(dead, lambda connection: _switch_off_if_silent(connection, row, now)))
    asked = schedule.wish(answer.retry_after, now)
    due = now + (max(pause, asked) if asked is not None else pause)
    breath = schedule.breath(answer.status, answer.retry_after, now)
    note = _noted(row, tries=tries, next_at=due)
    if breath is not None:
        note = _both(note, lambda connection: _pause(connection, to, now + breath))
    return Outcome(again=due, note=note)


def _noted(row: Row[Any], **values: Any) -> Write:
    """Return what writes into the log how a delivery stands."""

    def write(connection: Connection) -> None:
        connection.execute(update(table).where(table.c.id == row.id).values(values))

    return write


def _both(first: Write, second: Write) -> Write:
    def write(connection: Connection) -> None:
        first(connection)
        second(connection)

    return write


def _pause(connection: Connection, to: Endpoint, until: datetime) -> None:
    """Leave an endpoint alone for a while."""
    connection.execute(update(webhook_endpoints).where(webhook_endpoints.c.id == to.id).values(paused_until=until))


def _switch_off_if_silent(connection: Connection, row: Row[Any], now: datetime) -> None:
    """Switch an endpoint off that took nothing as long as one message was tried."""
    taken = select(table.c.id).where(table.c.endpoint_id == row.endpoint_id, table.c.delivered_at >= row.created_at)
    if connection.execute(taken.limit(1)).first() is None:
        endpoints.switch_off(connection, row.endpoint_id, Why.FAILING, now)


def _plain(one: Try) -> dict[str, Any]:
    return {"at": one.at.isoformat(), "status": one.status, "error": one.error, "ms": one.ms}
