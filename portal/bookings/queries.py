"""Reading: what is free, and who booked what."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from itsdangerous import Signer
from sqlalchemy import ColumnElement, Connection, and_, select

from portal.bookings import rules, stock, store
from portal.bookings.availability import (
    FIRST_DATE,
    LAST_DATE,
    Day,
    Slot,
    Sold,
    calendar,
    date_of,
    days_between,
    slots,
    spans,
)
from portal.bookings.errors import InvalidBooking, InvalidProduct, Malformed
from portal.bookings.model import PORTAL, Booking, Clock, Seller
from portal.bookings.products import Product, every_product, option_of, product_on_sale
from portal.bookings.tables import bookings
from portal.bookings.tables import slots as slot_rows
from portal.bookings.terms import OptionTerms, ProductTerms
from portal.database import Database

Answer = TypeVar("Answer")

LONGEST_RANGE = 731
"""The most days one question may span."""
LONGEST_LIST = 2_000
"""The most bookings one answer holds."""


@dataclass(frozen=True, slots=True)
class Wish:
    """An option of a product, and for whom: quantities by unit id, empty for "anybody"."""

    product_id: str
    option_id: str
    units: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Filter:
    """Which bookings to list; every part that is given must match. Dates are the slot's local ones, both included."""

    reseller_reference: str | None = None
    reference: str | None = None
    first: date | None = None
    last: date | None = None
    product_id: str | None = None
    option_id: str | None = None


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """The time of a slot of an option, and the resource it shares with other options, if it does."""

    product_id: str
    option_id: str
    resource: str | None
    starts_at: datetime
    ends_at: datetime


def availability(
    database: Database, clock: Clock, wish: Wish, first: date, last: date, seller: Seller = PORTAL
) -> list[Slot]:
    """Return the slots of an option that start between two local dates, both included.

    :raises InvalidProduct, InvalidOption, InvalidUnit: there is no such thing on sale.
    :raises Malformed: the range is backwards or longer than `LONGEST_RANGE` days, or more units than may be booked.
    """
    return _work_out(slots, database, clock, wish, _range(first, last), seller)


def availability_by_id(
    database: Database, clock: Clock, wish: Wish, slot_ids: Iterable[str], seller: Seller = PORTAL
) -> list[Slot]:
    """Return the slots of these ids; unknown ones are left out. Raises as `availability`."""
    wanted = set(slot_ids)
    days = sorted({day for slot_id in wanted if (day := date_of(slot_id)) is not None})
    if len(days) > LONGEST_RANGE:
        raise Malformed(f"availabilityIds: expected at most {LONGEST_RANGE} days")
    return [slot for slot in _work_out(slots, database, clock, wish, days, seller) if slot.id in wanted]


def availability_calendar(
    database: Database, clock: Clock, wish: Wish, first: date, last: date, seller: Seller = PORTAL
) -> list[Day]:
    """Return one entry for each local date from `first` to `last`. Raises as `availability`."""
    return _work_out(calendar, database, clock, wish, _range(first, last), seller)


def slots_meanwhile(
    connection: Connection, time: Meanwhile, now: datetime
) -> Iterator[tuple[Product, str, list[Slot]]]:
    """Yield the slots whose places count together with those of a slot: itself, and those that share its resource."""
    for product in _sharing(connection, time):
        for option in product.terms.options:
            own = (product.terms.id, option.id) == (time.product_id, time.option_id)
            if not own and (time.resource is None or option.resource != time.resource):
                continue
            local = [moment.astimezone(product.terms.zone).date() for moment in (time.starts_at, time.ends_at)]
            days = days_between(local[0] - timedelta(days=1), local[1])
            sold = stock.sold(connection, product.terms, option, spans(product.terms, option, days), now)
            found = [slot for slot in slots(product.terms, option, days, sold, now) if _touches(slot, time, own=own)]
            if found:
                yield product, option.id, found


def _sharing(connection: Connection, time: Meanwhile) -> Iterator[Product]:
    if time.resource is not None:
        yield from every_product(connection)
        return
    with suppress(InvalidProduct):  # withdrawn meanwhile
        yield product_on_sale(connection, time.product_id)


def _touches(slot: Slot, time: Meanwhile, *, own: bool) -> bool:
    if own and slot.starts_at == time.starts_at:
        return True
    return time.resource is not None and slot.starts_at < time.ends_at and slot.ends_at > time.starts_at


def places_for(option: OptionTerms, units: Iterable[tuple[str, int]]) -> int:
    """Return the places that quantities of units take, at least 1.

    :raises InvalidUnit: the option has no such unit.
    :raises Malformed: more units than one booking may have.
    """
    quantities = list(units)
    if sum(quantity for _, quantity in quantities) > option.max_units:
        raise Malformed(f"units: a booking may have at most {option.max_units}")
    return max(1, sum(rules.unit_of(option, unit_id).pax * quantity for unit_id, quantity in quantities))


def get_booking(database: Database, clock: Clock, seller: Seller, uuid: UUID) -> Booking:
    """Return a seller's booking.

    :raises InvalidBooking: the seller has none of that uuid.
    """
    with database.read() as connection:
        booking = store.load_one(connection, and_(store.seen_by(seller), bookings.c.uuid == uuid), clock())
    if booking is None:
        raise InvalidBooking(f"there is no booking {uuid}", str(uuid))
    return booking


def list_bookings(database: Database, clock: Clock, seller: Seller, wanted: Filter) -> list[Booking]:
    """Return a seller's bookings that match, in the order they were made.

    :raises Malformed: nothing to filter by, half a range, or more than `LONGEST_LIST` match.
    """
    conditions = [store.seen_by(seller), *_conditions(wanted)]
    if len(conditions) == 1:
        raise Malformed("expected resellerReference, supplierReference, localDate, or localDateStart and localDateEnd")
    with database.read() as connection:
        found = store.load(connection, and_(*conditions), clock(), LONGEST_LIST + 1)
    if len(found) > LONGEST_LIST:
        raise Malformed(f"more than {LONGEST_LIST} bookings match; ask for fewer days")
    return found


def latest(database: Database, clock: Clock, seller: Seller, limit: int, offset: int = 0) -> list[Booking]:
    """Return what a seller booked last, newest first."""
    newest = select(bookings.c.id).where(store.seen_by(seller)).order_by(bookings.c.id.desc())
    with database.read() as connection:
        ids = connection.execute(newest.limit(limit).offset(offset)).scalars().all()
        return store.load(connection, bookings.c.id.in_(ids), clock())[::-1]


def find_by_reference(database: Database, clock: Clock, secret: str, reference: str, token: str) -> Booking | None:
    """Return the visitor's booking a signed link leads to; None when the link is not ours or the booking unknown.

    :param secret: the portal's secret key.
    :param token: what `token_for` gave for this reference.
    """
    known = rules.clean_reference(reference)
    if "\0" in known or not _signer(secret).verify_signature(known.encode(), token.encode("utf-8", "replace")):
        return None
    with database.read() as connection:
        return store.load_one(connection, bookings.c.reference == known, clock())


def find_by_mail(database: Database, clock: Clock, reference: str, mail: str) -> Booking | None:
    """Return the visitor's booking of a reference, if it was made with this mail address."""
    known = rules.clean_reference(reference)
    if "\0" in known:  # PostgreSQL takes none in a text
        return None
    with database.read() as connection:
        booking = store.load_one(connection, (bookings.c.reference == known) & store.of_partner(None), clock())
    same = booking is not None and (booking.contact.email_address or "").casefold() == mail.casefold()
    return booking if same else None


def token_for(secret: str, reference: str) -> str:
    """Return what proves, in a link, that somebody was given this booking. 43 characters safe in addresses."""
    return _signer(secret).get_signature(reference).decode()


def _signer(secret: str) -> Signer:
    return Signer(secret, salt="booking", key_derivation="hmac", digest_method=hashlib.sha256)


def _work_out(
    answer: Callable[[ProductTerms, OptionTerms, Sequence[date], Sold, datetime, int], list[Answer]],
    database: Database,
    clock: Clock,
    wish: Wish,
    days: list[date],
    seller: Seller,
) -> list[Answer]:
    """Return what `answer` makes of a wish's terms and of what is sold on these days."""
    with database.read() as connection:
        product = product_on_sale(connection, wish.product_id, seller.supplier).terms
        option = option_of(product, wish.option_id)
        now = clock()
        sold = stock.sold(connection, product, option, spans(product, option, days), now)
    return answer(product, option, days, sold, now, places_for(option, wish.units))


def _range(first: date, last: date) -> list[date]:
    if not 0 <= (last - first).days < LONGEST_RANGE:
        raise Malformed(f"localDateEnd: expected a date from {first} on, at most {LONGEST_RANGE} days in all")
    if not (first >= FIRST_DATE and last <= LAST_DATE):
        raise Malformed(f"localDateStart: expected dates from {FIRST_DATE} to {LAST_DATE}")
    return days_between(first, last)


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.reseller_reference is not None:
        conditions.append(bookings.c.reseller_reference == wanted.reseller_reference)
    if wanted.reference is not None:
        conditions.append(bookings.c.reference == rules.clean_reference(wanted.reference))
    if wanted.first is not None or wanted.last is not None:
        if wanted.first is None or wanted.last is None:
            raise Malformed("expected both localDateStart and localDateEnd")
        days = slot_rows.c.local_date.between(wanted.first, wanted.last)
        conditions.append(bookings.c.slot_id.in_(select(slot_rows.c.id).where(days)))
    if not conditions:
        return []
    if wanted.product_id is not None:
        conditions.append(bookings.c.product_id == wanted.product_id)
    if wanted.option_id is not None:
        conditions.append(bookings.c.option_id == wanted.option_id)
    return conditions
