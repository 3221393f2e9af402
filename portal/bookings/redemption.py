"""At the gate: a booking's code is shown, and the booking is used. Once, and on its day."""

from __future__ import annotations

from datetime import datetime, timedelta

from portal.bookings import rules, store, telling
from portal.bookings.errors import InvalidBooking, NotPossible
from portal.bookings.model import Booking, Clock, State
from portal.bookings.tables import bookings
from portal.database import Database


def redeem(database: Database, clock: Clock, code: str, supplier: str | None = None) -> Booking:
    """Mark a confirmed booking as used; one that was used already is given back as it is.

    :param code: the reference as the voucher shows it or a person types it.
    :param supplier: the only supplier whose guests are let in here; None for all.
    :raises InvalidBooking: there is no such booking, or not here.
    :raises NotPossible: it is no confirmed one, or not for today.
    """
    reference = rules.clean_reference(code)
    with database.write() as connection:
        # PostgreSQL takes no NUL in a text, and no reference has one.
        booking_id = None if "\0" in reference else store.lock(connection, bookings.c.reference == reference)
        now = clock()
        booking = store.reload(connection, booking_id, now) if booking_id is not None else None
        if booking is None or booking.test or supplier not in {None, booking.supplier}:
            raise InvalidBooking(f"there is no booking {reference}", reference)
        if booking.state is State.REDEEMED:
            return booking
        if booking.state is not State.CONFIRMED:
            raise NotPossible(f"the booking is {booking.state}, not CONFIRMED")
        check_day(booking, now)
        values = {"status": State.REDEEMED, "redeemed_at": now, "updated_at": now}
        connection.execute(bookings.update().where(bookings.c.id == booking.id).values(values))
        return telling.reload(connection, booking.id, now, booking)


def check_day(booking: Booking, now: datetime) -> None:
    """Raise unless it is a day of the booking: that of its start to that of its end, in the product's time zone.

    :raises NotPossible: it is another day.
    """
    slot = booking.slot
    last_moment = (slot.closes_at if slot.all_day else slot.ends_at) - timedelta(seconds=1)
    first, last = slot.starts_at.date(), last_moment.date()
    if not first <= now.astimezone(booking.product.zone).date() <= last:
        raise NotPossible(f"the booking is for {first}" + ("" if first == last else f" to {last}"))
