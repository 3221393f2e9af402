"""At the gate: a code is shown, and the booking or one of its tickets is used. Once, and on its day."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from portal.bookings import rules, store
from portal.bookings.changes import lock_by_reference
from portal.bookings.errors import InvalidBooking, NotPossible
from portal.bookings.model import Booking, Clock, State
from portal.bookings.tables import bookings, unit_items
from portal.database import Database


def redeem(database: Database, clock: Clock, code: str, supplier: str | None = None) -> Booking:
    """Mark a confirmed booking, or the one ticket a code names, as used; what was used already is given back as it is.

    A booking is used when its last ticket is.

    :param code: the booking's reference or a ticket's code, as shown or as a person types it.
    :param supplier: the only supplier whose guests are let in here; None for all.
    :raises InvalidBooking: there is no such booking or ticket, or not here.
    :raises NotPossible: it is no confirmed one, or not for today.
    """
    reference, position = rules.split_code(code)
    with database.write() as connection:
        booking, now = lock_by_reference(connection, clock, reference, supplier)
        if position is not None:
            check_ticket(booking, position, code)
        if booking.state is State.REDEEMED:
            return booking
        if booking.state is not State.CONFIRMED:
            raise NotPossible(f"the booking is {booking.state}, not CONFIRMED")
        check_day(booking, now)
        _use(connection, booking, position, now)
        return store.reload(connection, booking.id, now)


def check_ticket(booking: Booking, position: int, code: str) -> None:
    """Raise unless the booking has a ticket at a position, from 0, with a code of its own.

    :raises InvalidBooking: it has not.
    """
    if booking.product.delivery != "TICKET" or position >= len(booking.tickets):
        raise InvalidBooking(f"there is no ticket {code}", code)


def check_day(booking: Booking, now: datetime) -> None:
    """Raise unless it is a day of the booking: that of its start to that of its end, in the product's time zone.

    :raises NotPossible: it is another day.
    """
    slot = booking.slot
    last_moment = (slot.closes_at if slot.all_day else slot.ends_at) - timedelta(seconds=1)
    first, last = slot.starts_at.date(), last_moment.date()
    if not first <= now.astimezone(booking.product.zone).date() <= last:
        raise NotPossible(f"the booking is for {first}" + ("" if first == last else f" to {last}"))


def _use(connection: Connection, booking: Booking, position: int | None, now: datetime) -> None:
    """Note what is used now: one ticket, or all that are left."""
    unused = {at for at, ticket in enumerate(booking.tickets) if ticket.redeemed_at is None}
    using = unused if position is None else unused & {position}
    these = (unit_items.c.booking_id == booking.id) & unit_items.c.position.in_(using)
    connection.execute(unit_items.update().where(these).values(redeemed_at=now))
    if using and using == unused:
        values = {"status": State.REDEEMED, "redeemed_at": now, "updated_at": now}
        connection.execute(bookings.update().where(bookings.c.id == booking.id).values(values))
