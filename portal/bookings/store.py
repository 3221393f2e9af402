"""Bookings in and out of the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, and_, bindparam, select

from portal import prepared
from portal.bookings import rules, stock
from portal.bookings.availability import Slot, find_slot, open_slot
from portal.bookings.model import UNHEEDED, Booking, Cancellation, Contact, Refund, Seller, State, UnitItem, parts
from portal.bookings.products import option_of
from portal.bookings.tables import bookings, products, unit_items
from portal.bookings.terms import OptionTerms, ProductTerms
from portal.bookings.versions import all_terms
from portal.database import insert_or_nothing
from portal.outbox.outbox import Topic, listening

ADD_TICKETS = unit_items.insert()
NEW = (
    bookings.c.id,
    listening(Topic.BOOKINGS, bindparam("listener", type_=bookings.c.partner_id.type)).label("told_booking"),
    listening(Topic.AVAILABILITY).label("told_places"),
)
"""What is asked of a booking when it is added; put together once."""


@dataclass(frozen=True, slots=True)
class Ears:
    """Whether a booking's partner listens to its bookings, and anybody to availability."""

    bookings: bool
    availability: bool


def load(connection: Connection, which: ColumnElement[bool], now: datetime, limit: int | None = None) -> list[Booking]:
    """Return the bookings that match, in the order they were made, as they stand at `now`."""
    rows = connection.execute(_select(which).order_by(bookings.c.id).limit(limit)).mappings().all()
    return _bookings(connection, rows, now)


def load_one(connection: Connection, which: ColumnElement[bool], now: datetime) -> Booking | None:
    """Return the booking that matches, if one does."""
    return next(iter(load(connection, which, now)), None)


def reload(connection: Connection, booking_id: int, now: datetime) -> Booking:
    """Return a booking known to be there, as this transaction left it."""
    return load(connection, bookings.c.id == booking_id, now)[0]


def reload_heard(connection: Connection, booking_id: int, now: datetime) -> tuple[Booking, Ears]:
    """Return a booking known to be there, as this transaction left it, and who wants to hear of it."""
    statement = _select(bookings.c.id == booking_id).add_columns(
        listening(Topic.BOOKINGS, bookings.c.partner_id).label("told_booking"),
        listening(Topic.AVAILABILITY).label("told_places"),
    )
    row = connection.execute(statement).mappings().one()
    (booking,) = _bookings(connection, [row], now)
    return booking, Ears(row["told_booking"], row["told_places"])


def add(connection: Connection, values: Mapping[str, Any]) -> tuple[int, Ears] | None:
    """Add a booking without tickets; return its id and who wants to hear of it, or None when there is its twin."""
    statement = insert_or_nothing(connection.dialect.name, bookings, *NEW)
    found = prepared.rows(connection, statement, {**values, "listener": values["partner_id"]})
    return (found[0].id, Ears(found[0].told_booking, found[0].told_places)) if found else None


def lock(connection: Connection, which: ColumnElement[bool]) -> int | None:
    """Return the id of the booking that matches; nobody else can change it until the transaction ends."""
    booking_id: int | None = connection.execute(select(bookings.c.id).where(which).with_for_update()).scalar()
    return booking_id


def seen_by(seller: Seller) -> ColumnElement[bool]:
    """Match the bookings a seller may see: its partner's, of its supplier, and tests alone where it is confined."""
    conditions = [of_partner(seller.partner_id)]
    if seller.supplier is not None:
        its = select(products.c.id).where(products.c.supplier == seller.supplier)
        conditions.append(bookings.c.product_id.in_(its))
    if seller.confined:
        conditions.append(bookings.c.test_mode)
    return and_(*conditions)


def by_uuid(partner_id: int | None, uuid: UUID) -> ColumnElement[bool]:
    """Match the booking a seller knows by a uuid."""
    return and_(of_partner(partner_id), bookings.c.uuid == uuid)


def of_partner(partner_id: int | None) -> ColumnElement[bool]:
    """Match the bookings of a partner, or the portal's own."""
    return bookings.c.partner_id.is_(None) if partner_id is None else bookings.c.partner_id == partner_id


def write_tickets(connection: Connection, booking_id: int, tickets: Iterable[UnitItem]) -> None:
    """Make `tickets` all that a booking has."""
    connection.execute(unit_items.delete().where(unit_items.c.booking_id == booking_id))
    add_tickets(connection, booking_id, tickets)


def add_tickets(connection: Connection, booking_id: int, tickets: Iterable[UnitItem]) -> None:
    """Give a booking that has no tickets its first."""
    for position, ticket in enumerate(tickets):
        row = parts(ticket) | {"contact": parts(ticket.contact), "booking_id": booking_id, "position": position}
        prepared.rows(connection, ADD_TICKETS, row)


def _select(which: ColumnElement[bool]) -> Select[Any]:
    return (
        select(bookings, products.c.listing, products.c.supplier)
        .join(products, products.c.id == bookings.c.product_id)
        .where(which)
    )


def _bookings(connection: Connection, rows: Sequence[RowMapping], now: datetime) -> list[Booking]:
    tickets = _tickets(connection, [row["id"] for row in rows])
    sold = stock.sold_beside(connection, rows, now)
    terms = all_terms(connection, [(row["product_id"], row["product_version"]) for row in rows])
    return [
        _booking(dict(row), terms[row["product_id"], row["product_version"]], tickets[row["id"]], sold[row["id"]], now)
        for row in rows
    ]


def _booking(
    row: Mapping[str, Any], product: ProductTerms, tickets: Sequence[UnitItem], sold: int, now: datetime
) -> Booking:
    slot = _slot(product, option_of(product, row["option_id"]), row, sold, now)
    return as_booking(row, product, slot, tickets, now)


def _tickets(connection: Connection, booking_ids: Sequence[int]) -> Mapping[int, Sequence[UnitItem]]:
    found: dict[int, list[UnitItem]] = {}
    if booking_ids:
        statement = select(unit_items).where(unit_items.c.booking_id.in_(booking_ids)).order_by(unit_items.c.position)
        for row in connection.execute(statement).mappings():
            found.setdefault(row["booking_id"], []).append(_ticket(row))
    return found


def _ticket(row: RowMapping) -> UnitItem:
    return UnitItem(
        uuid=row["uuid"],
        unit_id=row["unit_id"],
        places=row["places"],
        price=row["price"],
        reseller_reference=row["reseller_reference"],
        contact=_contact(row["contact"]),
        redeemed_at=row["redeemed_at"],
    )


def as_booking(
    row: Mapping[str, Any], product: ProductTerms, slot: Slot, tickets: Sequence[UnitItem], now: datetime
) -> Booking:
    """Return a row of `bookings`, with its product's `listing` and `supplier`, as the booking it is at `now`.

    :param product: the terms of the row's version.
    :param slot: its slot at `now`.
    """
    option = option_of(product, row["option_id"])
    state = rules.state_at(State(row["status"]), row["expires_at"], now)
    until = rules.cancellable_until(option, slot)
    return Booking(
        id=row["id"],
        uuid=row["uuid"],
        partner_id=row["partner_id"],
        reference=row["reference"],
        product=product,
        option=option,
        slot=slot,
        listing=row["listing"],
        supplier=row["supplier"],
        state=state,
        test=row["test_mode"],
        tickets=tuple(tickets),
        total=row["total"],
        contact=_contact(row["contact"]),
        notes=row["notes"],
        reseller_reference=row["reseller_reference"],
        language=row["language"],
        created_at=row["created_at"],
        updated_at=row["updated_at"] if state == row["status"] else row["expires_at"],
        expires_at=row["expires_at"],
        confirmed_at=row["confirmed_at"],
        cancellation=_cancellation(row, state),
        redeemed_at=row["redeemed_at"],
        cancellable=rules.is_cancellable(state, until, now),
        cancellable_until=until,
        open_until=row["open_until"],
    )


def _slot(product: ProductTerms, option: OptionTerms, row: Mapping[str, Any], sold: int, now: datetime) -> Slot:
    if row["open_until"] is not None:
        return open_slot(product, option, row["starts_at"], row["open_until"])
    local = row["starts_at"].astimezone(product.zone)
    slot = find_slot(product, option, local.isoformat(), {row["starts_at"]: sold}, now)
    if slot is None:
        raise LookupError(f"the terms of {product.id} a booking was made under know no slot at {local}")
    return slot


def _cancellation(row: Mapping[str, Any], state: State) -> Cancellation | None:
    if state is State.EXPIRED:
        return Cancellation(row["expires_at"], "The hold expired.", Refund.NONE)
    if state is State.REJECTED and row["cancelled_at"] is None:
        return Cancellation(row["expires_at"], UNHEEDED, Refund.NONE)
    if row["cancelled_at"] is None:
        return None
    return Cancellation(row["cancelled_at"], row["cancel_reason"], Refund(row["refund"]))


def _contact(value: Mapping[str, Any]) -> Contact:
    return Contact(**{**value, "locales": tuple(value.get("locales", ()))})
