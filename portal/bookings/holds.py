"""Reserving: places are held for a while, under the slot's lock, and counted once however often they are asked for."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from portal.bookings import rules, stock, store
from portal.bookings.availability import Slot, Sold, find_slot
from portal.bookings.errors import InvalidAvailability, UuidTaken
from portal.bookings.model import Booking, Clock, Order, Seller, State, UnitItem
from portal.bookings.products import Product, option_of, product_on_sale
from portal.bookings.tables import bookings
from portal.bookings.terms import OptionTerms, ProductTerms
from portal.database import Database, insert_new


@dataclass(frozen=True, slots=True)
class Place:
    """A slot whose row is locked and which had room at `now`."""

    row_id: int
    slot: Slot
    now: datetime


def reserve(database: Database, clock: Clock, seller: Seller, order: Order) -> Booking:
    """Hold the places of an order. The same order sent again, also at the same time, gives the same booking.

    :raises UuidTaken: the seller used the order's uuid for another order.
    :raises InvalidProduct, InvalidOption, InvalidUnit, InvalidAvailability: there is no such thing on sale.
    :raises BadQuantity: no units, or too many for one booking.
    :raises SoldOut, SalesClosed: there is no room, or it is too late.
    """
    with database.write() as connection:
        return _replay(connection, clock, seller, order) or _reserve(connection, clock, seller, order)


def lock_place(
    connection: Connection, clock: Clock, product: ProductTerms, option: OptionTerms, slot_id: str
) -> int:
    """Return the row of a slot, locked until the transaction ends.

    :raises InvalidAvailability: the option has no such slot.
    """
    slot = _slot(product, option, slot_id, {}, clock())
    return stock.lock_slot(connection, product.id, option.id, slot)


def take_place(
    connection: Connection,
    clock: Clock,
    product: ProductTerms,
    option: OptionTerms,
    slot_id: str,
    places: int,
    besides: int | None = None,
) -> Place:
    """Make sure that so many places are left in a slot, and that nobody else takes them.

    :param besides: a booking whose own places do not count.
    :raises InvalidAvailability: the option has no such slot.
    :raises SoldOut, SalesClosed: there is no room, or it is too late.
    """
    row_id = lock_place(connection, clock, product, option, slot_id)
    return _check_place(connection, clock, product, option, slot_id, row_id, places, besides)


def _check_place(
    connection: Connection,
    clock: Clock,
    product: ProductTerms,
    option: OptionTerms,
    slot_id: str,
    row_id: int,
    places: int,
    besides: int | None,
) -> Place:
def _slot(product: ProductTerms, option: OptionTerms, slot_id: str, sold: Sold, now: datetime) -> Slot:
    slot = find_slot(product, option, slot_id, sold, now)
    if slot is None:
        raise InvalidAvailability(f"product {product.id}, option {option.id} has no availability {slot_id!r}", slot_id)
    return slot


def _values(
    seller: Seller, order: Order, product: Product, tickets: tuple[UnitItem, ...], place: Place
) -> dict[str, Any]:
    return {
        "uuid": order.uuid,
        "partner_id": seller.partner_id,
        "fingerprint": rules.fingerprint(order, test=seller.test),
        "reference": rules.new_reference(),
        "product_id": product.terms.id,
        "product_version": product.version,
        "option_id": order.option_id,
        "slot_id": place.row_id,
        "starts_at": place.slot.starts_at,
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
