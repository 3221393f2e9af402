"""At the gate: a code is shown, and the booking or one of its tickets is used. Once, and on its day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, and_

from portal.bookings import rules, store, telling
from portal.bookings.changes import After, lock_by_reference, nothing_more
from portal.bookings.errors import InvalidBooking, NotPossible
from portal.bookings.model import Booking, Clock, Seller, State
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
    return use(database, clock, code, supplier)[0]


def use(
    database: Database, clock: Clock, code: str, supplier: str | None = None, after: After = nothing_more
) -> tuple[Booking, bool]:
    """Return the booking as `redeem` leaves it, and whether anything was used only now. Raises as `redeem`."""
    reference, position = rules.split_code(code)
    with database.write() as connection:
        booking, now = lock_by_reference(connection, clock, reference, supplier)
        if position is not None:
            check_ticket(booking, position, code)
        if booking.state is State.REDEEMED:
            return booking, False
        if booking.state is not State.CONFIRMED:
            raise NotPossible(f"the booking is {booking.state}, not CONFIRMED")
        check_day(booking, now)
        if not _use(connection, booking, position, now):
            return booking, False
        used = telling.reload(connection, booking.id, now, booking)
        after(connection, used)
        return used, True


def rehearse(database: Database, clock: Clock, seller: Seller, uuid: UUID) -> Booking:
    """Mark a test booking of a seller as used, as a gate does with a real one; on any day, since no guest will come.

    :raises InvalidBooking: the seller has no such test booking.
    :raises NotPossible: it is not confirmed.
    """
    with database.write() as connection:
        mine = and_(store.seen_by(seller), bookings.c.uuid == uuid, bookings.c.test_mode)
        booking_id = store.lock(connection, mine)
        if booking_id is None:
            raise InvalidBooking(f"there is no test booking {uuid}", str(uuid))
        now = clock()
        booking = store.reload(connection, booking_id, now)
        if booking.state is State.REDEEMED:
            return booking
        if booking.state is not State.CONFIRMED:
            raise NotPossible(f"the booking is {booking.state}, not CONFIRMED")
        _use(connection, booking, None, now)
        return telling.reload(connection, booking.id, now, booking)


def take_back(database: Database, clock: Clock, reference: str, after: After = nothing_more) -> Booking:
    """Make a booking that was used by mistake confirmed again, every ticket of it.

    :param after: what else belongs to it, such as noting who did it; in the same transaction.
    :raises InvalidBooking: there is no such booking.
    :raises NotPossible: nothing of it was used, or its day is over.
    """
    with database.write() as connection:
        booking, now = lock_by_reference(connection, clock, reference, None)
        if booking.state not in {State.CONFIRMED, State.REDEEMED} or not any(
            (booking.redeemed_at, *(ticket.redeemed_at for ticket in booking.tickets))
        ):
            raise NotPossible("nothing of the booking was used")
        check_day(booking, now)
        mine = unit_items.c.booking_id == booking.id
        connection.execute(unit_items.update().where(mine).values(redeemed_at=None))
        values = {"status": State.CONFIRMED, "redeemed_at": None, "updated_at": now}
        connection.execute(bookings.update().where(bookings.c.id == booking.id).values(values))
        restored = telling.reload(connection, booking.id, now, booking)
        after(connection, restored)
        return restored


def check_ticket(booking: Booking, position: int, code: str) -> None:
    """Raise unless the booking has a ticket at a position, from 0, with a code of its own.

    :raises InvalidBooking: it has not.
    """
    if booking.product.delivery != "TICKET" or position >= len(booking.tickets):
        raise InvalidBooking(f"there is no ticket {code}", code)


def check_day(booking: Booking, now: datetime) -> None:
    """Raise unless it is a day of the booking.

    :raises NotPossible: it is another day.
    """
    if not is_its_day(booking, now):
        first, last = _days(booking)
        raise NotPossible(f"the booking is for {first}" + ("" if first == last else f" to {last}"))


def is_its_day(booking: Booking, now: datetime) -> bool:
    """Tell whether it is a day of the booking: that of its start to that of its end, in the product's time zone."""
    first, last = _days(booking)
    return first <= now.astimezone(booking.product.zone).date() <= last


def _days(booking: Booking) -> tuple[date, date]:
    slot = booking.slot
    last_moment = (slot.closes_at if slot.all_day else slot.ends_at) - timedelta(seconds=1)
    return slot.starts_at.date(), last_moment.date()


def _use(connection: Connection, booking: Booking, position: int | None, now: datetime) -> bool:
    """Note what is used now: one ticket, or all that are left. Return whether there was any."""
    unused = {at for at, ticket in enumerate(booking.tickets) if ticket.redeemed_at is None}
    using = unused if position is None else unused & {position}
    these = (unit_items.c.booking_id == booking.id) & unit_items.c.position.in_(using)
    connection.execute(unit_items.update().where(these).values(redeemed_at=now))
    if using and using == unused:
        values = {"status": State.REDEEMED, "redeemed_at": now, "updated_at": now}
        connection.execute(bookings.update().where(bookings.c.id == booking.id).values(values))
    return bool(using)
