"""The editor of what a listing sells: prices, places, times, seasons. Saved into the draft like everything else."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, request
from flask_babel import gettext
from pydantic import ValidationError

from portal.bookings import products
from portal.bookings.errors import CapacityBelowSold
from portal.bookings.schedule import WEEKDAYS
from portal.editing import week
from portal.editing.takers import PRODUCTS
from portal.web.businesses import sale_form
from portal.web.businesses.facts_form import BadField
from portal.web.businesses.guard import Access, access, page
from portal.web.businesses.in_words import day_name
from portal.web.businesses.listing import Work
from portal.web.businesses.saving import editable, saved
from portal.web.businesses.slots import refusal
from portal.web.context import services

FIELD = "facts/booking"
blueprint = Blueprint("sale", __name__, url_prefix="/<language:language>/business/listings/<kind>/<slug>/sale")


@blueprint.get("/")
@access(Access.SIGNED_IN)
def show(kind: str, slug: str) -> Response:
    """Show what is sold in its controls."""
    work = _selling(kind, slug)
    return _page(work, sale_form.shown(work.fields[FIELD]))


@blueprint.post("/")
@access(Access.SIGNED_IN)
def save(kind: str, slug: str) -> Response:
    """Take prices, places and times into the draft; fewer places than are sold are refused."""
    work = _selling(kind, slug)
    try:
        terms = sale_form.sent(request.form, work.fields[FIELD])
        products.rehearse(services().database, work.id, PRODUCTS.validate_python(terms), services().clock())
    except BadField as error:
        return _page(work, request.form, str(error))
    except CapacityBelowSold as error:
        return _page(work, request.form, refusal(error))
    except ValidationError as error:
        return _page(work, request.form, _said(error))
    return saved(work, {FIELD: terms}, lambda fields: sale_form.shown(fields[FIELD]), _page)


def _selling(kind: str, slug: str) -> Work:
    work = editable(kind, slug)
    try:
        PRODUCTS.validate_python(work.fields.get(FIELD) or [])
    except ValidationError:
        abort(409)
    if not work.fields.get(FIELD):
        abort(404)
    return work


def _said(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False)[0]
    return str(gettext("This cannot be: %(problem)s", problem=first["msg"].removeprefix("Value error, ")))


def _page(work: Work, form: Any, problem: str | None = None, others: list[Any] | None = None) -> Response:
    return page(
        "sale",
        422 if problem else 200,
        work=work,
        booking=work.fields[FIELD],
        form=form,
        problem=problem,
        others=others or [],
        rows=sale_form.rows,
        days=[(day, day_name(name)) for day, name in zip(WEEKDAYS, week.DAYS, strict=True)],
    )
