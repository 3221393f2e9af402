"""A visitor chooses a day, a time and tickets, and has the places held. Every step works without JavaScript."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import cast

from babel.numbers import format_decimal, get_currency_precision
from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from portal.bookings import changes, holds, queries, rules
from portal.bookings.availability import Day, Slot, open_until
from portal.bookings.errors import BookingError, InvalidProduct
from portal.bookings.model import PORTAL, Booking, Change, State
from portal.bookings.products import Product, get_product
from portal.bookings.queries import Wish
from portal.bookings.terms import OptionTerms, ProductTerms
from portal.web.bookings import form, links, words
from portal.web.bookings.form import ANY_DAY, Choice
from portal.web.bookings.month import Month, month, span
from portal.web.context import language, services
from portal.web.formats import money
from portal.web.parameters import Arguments, BadParameter

LOOK_AHEAD = timedelta(days=62)
"""How far the first day with free places is looked for when none is chosen."""

blueprint = Blueprint("booking", __name__, url_prefix="/<language:language>")


@blueprint.get("/book/<product>/")
def choose(product: str) -> Response:
    """Show what can be booked when."""
    on_sale = _product(product)
    chosen = form.read(on_sale.terms, request.args, request.args, _today(on_sale.terms))
    return page(on_sale, _with_day(on_sale.terms, chosen))


@blueprint.post("/book/<product>/")
def reserve(product: str) -> Response:
    """Hold places and go on to the booking's page; a form that cannot be taken comes back with the reason."""
    on_sale = _product(product)
    try:
        choice = form.read(on_sale.terms, request.form, request.args, _today(on_sale.terms))
    except BadParameter as error:
        if not error.field.startswith("unit-"):
            raise
        rest: Arguments = MultiDict({name: text for name, text in request.form.items() if name != error.field})
        choice = form.read(on_sale.terms, rest, request.args, _today(on_sale.terms))
        return page(on_sale, choice, words.how_many(choice.option.min_units, choice.option.max_units))
    if request.form.get("action") == "total":
        address = url_for("booking.choose", product=product, **choice.address(), _anchor="tickets")
        return cast(Response, redirect(address, 303))
    problem = _missing(choice)
    if problem:
        return page(on_sale, choice, problem)
    try:
        return links.see(_hold(on_sale.terms, choice))
    except BookingError as error:
        return page(on_sale, choice, words.refusal(error))


def page(product: Product, choice: Choice, problem: str | None = None) -> Response:
    """Return the page on which one chooses."""
    terms, option = product.terms, choice.option
    times = _slots(terms, option, choice.day) if choice.day else []
    text = render_template(
        "visitors/book.html",
        product=terms,
        listing=links.place(product.listing),
        choice=choice,
        problem=problem,
        month=_month(terms, choice),
        times=times,
        any_day=ANY_DAY,
        open_until=_open_until(terms),
        of_option=words.how_many(option.min_units, option.max_units),
        of_units={unit.id: words.of_unit(option, unit) for unit in option.units},
        bounds={unit.id: rules.bounds(option, unit) for unit in option.units},
        broken_words=_broken_words(option),
        cancellation=words.cancellation(terms, option),
        hold_minutes=int(rules.HOLD.total_seconds() // 60),
        amount=_amount_pattern(terms.currency),
    )
    return private(text, 200 if problem is None else 422)


def private(text: str, status: int = 200) -> Response:
    """Return a page that is this visitor's alone: kept by nobody, found by no search engine."""
    answer = make_response(text, status)
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    # The address may hold a link's signature: no other site gets it. Our own forms need it, as over https a form
    # that does not say which page it comes from is refused.
    answer.headers["Referrer-Policy"] = "same-origin"
    return answer


def _hold(terms: ProductTerms, choice: Choice) -> Booking:
    """Hold what was chosen. A hold that it replaces moves, so that its places are not lost on the way."""
    database, clock = services().database, services().clock
    before = links.follow(choice.instead)
    if before is None or before.state is not State.ON_HOLD or before.product.id != terms.id:
        return holds.reserve(database, clock, PORTAL, choice.order(terms, language().tag))
    if before.option.id == choice.option.id and choice.slot_id and not before.open_until:
        change = Change(slot_id=choice.slot_id, tickets=choice.tickets())
        return changes.update(database, clock, PORTAL, before.uuid, change)
    held = holds.reserve(database, clock, PORTAL, choice.order(terms, language().tag))
    changes.cancel(database, clock, PORTAL, before.uuid)
    return held


def _missing(choice: Choice) -> str | None:
    """Return what the visitor still has to choose, in their language."""
    if not choice.slot:
        return str(gettext("Choose a time."))
    broken = rules.broken_rules(choice.option, choice.units)
    return words.broken(broken[0]) if broken else None


def _product(product_id: str) -> Product:
    try:
        return get_product(services().database, product_id)
    except InvalidProduct:
        abort(404)


def _today(terms: ProductTerms) -> date:
    """Return the day it is where the product is."""
    return services().clock().astimezone(terms.zone).date()


def _with_day(terms: ProductTerms, choice: Choice) -> Choice:
    """Return a choice with the first day on which there is room, when neither a day nor a month was asked for."""
    if choice.day or "month" in request.args:
        return choice
    today = _today(terms)
    coming = _days(terms, choice.option, today, min(today + LOOK_AHEAD, form.last_day(today)))
    first = next((day.date for day in coming if day.available), None)
    return replace(choice, day=first, month=first.replace(day=1)) if first else choice


def _month(terms: ProductTerms, choice: Choice) -> Month:
    today = _today(terms)
    # just after midnight the day before may still be open
    bounds = (today - timedelta(days=1), form.last_day(today))
    asked = span(choice.month, *bounds)
    days = _days(terms, choice.option, *asked) if asked else []
    return month(choice.month, days, *bounds, language().conventions)


def _days(terms: ProductTerms, option: OptionTerms, first: date, last: date) -> list[Day]:
    wish = Wish(terms.id, option.id)
    return queries.availability_calendar(services().database, services().clock, wish, first, last)


def _slots(terms: ProductTerms, option: OptionTerms, day: date) -> list[Slot]:
    return queries.availability(services().database, services().clock, Wish(terms.id, option.id), day, day)


def _open_until(terms: ProductTerms) -> date | None:
    """Return the last day of a booking without a date, where the product is sold so."""
    if terms.open_dated is None:
        return None
    return open_until(terms, services().clock()).date() - timedelta(days=1)


def _broken_words(option: OptionTerms) -> dict[str, str]:
    """Return what the page says, without asking the server, about rules that are not kept; by unit id, "" for all."""
    every = [rules.Broken(option.min_units, option.max_units, 0)]
    every += [rules.Broken(*rules.bounds(option, unit), 0, unit) for unit in option.units]
    said = {broken.unit.id if broken.unit else "": words.broken(broken) for broken in every}
    for unit in option.units:
        if others := rules.companions(option, unit):
            said[f"{unit.id} alone"] = words.broken(rules.Broken(0, 0, 0, unit, others))
    return said


def _amount_pattern(currency: str) -> dict[str, str]:
    """Return how an amount is written here, in parts, so that a script can write one the same way."""
    decimals = get_currency_precision(currency)
    text = money(1234567 * 10**decimals, currency)
    before, group, after = re.split(r"1(\D*)234.*567(?:\D0+)?", text, maxsplit=1)
    decimal = format_decimal(0.5, locale=language().conventions)[1]
    return {"before": before, "after": after, "group": group, "decimal": decimal, "decimals": str(decimals)}
