"""Reserving: places are held for a while, under the slot's lock, and counted once however often they are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from portal.bookings import rules, stock, store, telling
from portal.bookings.availability import Slot, Span, find_span, open_slot, open_until, slot_of
from portal.bookings.errors import BookingError, InvalidAvailability, UuidTaken
from portal.bookings.model import Booking, Clock, Order, Seller, State, UnitItem, parts
from portal.bookings.products import Product, option_of, product_on_sale
from portal.bookings.tables import bookings
from portal.bookings.terms import OptionTerms, ProductTerms
from portal.database import Database

UNTOUCHED = dict.fromkeys(("confirmed_at", "cancelled_at", "cancel_reason", "refund", "redeemed_at"))
"""The columns of a booking that nothing has happened to yet."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Places asked for in a slot, or without a date when `slot_id` is empty.

    Those of booking `besides` do not count, because it is the one that asks; those of a `test` take none.
    """

    product: ProductTerms
    option: OptionTerms
    slot_id: str
    places: int
    besides: int | None = None
    test: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A slot that had room at `now`, as it is with the places taken, and its row, locked until the transaction ends.

    Without a date, `open_until` is when the booking ends, and the slot stands for the time until then.
    """

    row_id: int
    slot: Slot
    now: datetime
    resource: str | None = None
    open_until: datetime | None = None

    def values(self) -> dict[str, Any]:
        """Return the columns of a booking that has this place."""
        return {
            "slot_id": self.row_id,
            "starts_at": self.slot.starts_at,
            "ends_at": self.slot.ends_at,
            "resource": self.resource,
            "open_until": self.open_until,
        }


def reserve(database: Database, clock: Clock, seller: Seller, order: Order) -> Booking:
    """Hold the places of an order. The same order sent again, also at the same time, gives the same booking.

    :raises UuidTaken: the seller used the order's uuid for another order.
    :raises InvalidProduct, InvalidOption, InvalidUnit, InvalidAvailability: there is no such thing on sale.
    :raises BadQuantity: no units, or too many for one booking.
    :raises SoldOut, SalesClosed: there is no room, or it is too late.
    """
    fingerprint = rules.fingerprint(order, test=seller.test)
    with database.write() as connection:
        try:
            return _reserve(connection, clock, seller, order, fingerprint)
        except BookingError:
            # The same order may have been served before, when it was still possible, or while this one waited.
            if twin := _replay(connection, clock, seller, order, fingerprint):
                return twin
            raise


def take_place(connection: Connection, clock: Clock, wanted: Wanted) -> Place:
    """Make sure that a slot has the places wanted, and that nobody else takes them.

    :raises InvalidAvailability: the option has no such slot.
    :raises SoldOut, SalesClosed: there is no room, or it is too late.
    """
    product, option = wanted.product, wanted.option
    if not wanted.slot_id and product.open_dated:
        now = clock()
        until = open_until(product, now)
        row_id = stock.row_without_date(connection, product, option)
        return Place(row_id, open_slot(product, option, now, until), now, open_until=until)
    span = _span(wanted)
    row_id = stock.lock_slot(connection, product, option, span)
    now = clock()  # after the lock: what happened while waiting for it counts
    taken = stock.count_taken(connection, option, span, row_id, now, wanted.besides)
    stock.check_room(slot_of(option, span, {span.starts_at: taken}, now), wanted.places)
    taken += 0 if wanted.test else wanted.places
    return Place(row_id, slot_of(option, span, {span.starts_at: taken}, now), now, option.resource)


def _reserve(connection: Connection, clock: Clock, seller: Seller, order: Order, fingerprint: str) -> Booking:
    product = product_on_sale(connection, order.product_id, seller.supplier, lock=True)
    option = option_of(product.terms, order.option_id)
    tickets = rules.unit_items(option, order.tickets)
    places = sum(ticket.places for ticket in tickets)
    wanted = Wanted(product.terms, option, order.slot_id, places, test=seller.test)
    place = take_place(connection, clock, wanted)
    values = _values(seller, order, product, tickets, place) | {"fingerprint": fingerprint}
    added = store.add(connection, values)
    if added is None:
        return _twin(connection, clock, seller, order, fingerprint)
    booking_id, ears = added
    store.add_tickets(connection, booking_id, tickets)
    row = {**UNTOUCHED, **values, "id": booking_id, "listing": product.listing, "supplier": product.supplier}
    booking = store.as_booking(row, product.terms, place.slot, tickets, place.now)
    telling.tell_new(connection, booking, ears, place.now)
    return booking


def _replay(connection: Connection, clock: Clock, seller: Seller, order: Order, fingerprint: str) -> Booking | None:
    """Return the booking that the order, or one with its uuid, made before."""
    mine = store.by_uuid(seller.partner_id, order.uuid)
    row = connection.execute(select(bookings.c.id, bookings.c.fingerprint).where(mine)).first()
    if row is None:
        return None
    if row.fingerprint != fingerprint:
        raise UuidTaken(f"uuid {order.uuid} was used for another order", str(order.uuid))
    return store.reload(connection, row.id, clock())


def _twin(connection: Connection, clock: Clock, seller: Seller, order: Order, fingerprint: str) -> Booking:
    twin = _replay(connection, clock, seller, order, fingerprint)
    if twin is None:
        raise RuntimeError(f"booking {order.uuid} clashes with one that is not there")
    return twin


def _span(wanted: Wanted) -> Span:
    span = find_span(wanted.product, wanted.option, wanted.slot_id)
    if span is None:
        where = f"product {wanted.product.id}, option {wanted.option.id}"
        raise InvalidAvailability(f"{where} has no availability {wanted.slot_id!r}", wanted.slot_id)
    return span


def _values(
    seller: Seller, order: Order, product: Product, tickets: tuple[UnitItem, ...], place: Place
) -> dict[str, Any]:
    return {
        "uuid": order.uuid,
        "partner_id": seller.partner_id,
        "reference": rules.new_reference(),
        "product_id": product.terms.id,
        "product_version": product.version,
        "option_id": order.option_id,
        **place.values(),
        "status": State.ON_HOLD,
        "test_mode": seller.test,
        "places": sum(ticket.places for ticket in tickets),
        "total": sum(ticket.price for ticket in tickets),
        "reseller_reference": order.reseller_reference,
        "contact": parts(order.contact),
        "notes": order.notes,
        "language": order.language,
        "created_at": place.now,
        "updated_at": place.now,
        "expires_at": rules.hold_until(place.now, order.hold_minutes, place.now),
    }
