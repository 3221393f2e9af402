"""What happened and partners may want to know, written in the transaction of the change.

An event becomes a job; `portal/webhooks` makes messages of it afterwards. Where nobody listens nothing is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Exists, exists, select

from portal.jobs.queue import Job, enqueue
from portal.outbox.tables import webhook_endpoints

EVENT = "event"
"""The kind of job that tells an event."""
PLACES = "places"
"""The kind of job that tells what places are left of a slot."""
HOLD = "hold"
"""The kind of job that looks whether a hold has run out."""
UNDECIDED = "undecided"
"""The kind of job that looks whether anybody decided on a booking in time."""
GATHERING = timedelta(seconds=2)
"""How long changes of one slot are gathered before they are told as one."""


class Topic(StrEnum):
    """What somebody may listen to."""

    BOOKINGS = "bookings"
    AVAILABILITY = "availability"
    CATALOG = "catalog"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. The data is plain JSON.

    :ivar type: such as `booking.confirmed`.
    :ivar subject: what it happened to; events of one subject are told in their order.
    :ivar partner: the only partner it is told to; None for all.
    :ivar supplier: told only to partners who may sell this supplier's products; None for all.
    """

    type: str
    subject: str
    data: dict[str, Any]
    partner: int | None = None
    supplier: str | None = None


def listening(topic: Topic, partner: Any = None) -> Exists:
    """Match when an endpoint listens to a topic.

    :param partner: a column or a value: whose endpoints count; None for everybody's.
    """
    endpoint = webhook_endpoints.c
    there = exists().where(endpoint[f"hears_{topic}"], endpoint.disabled_at.is_(None))
    return there if partner is None else there.where(endpoint.partner_id == partner)


def anybody_listens(connection: Connection, topic: Topic) -> bool:
    """Tell whether any endpoint listens to a topic."""
    return bool(connection.execute(select(listening(topic))).scalar())


def record(connection: Connection, event: Event, now: datetime) -> None:
    """Have an event told once the transaction has committed."""
    payload = {
        "type": event.type,
        "at": now.isoformat(),
        "subject": event.subject,
        "data": event.data,
        "partner": event.partner,
        "supplier": event.supplier,
    }
    enqueue(connection, Job(EVENT, payload, lane=f"event {event.subject}"), now)


def record_places(connection: Connection, slot: dict[str, Any], now: datetime) -> None:
    """Have told what places are left of a slot, once for all that changes it within `GATHERING`.

    Call it last in a transaction, in the order of the slots: it waits for others that change the same slot.

    :param slot: `product`, `option`, `starts_at`, `ends_at` (ISO 8601 in UTC) and `resource`.
    """
    name = f"{PLACES} {slot['product']} {slot['option']} {slot['starts_at']}"
    enqueue(connection, Job(PLACES, slot, once=name), now, due=now + GATHERING)


def record_hold(connection: Connection, booking_id: int, expires_at: datetime, now: datetime) -> None:
    """Have a hold looked at when it runs out."""
    enqueue(connection, Job(HOLD, {"booking": booking_id}), now, due=expires_at)


def record_undecided(
    connection: Connection, booking_id: int, expires_at: datetime, now: datetime, letter: dict[str, Any] | None = None
) -> None:
    """Have a booking looked at when the time to decide on it ends.

    :param letter: sent then if nobody has decided; it is written beforehand, as whoever looks knows no templates.
    """
    enqueue(connection, Job(UNDECIDED, {"booking": booking_id, "letter": letter}), now, due=expires_at)
