"""The editor of what a listing sells: products, tickets, prices, places, times. Saved into the draft like all else."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, Response, abort, request
from flask_babel import gettext
from pydantic import ValidationError

from portal.bookings import guests, identities, products
from portal.bookings.errors import CapacityBelowSold
from portal.bookings.schedule import WEEKDAYS
from portal.editing import week
from portal.editing.document import Fields
from portal.editing.takers import PRODUCTS
from portal.web.businesses import new_sale, sale_form, sale_units
from portal.web.businesses.facts_form import CURRENCY, BadField, Form
from portal.web.businesses.guard import Access, access, page
from portal.web.businesses.in_words import day_name
from portal.web.businesses.listing import Work
from portal.web.businesses.sale_schedule import rows
from portal.web.businesses.saving import editable, saved
from portal.web.businesses.slots import refusal
from portal.web.context import languages, services

FIELD = "facts/booking"
blueprint = Blueprint("sale", __name__, url_prefix="/<language:language>/business/listings/<kind>/<slug>/sale")


@blueprint.get("/")
@access(Access.SIGNED_IN)
def show(kind: str, slug: str) -> Response:
    """Show what is sold in its controls; of a listing that sells nothing, how to begin."""
    work = selling(kind, slug)
    return _page(work, _shown(work.fields)) if _booking(work) else _new_page(work, new_sale.blank(work.fields))


@blueprint.post("/")
@access(Access.SIGNED_IN)
def save(kind: str, slug: str) -> Response:
    """Take what is sold into the draft; fewer places than are sold are refused."""
    work = selling(kind, slug)
    used = partial(identities.used_ids, services().database)
    try:
        terms = sale_form.sent(request.form, _booking(work), used, languages().source.tag)
        rehearse(work, terms)
    except BadField as error:
        return _page(work, request.form, str(error))
    return saved(work, {FIELD: terms or None}, _shown, _as_others_left_it)


@blueprint.get("/new")
@access(Access.SIGNED_IN)
def begin(kind: str, slug: str) -> Response:
    """Ask what else is sold."""
    work = selling(kind, slug)
    return _new_page(work, new_sale.blank(work.fields))


@blueprint.post("/new")
@access(Access.SIGNED_IN)
def add(kind: str, slug: str) -> Response:
    """Take something more to sell into the draft."""
    work = selling(kind, slug)
    booking = _booking(work)
    name = identities.free_product_id(services().database, slug, {product["id"] for product in booking})
    supplier = next((product["supplier"] for product in booking if product.get("supplier")), slug)
    zone = services().catalog.site().timezone
    try:
        terms = [*booking, new_sale.sent(request.form, name, supplier, zone, languages().source.tag)]
        rehearse(work, terms)
    except BadField as error:
        return _new_page(work, request.form, str(error))
    # Whatever others changed since this form was shown, one more goes with it.
    return saved(work, {FIELD: terms}, _shown, _as_others_left_it, version=work.draft.version)


def selling(kind: str, slug: str) -> Work:
    """Return a listing of which the reader may say what it sells; what is broken has to be mended in the file."""
    work = editable(kind, slug)
    try:
        PRODUCTS.validate_python(_booking(work))
    except ValidationError:
        abort(409)
    return work


def rehearse(work: Work, terms: list[sale_form.Json]) -> None:
    """Make sure that terms could be published.

    :raises BadField: saying why they cannot be.
    """
    try:
        products.rehearse(services().database, work.id, PRODUCTS.validate_python(terms), services().clock())
    except CapacityBelowSold as error:
        raise BadField(refusal(error)) from error
    except ValidationError as error:
        raise BadField(_said(error)) from error


def _booking(work: Work) -> list[sale_form.Json]:
    return work.fields.get(FIELD) or []


def _shown(fields: Fields) -> Form:
    return sale_form.shown(fields.get(FIELD) or [], languages().source.tag)


def _said(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False)[0]
    return str(gettext("This cannot be: %(problem)s", problem=first["msg"].removeprefix("Value error, ")))


def _as_others_left_it(work: Work, _mine: Form, **more: Any) -> Response:
    """Show the form as somebody else left it, with the difference above: rows of two forms do not mix."""
    return _page(work, _shown(work.fields), **more)


def _page(work: Work, form: Form, problem: str | None = None, others: list[Any] | None = None) -> Response:
    here = services()
    return page(
        "sale",
        422 if problem else 200,
        work=work,
        products={product["id"]: product for product in _booking(work)},
        form=form,
        problem=problem,
        others=others or [],
        rows=rows,
        kinds=sale_units.KINDS,
        source=languages().source.tag,
        coming=guests.still_to_come(here.database, here.clock, work.id),
        days=_days(),
    )


def _new_page(work: Work, form: Form, problem: str | None = None) -> Response:
    return page(
        "sale_new",
        422 if problem else 200,
        work=work,
        form=form,
        problem=problem,
        kinds=new_sale.KINDS,
        currency=CURRENCY,
        source=languages().source.tag,
        days=_days(),
    )


def _days() -> list[tuple[str, str]]:
    return [(day, day_name(name)) for day, name in zip(WEEKDAYS, week.DAYS, strict=True)]
