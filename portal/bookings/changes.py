"""What happens to a booking after it was reserved: confirm, accept, reject, change, extend, cancel.

Each locks the booking's row before it looks at the state, so of two that race one sees what the other did.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_

from portal.bookings import rules, store, telling
from portal.bookings.errors import InvalidBooking, NotPossible, SalesClosed
from portal.bookings.holds import Wanted, take_place
from portal.bookings.model import Booking, Change, Clock, Refund, Seller, State, UnitItem, parts
from portal.bookings.products import option_of, product_on_sale
from portal.bookings.tables import bookings
from portal.database import Database
from portal.outbox import outbox

NOTHING = Change()
After = Callable[[Connection, Booking], None]
"""What else belongs to a change, such as a letter: done in its transaction, only when something changed."""


Unheeded = Callable[[Booking], dict[str, Any] | None]
"""Returns the letter, as a job's payload, to be sent should nobody decide on a booking; None for none."""


def nothing_more(_connection: Connection, _booking: Booking) -> None:
    """Do nothing: what belongs to most changes beside themselves."""


def no_letter(_booking: Booking) -> None:
    """Return no letter."""


def confirm(  # noqa: PLR0917 - what belongs to a change comes last
    database: Database,
    clock: Clock,
    seller: Seller,
    uuid: UUID,
    change: Change = NOTHING,
    after: After = nothing_more,
    unheeded: Unheeded = no_letter,
) -> Booking:
    """Turn a hold into a booking, with what `change` adds; a confirmed one is given back as it is.

    Where the product is not confirmed at once, the booking is PENDING until its business decides.

    :raises InvalidBooking: the seller has no such booking.
    :raises HoldExpired: the hold ran out.
    :raises SalesClosed: sales for the slot have ended.
    :raises NotPossible: the booking was cancelled.
    :raises MissingContact: nobody told what has to be known of a guest.
    """
    with database.write() as connection:
        booking, now = _lock(connection, clock, seller, uuid)
        if booking.state in {State.PENDING, State.CONFIRMED, State.REDEEMED}:
            return booking
        rules.check_on_hold(booking)
        if now >= booking.slot.cutoff:
            raise SalesClosed(f"sales for {booking.slot.id} ended at {booking.slot.cutoff.isoformat()}")
        values = _changed(connection, clock, seller, booking, change)
        confirmed = _write(connection, booking, {**values, **_confirmation(booking, now)}, now)
        rules.check_contacts(confirmed)
        after(connection, confirmed)
        if confirmed.state is State.PENDING:
            outbox.record_undecided(connection, confirmed.id, confirmed.expires_at, now, unheeded(confirmed))
        return confirmed


def accept(
    database: Database, clock: Clock, reference: str, supplier: str | None = None, after: After = nothing_more
) -> Booking:
    """Confirm a pending booking, as its business decided; one that is confirmed already is given back as it is.

    :param supplier: the only supplier whose bookings may be decided here; None for all.
    :raises InvalidBooking: there is no such booking, or not here.
    :raises NotPossible: it waits for no decision, or not any more.
    """
    with database.write() as connection:
        booking, now = lock_by_reference(connection, clock, reference, supplier)
        if booking.state in {State.CONFIRMED, State.REDEEMED}:
            return booking
        return _decide(connection, booking, {"status": State.CONFIRMED, "confirmed_at": now}, now, after)


def reject(
    database: Database,
    clock: Clock,
    reference: str,
    reason: str | None = None,
    supplier: str | None = None,
    after: After = nothing_more,
) -> Booking:
    """Refuse a pending booking, as its business decided, and give the places back; a refused one stays as it is.

    Raises as `accept`.
    """
    with database.write() as connection:
        booking, now = lock_by_reference(connection, clock, reference, supplier)
        if booking.state is State.REJECTED:
            return booking
        values = {"status": State.REJECTED, "cancelled_at": now, "cancel_reason": reason, "refund": Refund.NONE}
        return _decide(connection, booking, values, now, after)


def update(
    database: Database, clock: Clock, seller: Seller, uuid: UUID, change: Change, after: After = nothing_more
) -> Booking:
    """Change a booking that could be cancelled. A new slot is taken before the old one is let go, or nothing changes.

    :raises InvalidBooking: the seller has no such booking.
    :raises NotPossible: its state, or the cancellation cut-off, does not allow it.
    :raises SoldOut, SalesClosed: the new slot has no room.
    :raises InvalidUnit, InvalidAvailability, BadQuantity: the change asks for what is not on sale.
    """
    with database.write() as connection:
        booking, now = _lock(connection, clock, seller, uuid)
        rules.check_changeable(booking)
        values = _changed(connection, clock, seller, booking, change)
        if change.hold_minutes is not None and booking.state is State.ON_HOLD:
            values["expires_at"] = _extended(booking, change.hold_minutes, now)
        changed = _write(connection, booking, values, now)
        after(connection, changed)
        if changed.state is State.PENDING and changed.expires_at < booking.expires_at:  # sooner than it is looked at
            outbox.record_undecided(connection, changed.id, changed.expires_at, now)
        return changed


def extend(database: Database, clock: Clock, seller: Seller, uuid: UUID, minutes: int | None = None) -> Booking:
    """Let a hold last longer, counted from now.

    :raises InvalidBooking: the seller has no such booking.
    :raises HoldExpired, NotPossible: it is no live hold.
    """
    with database.write() as connection:
        booking, now = _lock(connection, clock, seller, uuid)
        rules.check_on_hold(booking)
        return _write(connection, booking, {"expires_at": _extended(booking, minutes, now)}, now)


def cancel(
    database: Database,
    clock: Clock,
    seller: Seller,
    uuid: UUID,
    reason: str | None = None,
    after: After = nothing_more,
) -> Booking:
    """Give the places back.

    :raises InvalidBooking: the seller has no such booking.
    :raises TooLateToCancel: the cancellation cut-off has passed.
    :raises NotPossible: it is cancelled or expired already.
    """
    with database.write() as connection:
        booking, now = _lock(connection, clock, seller, uuid)
        rules.check_changeable(booking)
        values = {
            "status": State.CANCELLED,
            "cancelled_at": now,
            "cancel_reason": reason,
            "refund": rules.refund_for(booking, now),
        }
        cancelled = _write(connection, booking, values, now)
        after(connection, cancelled)
        return cancelled


def lock_by_reference(
    connection: Connection, clock: Clock, reference: str, supplier: str | None
) -> tuple[Booking, datetime]:
    """Return a booking by what people call it, locked, and the moment it was looked at.

    :param supplier: the only supplier whose bookings count; None for all. Test bookings never do.
    :raises InvalidBooking: there is no such booking, or not here.
    """
    known = rules.clean_reference(reference)
    # PostgreSQL takes no NUL in a text, and no reference has one.
    booking_id = None if "\0" in known else store.lock(connection, bookings.c.reference == known)
    now = clock()
    booking = store.reload(connection, booking_id, now) if booking_id is not None else None
    if booking is None or booking.test or supplier not in {None, booking.supplier}:
        raise InvalidBooking(f"there is no booking {known}", known)
    return booking, now


def _confirmation(booking: Booking, now: datetime) -> dict[str, Any]:
    """Return the columns that confirm a hold: at once, or once its business has decided, until the time itself."""
    if booking.product.instant_confirmation:
        return {"status": State.CONFIRMED, "confirmed_at": now}
    return {"status": State.PENDING, "expires_at": booking.slot.closes_at}


def _lock(connection: Connection, clock: Clock, seller: Seller, uuid: UUID) -> tuple[Booking, datetime]:
    """Return the seller's booking, locked, and the moment it was looked at."""
    booking_id = store.lock(connection, and_(store.seen_by(seller), bookings.c.uuid == uuid))
    if booking_id is None:
        raise InvalidBooking(f"there is no booking {uuid}", str(uuid))
    now = clock()  # after the lock: it may have run out while we waited
    return store.reload(connection, booking_id, now), now


def _extended(booking: Booking, minutes: int | None, now: datetime) -> datetime:
    return rules.hold_until(now, minutes, booking.created_at, booking.expires_at)


def _changed(connection: Connection, clock: Clock, seller: Seller, booking: Booking, change: Change) -> dict[str, Any]:
    """Return the columns a change sets; tickets are written, and places taken, on the way."""
    values: dict[str, Any] = {}
    if change.contact is not None:
        values["contact"] = parts(booking.contact.updated(change.contact))
    if change.notes is not None:
        values["notes"] = change.notes
    if change.reseller_reference is not None:
        values["reseller_reference"] = change.reseller_reference
    tickets = booking.tickets
    if change.tickets is not None:
        tickets = rules.unit_items(booking.option, change.tickets, booking.tickets)
        store.write_tickets(connection, booking.id, tickets)
    places = sum(ticket.places for ticket in tickets)
    moved = change.slot_id is not None and change.slot_id != booking.slot.id
    if moved or places > _places(booking.tickets):
        values |= _taken(connection, clock, seller, booking, change.slot_id or booking.slot.id, places)
    return {**values, "places": places, "total": sum(ticket.price for ticket in tickets)}


def _taken(
    connection: Connection, clock: Clock, seller: Seller, booking: Booking, slot_id: str, places: int
) -> dict[str, Any]:
    """Take places under the terms on sale now; the booking goes over to them, its tickets keep their prices."""
    product = product_on_sale(connection, booking.product.id, seller.supplier, lock=True)
    option = option_of(product.terms, booking.option.id)
    place = take_place(connection, clock, Wanted(product.terms, option, slot_id, places, besides=booking.id))
    values = {**place.values(), "product_version": product.version}
    return values | ({"expires_at": place.slot.closes_at} if booking.state is State.PENDING else {})


def _places(tickets: tuple[UnitItem, ...]) -> int:
    return sum(ticket.places for ticket in tickets)


def _decide(connection: Connection, booking: Booking, decision: dict[str, Any], now: datetime, after: After) -> Booking:
    rules.check_pending(booking)
    decided = _write(connection, booking, decision, now)
    after(connection, decided)
    return decided


def _write(connection: Connection, booking: Booking, values: dict[str, Any], now: datetime) -> Booking:
    if booking.state in {State.EXPIRED, State.REJECTED}:
        raise NotPossible("a booking that has ended does not change")
    connection.execute(bookings.update().where(bookings.c.id == booking.id).values(**values, updated_at=now))
    return telling.reload(connection, booking.id, now, booking)
