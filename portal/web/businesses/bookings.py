"""Who is coming: a business's bookings by day, one booking, and what the business decides about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from flask import Blueprint, Response, abort, request
from flask_babel import gettext, lazy_gettext
from sqlalchemy import Connection

from portal.accounts import audit
from portal.bookings import changes, guests, products, redemption
from portal.bookings.changes import After
from portal.bookings.errors import BookingError
from portal.bookings.guests import Departure, units_of
from portal.bookings.model import Booking
from portal.web import parameters
from portal.web.bookings.letters import tell_guest
from portal.web.businesses import mine
from portal.web.businesses.guard import Access, access, me, origin, page, see
from portal.web.context import services, today
from portal.web.formats import in_reader_language

blueprint = Blueprint("bookings", __name__, url_prefix="/<language:language>/business/bookings")

AHEAD = timedelta(days=60)
"""How far ahead the days are listed on which somebody comes."""
LONGEST_REASON = 300
STATES = {
    "PENDING": lazy_gettext("Waits for you"),
    "REJECTED": lazy_gettext("Refused"),
    "CONFIRMED": lazy_gettext("Confirmed"),
    "CANCELLED": lazy_gettext("Cancelled"),
    "REDEEMED": lazy_gettext("Checked in"),
}


@blueprint.get("/")
@access(Access.SIGNED_IN)
def show() -> Response:
    """Show a day, and the days to come; or what a search finds."""
    listings, words = mine.guests_of(), parameters.query(request.args)
    here, now = services(), today()
    if words:
        found = guests.search(here.database, here.clock, listings, words)
        return page("bookings_found", sought=words, found=found, states=STATES, units=units_in_words)
    day = chosen_day()
    departures = guests.departures(here.database, here.clock, listings, day)
    return page(
        "bookings",
        day=day,
        today=now,
        before=day - timedelta(days=1),
        after=day + timedelta(days=1),
        groups=by_listing(departures),
        several=len(listings) > 1,
        heads=sum(one.heads for one in departures if one.slot),
        parties=sum(len(one.parties) for one in departures if one.slot),
        expected=guests.expected(here.database, here.clock, listings, now, now + AHEAD),
        undecided=guests.undecided(here.database, here.clock, listings),
        cards=mine.cards(),
        products=[product.terms for product in products.products_of(here.database, listings)],
        states=STATES,
        units=units_in_words,
    )


@blueprint.get("/<reference>/")
@access(Access.SIGNED_IN)
def one(reference: str) -> Response:
    """Show one booking."""
    return booking_page(own_booking(reference))


@blueprint.get("/<reference>/take-back")
@blueprint.get("/<reference>/accept")
@blueprint.get("/<reference>/reject")
@access(Access.SIGNED_IN)
def back(reference: str) -> Response:
    """Lead back to the booking whoever reloads the answer to a form, or reads it in another language."""
    return see("bookings.one", reference=own_booking(reference).reference)


@blueprint.post("/<reference>/take-back")
@access(Access.SIGNED_IN)
def take_back(reference: str) -> Response:
    """Undo a check-in that was a mistake; the log keeps who did it."""
    booking, here = own_booking(reference), services()
    try:
        redemption.take_back(here.database, here.clock, booking.reference, noting("check-in taken back"))
    except BookingError:
        return booking_page(own_booking(reference), gettext("This check-in cannot be taken back."))
    return see("bookings.one", reference=booking.reference, done=1)


@blueprint.post("/<reference>/accept")
@access(Access.SIGNED_IN)
def accept(reference: str) -> Response:
    """Confirm a booking that waits for its business."""
    return _decide(reference, changes.accept, "booking accepted")


@blueprint.post("/<reference>/reject")
@access(Access.SIGNED_IN)
def reject(reference: str) -> Response:
    """Refuse a booking that waits for its business; the guest is told the reason."""
    reason = " ".join(request.form.get("reason", "").replace("\x00", "").split())[:LONGEST_REASON] or None
    return _decide(reference, partial(changes.reject, reason=reason), "booking refused")


def _decide(reference: str, decision: Callable[..., Booking], action: str) -> Response:
    booking, here = own_booking(reference), services()
    try:
        decision(here.database, here.clock, booking.reference, after=deciding(action))
    except BookingError:
        return booking_page(own_booking(reference), gettext("This booking does not wait for a decision any more."))
    return see("bookings.one", reference=booking.reference, done=1)


def own_booking(reference: str) -> Booking:
    """Return a booking of one's own listings; another's is as good as none."""
    booking = guests.find(services().database, services().clock, mine.guests_of(), reference)
    if booking is None:
        abort(404)
    return booking


def booking_page(booking: Booking, problem: str | None = None) -> Response:
    """Return the page of a booking."""
    return page(
        "booking",
        422 if problem else 200,
        booking=booking,
        problem=problem,
        done="done" in request.args,
        state=STATES.get(booking.state, booking.state),
        units=units_in_words,
        used_at=used_at(booking),
        on_its_day=redemption.is_its_day(booking, services().clock()),
    )


def noting(action: str) -> After:
    """Return what notes in the log, in the transaction of a change, who made it."""
    person, where, now = me().id, origin(), services().clock()

    def note(connection: Connection, booking: Booking) -> None:
        audit.record(connection, now, action, person=person, subject=booking.reference, origin=where)

    return note


def deciding(action: str) -> After:
    """Return what notes a decision in the log and writes to the guest, in its transaction."""
    note = noting(action)

    def tell(connection: Connection, booking: Booking) -> None:
        note(connection, booking)
        tell_guest(connection, booking)

    return tell


def chosen_day() -> date:
    """Return the day asked for, or today.

    :raises BadParameter: when it is none.
    """
    text = request.args.get("date", "")
    if not text:
        return today()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if not date(2000, 1, 1) <= day <= date(2999, 12, 30):
        raise parameters.BadParameter("date", "expected a date such as 2026-05-01")
    return day


def by_listing(departures: list[Departure]) -> dict[str, list[Departure]]:
    """Return departures by listing, in order."""
    groups: dict[str, list[Departure]] = {}
    for departure in departures:
        groups.setdefault(departure.listing, []).append(departure)
    return groups


def units_in_words(option: Any, parties: Any) -> list[tuple[str, int]]:
    """Return the names of units and how many there are, of a booking or several."""
    counted: Mapping[str, int] = units_of(option, [parties] if isinstance(parties, Booking) else parties)
    found = []
    for unit_id, quantity in counted.items():
        unit = option.unit(unit_id)
        found.append((in_reader_language(unit.names) if unit else unit_id, quantity))
    return found


def used_at(booking: Booking) -> datetime | None:
    """Return when a booking, or the first of its tickets, was used, in local time."""
    moments = [booking.redeemed_at, *(ticket.redeemed_at for ticket in booking.tickets)]
    known = [moment for moment in moments if moment is not None]
    return min(known).astimezone(booking.product.zone) if known else None
