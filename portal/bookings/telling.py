"""What of a booking's change partners are told: the booking as the change left it, and the places it took or freed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection

from portal.bookings import store
from portal.bookings.model import UNHEEDED, Booking, Refund, State
from portal.bookings.tables import bookings
from portal.outbox import outbox
from portal.outbox.outbox import Event

SNAPSHOT: TypeAdapter[Booking] = TypeAdapter(Booking)
"""A booking as plain JSON and back, as it stood when something happened to it."""
TAKES = frozenset({State.ON_HOLD, State.PENDING, State.CONFIRMED, State.REDEEMED})
ENDED_BY_THE_CLOCK = frozenset({State.EXPIRED, State.REJECTED})
"""States that bookings may be in before anybody notes it: then nothing but the noting happens to them."""
WORDS = {
    State.PENDING: "booking.pending",
    State.REJECTED: "booking.rejected",
    State.CONFIRMED: "booking.confirmed",
    State.CANCELLED: "booking.cancelled",
    State.EXPIRED: "booking.expired",
    State.REDEEMED: "booking.redeemed",
}


def reload(connection: Connection, booking_id: int, now: datetime, before: Booking | None) -> Booking:
    """Return a booking as this transaction left it, with what happened to it noted for those who listen.

    Whether anybody does is asked in the same statement, so that it costs nothing where nobody does. It may wait for
    others that change the same slot, so it comes last in a transaction.

    :param before: the booking as it was; None when it is new.
    """
    booking, ears = store.reload_heard(connection, booking_id, now)
    _tell(connection, booking, ears, now, before)
    return booking


def tell_new(connection: Connection, booking: Booking, ears: store.Ears, now: datetime) -> None:
    """Note for those who listen that a booking was made. It comes last in a transaction, as `reload` does."""
    _tell(connection, booking, ears, now, None)


def _tell(connection: Connection, booking: Booking, ears: store.Ears, now: datetime, before: Booking | None) -> None:
    if ears.bookings:
        data = {"booking": SNAPSHOT.dump_json(booking, by_alias=True).decode()}
        event = Event(happened(before, booking), str(booking.uuid), data, partner=booking.partner_id)
        outbox.record(connection, event, now)
    slots = changed_slots(before, booking) if ears.availability else {}
    if booking.state is State.ON_HOLD and before is None and (ears.bookings or slots):
        outbox.record_hold(connection, booking.id, booking.expires_at, now)
    for _, slot in sorted(slots.items()):
        outbox.record_places(connection, slot, now)


def expire(connection: Connection, booking_id: int, now: datetime) -> datetime | None:
    """Note that a hold ran out, if it did; return when to look again at one that was extended."""
    if store.lock(connection, bookings.c.id == booking_id) is None:
        return None
    booking = store.reload(connection, booking_id, now)
    if booking.state is State.ON_HOLD:
        return booking.expires_at
    if booking.state is State.EXPIRED:
        ended = {"status": State.EXPIRED, "updated_at": booking.expires_at}
        connection.execute(bookings.update().where(bookings.c.id == booking_id).values(ended))
        reload(connection, booking_id, now, booking)
    return None


def lapse(connection: Connection, booking_id: int, now: datetime) -> tuple[Booking | None, datetime | None]:
    """Note that nobody decided on a booking in time, if so, and tell it; return the booking that was refused thereby.

    The other value is when to look again at one that still waits. What was noted once is not told again.
    """
    if store.lock(connection, bookings.c.id == booking_id) is None:
        return None, None
    booking = store.reload(connection, booking_id, now)
    if booking.state is State.PENDING:
        return None, booking.expires_at
    ended = {"status": State.REJECTED, "updated_at": booking.expires_at, "cancelled_at": booking.expires_at}
    ended |= {"cancel_reason": UNHEEDED, "refund": Refund.NONE}
    undecided = bookings.update().where(bookings.c.id == booking_id, bookings.c.cancelled_at.is_(None))
    if booking.state is not State.REJECTED or connection.execute(undecided.values(ended)).rowcount == 0:
        return None, None
    return reload(connection, booking_id, now, booking), None


def happened(before: Booking | None, after: Booking) -> str:
    """Return the type of the event that made one of the other."""
    if before is None:
        return "booking.created"
    if before.state is after.state and after.state not in ENDED_BY_THE_CLOCK:
        return "booking.updated"
    return WORDS.get(after.state, "booking.updated")


def changed_slots(before: Booking | None, after: Booking) -> dict[tuple[str, str, str], dict[str, Any]]:
    """Return the slots of which a change took or freed places. Tests, and products without limit, take none."""
    taken = {}
    if before is not None and before.state in TAKES:
        taken[_slot_key(before)] = (_places(before), before)
    found = {}
    places = _places(after) if after.state in TAKES else 0
    known = taken.pop(_slot_key(after), (0, after))[0]
    if places != known or after.state in ENDED_BY_THE_CLOCK:
        found[_slot_key(after)] = _slot(after)
    found |= {key: _slot(one) for key, (_, one) in taken.items()}
    limited = not after.test and not after.product.freesale and after.open_until is None
    return found if limited else {}


def _places(booking: Booking) -> int:
    return sum(ticket.places for ticket in booking.tickets)


def _slot_key(booking: Booking) -> tuple[str, str, str]:
    return booking.product.id, booking.option.id, booking.slot.starts_at.astimezone(UTC).isoformat()


def _slot(booking: Booking) -> dict[str, Any]:
    product, option, starts_at = _slot_key(booking)
    ends_at = booking.slot.ends_at.astimezone(UTC).isoformat()
    resource = booking.option.resource
    return {"product": product, "option": option, "starts_at": starts_at, "ends_at": ends_at, "resource": resource}
