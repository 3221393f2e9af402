"""Who is coming: the bookings of listings as their business sees them, by day and departure, and how to find one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from portal.bookings import rules, stock, store
from portal.bookings.availability import Slot, slots, spans
from portal.bookings.model import Booking, Clock, State
from portal.bookings.products import Product, on_sale_of
from portal.bookings.tables import bookings, products
from portal.bookings.tables import slots as slot_rows
from portal.bookings.terms import OptionTerms, ProductTerms
from portal.database import Database

MOST = 5_000
"""The most bookings one day shows."""
FOUND = 50
"""The most bookings a search shows."""
SEARCHED = ("full_name", "first_name", "last_name", "email_address", "phone_number")


@dataclass(frozen=True, slots=True)
class Departure:
    """A slot of a listing's option and the parties that come to it; `slot` is None for what has no date."""

    listing: str
    product: ProductTerms
    option: OptionTerms
    slot: Slot | None
    parties: tuple[Booking, ...]

    @property
    def heads(self) -> int:
        """How many places the parties take."""
        return sum(ticket.places for party in self.parties for ticket in party.tickets)

    @property
    def units(self) -> Mapping[str, int]:
        """How many of each unit come, by the unit's id, as the option lists them."""
        return units_of(self.option, self.parties)

    @property
    def arrived(self) -> int:
        """How many places are taken by who is in already."""
        return sum(
            ticket.places
            for party in self.parties
            for ticket in party.tickets
            if party.redeemed_at is not None or ticket.redeemed_at is not None
        )


@dataclass(frozen=True, slots=True)
class Expected:
    """How many parties and places a day has."""

    day: date
    parties: int
    heads: int


def units_of(option: OptionTerms, parties: Iterable[Booking]) -> dict[str, int]:
    """Return how many of each unit parties have, by the unit's id, in the option's order."""
    counted = Counter(ticket.unit_id for party in parties for ticket in party.tickets)
    return {unit.id: counted[unit.id] for unit in option.units if counted[unit.id]} | counted


def departures(database: Database, clock: Clock, listings: Collection[str], day: date) -> list[Departure]:
    """Return every slot that listings have on a local date, empty ones too, and the parties without a date, last.

    Parties keep the slot they booked where the terms have changed since.
    """
    with database.read() as connection:
        now = clock()
        on_sale = on_sale_of(connection, listings)
        coming = store.load(connection, _coming_on(listings, day, now), now, MOST)
        planned = {
            (product.terms.id, option.id): _planned(connection, product.terms, option, day, now)
            for product in on_sale
            for option in product.terms.options
        }
    return _by_departure(on_sale, planned, coming)


def expected(database: Database, clock: Clock, listings: Collection[str], first: date, last: date) -> list[Expected]:
    """Return how many come on each local date between two, for the dates somebody comes on."""
    dated = and_(slot_rows.c.local_date.between(first, last), bookings.c.open_until.is_(None))
    statement = (
        select(slot_rows.c.local_date, func.count().label("parties"), func.sum(bookings.c.places).label("heads"))
        .join(slot_rows, slot_rows.c.id == bookings.c.slot_id)
        .join(products, products.c.id == bookings.c.product_id)
        .where(_of(listings), dated)
        .group_by(slot_rows.c.local_date)
        .order_by(slot_rows.c.local_date)
    )
    with database.read() as connection:
        live = statement.where(_live(clock()))
        return [Expected(row.local_date, row.parties, int(row.heads)) for row in connection.execute(live)]


def search(database: Database, clock: Clock, listings: Collection[str], words: str) -> list[Booking]:
    """Return the bookings of listings whose reference, name, mail, phone or seller's reference has these words.

    The newest first, at most `FOUND`; whatever their state, but holds that were never confirmed.
    """
    if not words or "\0" in words:  # PostgreSQL takes no NUL in a text
        return []
    fields = [bookings.c.contact[name].as_string().icontains(words, autoescape=True) for name in SEARCHED]
    reference = rules.split_code(words)[0]
    known = or_(bookings.c.reference == reference, bookings.c.reseller_reference == words, *fields)
    begun = bookings.c.status.not_in((State.ON_HOLD, State.EXPIRED))
    with database.read() as connection:
        newest = (
            select(bookings.c.id)
            .join(products, products.c.id == bookings.c.product_id)
            .where(_of(listings), begun, known)
            .order_by(bookings.c.starts_at.desc(), bookings.c.id.desc())
            .limit(FOUND)
        )
        ids = connection.execute(newest).scalars().all()
        found = store.load(connection, bookings.c.id.in_(ids), clock()) if ids else []
    return sorted(found, key=lambda booking: ids.index(booking.id))


def undecided(database: Database, clock: Clock, listings: Collection[str]) -> list[Booking]:
    """Return the bookings of listings that wait for a decision, the one whose time ends first at the top."""
    with database.read() as connection:
        now = clock()
        pending = and_(bookings.c.status == State.PENDING, bookings.c.expires_at > now)
        found = store.load(connection, and_(_of(listings), pending), now, MOST)
    return sorted(found, key=lambda booking: booking.expires_at)


def still_to_come(database: Database, clock: Clock, listing: str) -> dict[tuple[str, str], int]:
    """Return how many bookings of a listing are yet to be used, by product and option."""
    statement = (
        select(bookings.c.product_id, bookings.c.option_id, func.count().label("parties"))
        .join(products, products.c.id == bookings.c.product_id)
        .group_by(bookings.c.product_id, bookings.c.option_id)
    )
    with database.read() as connection:
        now = clock()
        ahead = func.coalesce(bookings.c.open_until, bookings.c.ends_at, bookings.c.starts_at) > now
        coming = statement.where(_of([listing]), _live(now), ahead, bookings.c.status != State.REDEEMED)
        return {(row.product_id, row.option_id): row.parties for row in connection.execute(coming)}


def find(database: Database, clock: Clock, listings: Collection[str], reference: str) -> Booking | None:
    """Return a booking of listings by its reference; another's is as good as none."""
    known = rules.clean_reference(reference)
    if "\0" in known:
        return None
    with database.read() as connection:
        return store.load_one(connection, and_(_of(listings), bookings.c.reference == known), clock())


def _by_departure(
    on_sale: Sequence[Product], planned: Mapping[tuple[str, str], Sequence[Slot]], coming: Sequence[Booking]
) -> list[Departure]:
    parties: dict[tuple[str, str, str], list[Booking]] = {}
    for booking in coming:
        slot_id = "" if booking.open_until else booking.slot.id
        parties.setdefault((booking.product.id, booking.option.id, slot_id), []).append(booking)
    found = []
    for product in on_sale:
        for option in product.terms.options:
            for slot in planned[product.terms.id, option.id]:
                there = parties.pop((product.terms.id, option.id, slot.id), [])
                found.append(Departure(product.listing, product.terms, option, slot, tuple(there)))
    for there in parties.values():  # what is off the plan by now, or has no date
        one = there[0]
        dated = None if one.open_until else one.slot
        found.append(Departure(one.listing, one.product, one.option, dated, tuple(there)))
    return sorted(found, key=_order)


def _order(departure: Departure) -> tuple[bool, str, bool, str, str]:
    slot = departure.slot
    return (
        slot is None,
        departure.listing,
        slot is not None and slot.all_day,
        slot.id if slot else "",
        departure.product.id,
    )


def _planned(
    connection: Connection, product: ProductTerms, option: OptionTerms, day: date, now: datetime
) -> list[Slot]:
    sold = stock.sold(connection, product, option, spans(product, option, [day]), now)
    return slots(product, option, [day], sold, now)


def _of(listings: Collection[str]) -> ColumnElement[bool]:
    """Match the bookings of listings; the products have to be joined. Tests are nobody's guests."""
    return and_(products.c.listing.in_(listings), ~bookings.c.test_mode)


def _live(now: datetime) -> ColumnElement[bool]:
    """Match the bookings whose guests are coming, or may be."""
    undecided = and_(bookings.c.status == State.PENDING, bookings.c.expires_at > now)
    return or_(bookings.c.status.in_((State.CONFIRMED, State.REDEEMED)), undecided)


def _coming_on(listings: Collection[str], day: date, now: datetime) -> ColumnElement[bool]:
    dated = bookings.c.slot_id.in_(select(slot_rows.c.id).where(slot_rows.c.local_date == day))
    valid = and_(bookings.c.open_until.is_not(None), bookings.c.open_until > now, bookings.c.status != State.REDEEMED)
    return and_(_of(listings), _live(now), or_(and_(dated, bookings.c.open_until.is_(None)), valid))
