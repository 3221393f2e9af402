"""Reserving: places are held for a while, under the slot's lock, and counted once however often they are asked for."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from portal.bookings import rules, stock, store, telling
from portal.bookings.availability import Slot, Sold, find_slot, open_slot, open_until
from portal.bookings.errors import BookingError, InvalidAvailability, UuidTaken
from portal.bookings.model import Booking, Clock, Order, Seller, State, UnitItem
from portal.bookings.products import Product, option_of, product_on_sale
from portal.bookings.tables import bookings
from portal.bookings.terms import OptionTerms, ProductTerms
from portal.database import Database, insert_new

UNTOUCHED = dict.fromkeys(("confirmed_at", "cancelled_at", "cancel_reason", "refund", "redeemed_at"))
"""The columns of a booking that nothing has happened to yet."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Places asked for in a slot, or without a date when `slot_id` is empty.

    Those of booking `besides` do not count, because it is the one that asks.
    """

    product: ProductTerms
    option: OptionTerms
    slot_id: str
    places: int
    besides: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A slot that had room at `now`, and its row, locked until the transaction ends.

    Without a date, `open_until` is when the booking ends, and the slot stands for the time until then. `taken` are the
    places that others have.
    """

    row_id: int
    slot: Slot
    now: datetime
    resource: str | None = None
    open_until: datetime | None = None
    taken: int = 0

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
    slot = _slot(wanted, {}, clock())
    row_id = stock.lock_slot(connection, product, option, slot)
    now = clock()  # after the lock: what happened while waiting for it counts
    taken = stock.count_taken(connection, option, slot, row_id, now, wanted.besides)
    slot = _slot(wanted, {slot.starts_at: taken}, now)
    stock.check_room(slot, wanted.places)
    return Place(row_id, slot, now, option.resource, taken=taken)


def _reserve(connection: Connection, clock: Clock, seller: Seller, order: Order, fingerprint: str) -> Booking:
    product = product_on_sale(connection, order.product_id, seller.supplier, lock=True)
    option = option_of(product.terms, order.option_id)
    tickets = rules.unit_items(option, order.tickets)
    wanted = Wanted(product.terms, option, order.slot_id, sum(ticket.places for ticket in tickets))
    place = take_place(connection, clock, wanted)
    values = _values(seller, order, product, tickets, place) | {"fingerprint": fingerprint}
    booking_id = insert_new(connection, bookings, values)
    if booking_id is None:
        return _twin(connection, clock, seller, order, fingerprint)
    store.add_tickets(connection, booking_id, tickets)
    row = {**UNTOUCHED, **values, "id": booking_id, "listing": product.listing, "supplier": product.supplier}
    sold = place.taken + (0 if seller.test else wanted.places)
    booking = store.as_booking(row, product.terms, tickets, sold, place.now)
    telling.tell_new(connection, booking, place.now)
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


def _slot(wanted: Wanted, sold: Sold, now: datetime) -> Slot:
    slot = find_slot(wanted.product, wanted.option, wanted.slot_id, sold, now)
    if slot is None:
        where = f"product {wanted.product.id}, option {wanted.option.id}"
        raise InvalidAvailability(f"{where} has no availability {wanted.slot_id!r}", wanted.slot_id)
    return slot


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
        "contact": asdict(order.contact),
        "notes": order.notes,
        "language": order.language,
        "created_at": place.now,
        "updated_at": place.now,
        "expires_at": rules.hold_until(place.now, order.hold_minutes, place.now),
    }
