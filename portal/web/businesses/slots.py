"""The calendar of what a business sells: days closed and opened, departures closed, resized, added."""

from __future__ import annotations

import re
from calendar import Calendar
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from flask import Blueprint, Response, abort, request
from flask_babel import gettext
from sqlalchemy import Connection

from portal.accounts import audit
from portal.bookings import calendar_changes, products
from portal.bookings.calendar_changes import CalendarDay
from portal.bookings.errors import BookingError, CapacityBelowSold, InvalidProduct
from portal.bookings.overrides import WHOLE_DAY, Override
from portal.bookings.products import Product
from portal.bookings.terms import OptionTerms
from portal.web import parameters
from portal.web.businesses import mine
from portal.web.businesses.guard import Access, access, me, origin, page, see
from portal.web.context import language, services
from portal.web.formats import clock_time, count
from portal.web.formats import day as day_in_words

PATH = "/<language:language>/business/bookings/calendar/<product>/<option>"
blueprint = Blueprint("slots", __name__, url_prefix=PATH)
MOST_PLACES = 100_000
CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


@blueprint.get("/")
@access(Access.SIGNED_IN)
def show(product: str, option: str) -> Response:
    """Show a month."""
    return _month(*_own(product, option))


@blueprint.post("/")
@access(Access.SIGNED_IN)
def change_days(product: str, option: str) -> Response:
    """Close the days from one to another, or let the rules hold for them again."""
    mine_, offered = _own(product, option)
    try:
        first, last = (date.fromisoformat(request.form.get(name, "")) for name in ("first", "last"))
    except ValueError:
        return _month(mine_, offered, gettext("Choose the first and the last day."))
    if not 0 <= (last - first).days < calendar_changes.LONGEST or not _sensible(first):
        return _month(mine_, offered, gettext("Choose the first and the last day."))
    days, decided = calendar_changes.closed(first, last)
    problem = _decide(mine_, offered, days, decided if request.form.get("what") == "close" else [])
    if problem:
        return _month(mine_, offered, problem)
    return see("slots.show", product=product, option=option, month=f"{first:%Y-%m}", done=1)


@blueprint.get("/<day>")
@access(Access.SIGNED_IN)
def show_day(product: str, option: str, day: str) -> Response:
    """Show a day's departures with their places."""
    return _day(*_own(product, option), _date(day))


@blueprint.post("/<day>")
@access(Access.SIGNED_IN)
def change_day(product: str, option: str, day: str) -> Response:
    """Take what was decided about a day: each departure as planned, closed or with other places; one more."""
    mine_, offered = _own(product, option)
    on = _date(day)
    try:
        decided = _sent(mine_, offered, on)
    except parameters.BadParameter as error:
        return _day(mine_, offered, on, error.message)
    problem = _decide(mine_, offered, [on], decided)
    if problem:
        return _day(mine_, offered, on, problem)
    return see("slots.show", product=product, option=option, month=f"{on:%Y-%m}", done=1)


def _own(product_id: str, option_id: str) -> tuple[Product, OptionTerms]:
    """Return a product of one's own listings and its option; another's is as good as none."""
    listings = mine.guests_of()
    try:
        found = products.get_product(services().database, product_id)
        option = products.option_of(found.terms, option_id)
    except BookingError:
        abort(404)
    if found.listing not in listings:
        abort(404)
    return found, option


def _decide(product: Product, option: OptionTerms, days: Sequence[date], decided: Sequence[Override]) -> str | None:
    """Return why it cannot be, in the reader's language, or nothing when it is done."""
    person, where = me().id, origin()
    detail = f"{option.id}, {days[0]} to {days[-1]}: " + ("; ".join(map(_plain, decided[:5])) or "as planned")

    def note(connection: Connection, now: datetime) -> None:
        subject = product.terms.id
        audit.record(connection, now, "calendar changed", person=person, subject=subject, detail=detail, origin=where)

    key = (product.terms.id, option.id)
    try:
        calendar_changes.decide(services().database, services().clock, key, days, decided, note)
    except CapacityBelowSold as error:
        return refusal(error)
    except InvalidProduct:
        abort(404)
    return None


def refusal(error: CapacityBelowSold) -> str:
    """Return that a capacity is too small, with how many places are sold, and when."""
    when = f"{day_in_words(error.starts_at.date(), 'medium')} {clock_time(error.starts_at.time())}"
    return str(
        gettext(
            "%(sold)s places are sold or held already (%(when)s). There cannot be fewer.",
            sold=count(error.sold),
            when=when,
        )
    )


def _plain(one: Override) -> str:
    return f"{one.start or 'day'} {'closed' if one.capacity is None else one.capacity}"


def _sent(product: Product, option: OptionTerms, on: date) -> list[Override]:
    """Return what the form decides about a day.

    :raises BadParameter: a number or a time that is none, in the reader's words.
    """
    if request.form.get("whole") == "closed":
        return [Override(on, WHOLE_DAY, None)]
    decided = []
    for cell in _of_day(product, option, on).cells:
        what = request.form.get(f"what-{cell.start}", "planned")
        if what == "closed":
            decided.append(Override(on, cell.start, None))
        elif what == "places":
            decided.append(Override(on, cell.start, _places(f"places-{cell.start}")))
    added = request.form.get("added", "").strip()
    if added and product.terms.availability_type == "START_TIME":
        if not CLOCK.fullmatch(added):
            raise parameters.BadParameter("added", gettext("Choose a time."))
        decided = [one for one in decided if one.start != added]
        decided.append(Override(on, added, _places("places-added")))
    return decided


def _places(name: str) -> int:
    text = request.form.get(name, "").strip()
    if not (text.isascii() and text.isdecimal() and len(text) <= 6 and int(text) <= MOST_PLACES):
        raise parameters.BadParameter(name, gettext("Enter how many places there are."))
    return int(text)


def _month(product: Product, option: OptionTerms, problem: str | None = None) -> Response:
    zone = product.terms.zone
    first = _month_asked(services().clock().astimezone(zone).date())
    weeks = Calendar(language().locale.first_week_day).monthdatescalendar(first.year, first.month)
    days = _days(product, option, [day for week in weeks for day in week])
    return page(
        "slots",
        422 if problem else 200,
        product=product.terms,
        option=option,
        problem=problem,
        done="done" in request.args,
        first=first,
        before=first - timedelta(days=1),
        after=first + timedelta(days=31),
        today=services().clock().astimezone(zone).date(),
        weeks=[days[n : n + 7] for n in range(0, len(days), 7)],
        form=request.form,
    )


def _day(product: Product, option: OptionTerms, on: date, problem: str | None = None) -> Response:
    return page(
        "slots_day",
        422 if problem else 200,
        product=product.terms,
        option=option,
        problem=problem,
        day=_of_day(product, option, on),
        by_start=product.terms.availability_type == "START_TIME",
        limited=not product.terms.freesale,
        form=request.form,
    )


def _of_day(product: Product, option: OptionTerms, on: date) -> CalendarDay:
    return _days(product, option, [on])[0]


def _days(product: Product, option: OptionTerms, days: Sequence[date]) -> list[CalendarDay]:
    return calendar_changes.month(services().database, services().clock, product.terms.id, option.id, days)


def _month_asked(now: date) -> date:
    text = request.args.get("month", "")
    if not text:
        return now.replace(day=1)
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        first = date.min
    if not _sensible(first):
        raise parameters.BadParameter("month", "expected a month such as 2026-05")
    return first


def _date(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        abort(404)
    if not _sensible(day):
        abort(404)
    return day


def _sensible(day: date) -> bool:
    return date(2000, 1, 1) <= day <= date(2900, 12, 31)
