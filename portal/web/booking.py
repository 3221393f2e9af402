"""A visitor books: choose a day and time, hold places, confirm, cancel. Every step works without JavaScript."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, cast
from uuid import UUID, uuid4

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext

from portal.bookings import changes, holds, queries
from portal.bookings.availability import HORIZON, Slot
from portal.bookings.errors import (
    BadQuantity,
    BookingError,
    HoldExpired,
    InvalidProduct,
    NotPossible,
    SalesClosed,
    SoldOut,
    TooLateToCancel,
)
from portal.bookings.model import PORTAL, Booking, Clock, Contact, Order, Seller, Ticket
from portal.bookings.products import get_product
from portal.bookings.terms import OptionTerms, ProductTerms, UnitTerms
from portal.database import Database
from portal.web import parameters
from portal.web.context import language, services
from portal.web.formats import in_reader_language
from portal.web.forms import EMAIL, LONGEST_FIELD

blueprint = Blueprint("booking", __name__, url_prefix="/<language:language>")

STATES = {
    "ON_HOLD": lazy_gettext("Your places are held"),
    "CONFIRMED": lazy_gettext("Your booking is confirmed"),
    "CANCELLED": lazy_gettext("This booking has been cancelled"),
    "EXPIRED": lazy_gettext("The places are no longer held"),
    "REDEEMED": lazy_gettext("This booking has been used"),
}
REFUSALS: dict[type[BookingError], Any] = {
    SoldOut: lazy_gettext("There are not enough places left at that time. Choose another time or fewer tickets."),
    SalesClosed: lazy_gettext("It is too late to book that time. Choose a later one."),
    BadQuantity: lazy_gettext("Choose at least one ticket, and not more than one booking may have."),
    HoldExpired: lazy_gettext("The places are no longer held. Please book again."),
    TooLateToCancel: lazy_gettext("It is too late to cancel this booking."),
    NotPossible: lazy_gettext("This booking can no longer be changed."),
}


@dataclass
class Form:
    """What the visitor filled in. `uuid` makes sending it twice hold the places once."""

    slot: str = ""
    units: dict[str, int] = field(default_factory=dict)
    name: str = ""
    email: str = ""
    uuid: UUID = field(default_factory=uuid4)


@blueprint.get("/book/<product>/")
def choose(product: str) -> Response:
    """Show what can be booked on a day."""
    return _form(_product(product), Form())


@blueprint.post("/book/<product>/")
def reserve(product: str) -> Response:
    """Hold places and go on to the booking's page; a form that cannot be taken comes back with the reason."""
    terms = _product(product)
    form = _read_form()
    try:
        form.units = _quantities(terms)
    except parameters.BadParameter as error:
        return _form(terms, form, _refusal(BadQuantity(str(error))))
    problem = _missing(form)
    if problem:
        return _form(terms, form, problem)
    try:
        booking = holds.reserve(services().database, services().clock, PORTAL, _order(terms, form))
    except BookingError as error:
        return _form(terms, form, _refusal(error))
    return _see(booking)


@blueprint.get("/bookings/<reference>/")
def show(reference: str) -> Response:
    """Show a visitor's booking to whoever has its signed link."""
    return _page(_booking(reference))


@blueprint.get("/bookings/<reference>/confirm")
@blueprint.get("/bookings/<reference>/cancel")
def return_to_booking(reference: str) -> Response:
    """Lead back to the booking whoever reloads the answer to a form, or reads it in another language."""
    return _see(_booking(reference))


@blueprint.post("/bookings/<reference>/confirm")
def confirm(reference: str) -> Response:
    """Turn a hold into a booking."""
    return _change(reference, changes.confirm)


@blueprint.post("/bookings/<reference>/cancel")
def cancel(reference: str) -> Response:
    """Give the places back."""
    return _change(reference, changes.cancel)


def _change(reference: str, change: Callable[[Database, Clock, Seller, UUID], Booking]) -> Response:
    booking = _booking(reference)
    try:
        return _see(change(services().database, services().clock, PORTAL, booking.uuid))
    except BookingError as error:
        return _page(_booking(reference), _refusal(error))


def _product(product_id: str) -> ProductTerms:
    try:
        return get_product(services().database, product_id).terms
    except InvalidProduct:
        abort(404)


def _booking(reference: str) -> Booking:
    """Return the booking of a signed link; any other link is as good as none."""
    secret = services().settings.secret_key
    token = request.args.get("token", "")
    booking = queries.find_by_reference(services().database, services().clock, secret, reference, token)
    if booking is None:
        abort(404)
    return booking


def _quantities(terms: ProductTerms) -> dict[str, int]:
    """Return how many of each unit the visitor wants, by unit id.

    :raises BadParameter: when one is no whole number.
    """
    wanted = {
        unit.id: parameters.number(request.form, f"unit-{unit.id}", 0, least=0, most=1000) for unit in _units(terms)
    }
    return {unit: quantity for unit, quantity in wanted.items() if quantity}


def _read_form() -> Form:
    """Return what the visitor filled in, but for the quantities."""
    sent = request.form
    try:
        uuid = UUID(sent.get("uuid", ""))
    except ValueError:
        uuid = uuid4()
    return Form(
        slot=sent.get("slot", ""),
        name=" ".join(sent.get("name", "").split())[:LONGEST_FIELD],
        email=sent.get("email", "").strip()[:LONGEST_FIELD],
        uuid=uuid,
    )


def _missing(form: Form) -> str | None:
    """Return what the visitor still has to fill in, in their language."""
    if not form.slot:
        return str(gettext("Choose a time."))
    if not form.name:
        return str(gettext("Enter your name."))
    if not EMAIL.match(form.email):
        return str(gettext("Enter an email address, such as name@example.com."))
    return None


def _order(terms: ProductTerms, form: Form) -> Order:
    option, _, slot = form.slot.partition(" ")
    return Order(
        uuid=form.uuid,
        product_id=terms.id,
        option_id=option,
        slot_id=slot,
        tickets=tuple(Ticket(unit) for unit, quantity in form.units.items() for _ in range(quantity)),
        contact=Contact(full_name=form.name, email_address=form.email, locales=(language().tag,)),
        language=language().tag,
    )


def _refusal(error: BookingError) -> str:
    known = next((words for kind, words in REFUSALS.items() if isinstance(error, kind)), None)
    return str(known or gettext("These places cannot be booked. Choose again."))


def _form(terms: ProductTerms, form: Form, problem: str | None = None) -> Response:
    today = services().clock().astimezone(terms.zone).date()
    last = today + HORIZON
    chosen = _chosen_day(today, last)
    offers = [(option, _slots(terms, option, chosen)) for option in terms.options]
    if problem is None and "date" not in request.args and not _any_left(offers):
        chosen += timedelta(days=1)  # the day is over: show the next one instead of an empty form
        offers = [(option, _slots(terms, option, chosen)) for option in terms.options]
    text = render_template(
        "visitors/book.html",
        product=terms,
        form=form,
        problem=problem,
        offers=offers,
        only_slot=sum(len(slots) for _, slots in offers) == 1,
        units=_units(terms),
        max_units=max(option.max_units for option in terms.options),
        chosen=chosen,
        first=today,
        last=last,
    )
    return _private(text, 200 if problem is None else 422)


def _chosen_day(today: date, last: date) -> date:
    text = request.args.get("date", "")
    if not text:
        return today
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise parameters.BadParameter("date", "expected a date such as 2026-05-01") from None
    if not today - timedelta(days=1) <= day <= last:
        raise parameters.BadParameter("date", f"expected a date from {today} to {last}")
    return day


def _slots(terms: ProductTerms, option: OptionTerms, day: date) -> list[Slot]:
    wish = queries.Wish(terms.id, option.id)
    return queries.availability(services().database, services().clock, wish, day, day)


def _any_left(offers: list[tuple[OptionTerms, list[Slot]]]) -> bool:
    return any(slot.available for _, slots in offers for slot in slots)


def _units(terms: ProductTerms) -> list[UnitTerms]:
    """Return the units of all options, each once."""
    return list({unit.id: unit for option in terms.options for unit in option.units}.values())


def _see(booking: Booking) -> Response:
    token = queries.token_for(services().settings.secret_key, booking.reference)
    return cast(Response, redirect(url_for("booking.show", reference=booking.reference, token=token), 303))


def _page(booking: Booking, problem: str | None = None) -> Response:
    names = {unit.id: in_reader_language(unit.names) for unit in booking.option.units}
    quantities = Counter(ticket.unit_id for ticket in booking.tickets)
    local = booking.product.names.get(services().catalog.languages.source.tag, "")
    text = render_template(
        "visitors/booking.html",
        booking=booking,
        product=booking.product,
        problem=problem,
        heading=STATES[booking.state],
        local_product_name=local if local != in_reader_language(booking.product.names) else "",
        expires_at=booking.expires_at.astimezone(booking.product.zone),
        tickets=[(names.get(unit, unit), quantity) for unit, quantity in quantities.items()],
        token=request.args.get("token", ""),
    )
    return _private(text, 200 if problem is None else 409)


def _private(text: str, status: int) -> Response:
    """Return a page that is this visitor's alone."""
    answer = make_response(text, status)
    answer.headers["Cache-Control"] = "private, no-store"
    # The address holds the link's signature: no other site gets it. Our own forms need it, as over https a form
    # that does not say which page it comes from is refused.
    answer.headers["Referrer-Policy"] = "same-origin"
    return answer
