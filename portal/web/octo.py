"""OCTO for e-commerce partners: the open standard's supplier side under `/octo`, with prices and contents.

Answers are 200 or 400 as the standard says; an address that is none is a 404 and a failure of ours a 500, as JSON too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast
from uuid import UUID

import structlog
from flask import Blueprint, Response, current_app, g, jsonify, request
from werkzeug.exceptions import HTTPException

from portal.bookings import changes, holds, products, queries
from portal.bookings.errors import BookingError, InvalidBooking, Malformed
from portal.bookings.model import Booking, Seller
from portal.bookings.products import HOUSE, Product, option_of
from portal.bookings.terms import OptionTerms
from portal.partners.accounts import Partner, authenticate
from portal.web import octo_objects as objects
from portal.web import octo_requests as requests
from portal.web.context import language, services
from portal.web.octo_content import Contents
from portal.web.octo_objects import View

CAPABILITIES = ("octo/pricing", "octo/content")
"""What is offered beyond the core. Partners may write the short form too; the form that was asked is echoed."""
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"]

blueprint = Blueprint("octo", __name__, url_prefix="/octo")
log = structlog.get_logger()


class Refused(Exception):
    """The caller has no key, or one that opens nothing."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, and what they asked to see."""

    partner: Partner
    seller: Seller
    view: View
    capabilities: tuple[str, ...]


@blueprint.before_request
def sign_in() -> None:
    """Know the caller by the key in `Authorization`, and what they want by the other headers.

    :raises Refused: without a key that is in force.
    """
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        raise Refused("UNAUTHORIZED", "expected the header Authorization: Bearer <key>")
    partner = authenticate(services().database, key.strip())
    if partner is None:
        raise Refused("FORBIDDEN", "the key is unknown or revoked")
    asked = [item.strip() for item in request.headers.get("Octo-Capabilities", "").split(",")]
    on = {item: _long(item) for item in asked if _long(item) in CAPABILITIES}
    test = partner.sandbox or request.headers.get("Octo-Env", "").strip().lower() == "test"
    g.octo = Caller(
        partner=partner,
        seller=Seller(partner.id, partner.supplier, test),
        view=View(
            language().tag,
            pricing="octo/pricing" in on.values(),
            contents=Contents(services().catalog, language()) if "octo/content" in on.values() else None,
        ),
        capabilities=tuple(on),
    )


@blueprint.before_request
def tell_methods() -> Response | None:
    """Answer OPTIONS for every address there is."""
    allowed = _allowed()
    if request.method != "OPTIONS" or not allowed:
        return None
    answer = Response(status=200)
    answer.allow.update(allowed)
    return answer


@blueprint.after_request
def describe(response: Response) -> Response:
    """Say which capabilities are on, and that answers are the caller's alone."""
    response.headers["Cache-Control"] = "private, no-store"
    if "octo" in g:
        response.headers["Octo-Capabilities"] = ", ".join(_caller().capabilities)
        if _caller().view.contents:
            response.headers["Content-Language"] = _caller().view.language
            response.headers["Available-Languages"] = ", ".join(services().catalog.languages.tags)
        response.headers["Octo-Env"] = "test" if _caller().seller.test else "live"
    return response


@blueprint.get("/supplier", strict_slashes=False)
def supplier() -> Response:
    """Return the supplier this key sells for: the one it is bound to, else the portal."""
    identity = _caller().partner.supplier or HOUSE
    known = products.get_supplier(services().database, identity)
    return jsonify(objects.supplier(identity, known, services().settings.base_url, _caller().view))


@blueprint.get("/capabilities", strict_slashes=False)
def capabilities() -> Response:
    """Return what the portal offers beyond OCTO's core."""
    more = {"revision": 1, "required": False, "dependencies": [], "docs": None}
    return jsonify([{"id": capability, **more} for capability in CAPABILITIES])


@blueprint.get("/products", strict_slashes=False)
def list_products() -> Response:
    """Return everything this key may sell."""
    on_sale = products.all_products(services().database, _caller().seller.supplier)
    return jsonify([objects.product(one.terms, one.listing, _caller().view) for one in on_sale])


@blueprint.get("/products/<product_id>", strict_slashes=False)
def read_product(product_id: str) -> Response:
    """Return one product."""
    product = _product(product_id)
    return jsonify(objects.product(product.terms, product.listing, _caller().view))


@blueprint.post("/availability", strict_slashes=False)
def availability() -> Response:
    """Return the slots between two dates, or of some ids."""
    body = requests.body(requests.AvailabilityBody)
    product, option = _offer(body)
    wish, database, clock, seller = body.wish(), services().database, services().clock, _caller().seller
    dates = body.dates()
    if dates:
        found = queries.availability(database, clock, wish, *dates, seller=seller)
    else:
        found = queries.availability_by_id(database, clock, wish, body.availability_ids or (), seller)
    currency, view = product.terms.currency, _caller().view
    return jsonify([objects.availability(slot, option, currency, wish.units, view) for slot in found])


@blueprint.post("/availability/calendar", strict_slashes=False)
def availability_calendar() -> Response:
    """Return a summary for each date of a range."""
    body = requests.body(requests.AvailabilityBody)
    product, option = _offer(body)
    wish, dates = body.wish(), body.range()
    days = queries.availability_calendar(services().database, services().clock, wish, *dates, seller=_caller().seller)
    currency, view = product.terms.currency, _caller().view
    return jsonify([objects.calendar_day(day, option, currency, wish.units, view) for day in days])


@blueprint.post("/bookings", strict_slashes=False)
def reserve() -> Response:
    """Hold places. The same body sent again gives the same booking."""
    body = requests.body(requests.ReserveBody)
    order = body.order(_caller().view.language)
    if body.currency is not None:
        _check_currency(body.currency, _product(order.product_id))
    return _answer(holds.reserve(services().database, services().clock, _caller().seller, order))


@blueprint.get("/bookings", strict_slashes=False)
def list_bookings() -> Response:
    """Return this partner's bookings that match the query string."""
    wanted = requests.query(requests.ListQuery).filter()
    found = queries.list_bookings(services().database, services().clock, _caller().seller, wanted)
    return jsonify([objects.booking(one, _caller().view) for one in found])


@blueprint.get("/bookings/<uuid>", strict_slashes=False)
def read_booking(uuid: str) -> Response:
    """Return one booking."""
    return _answer(_booking(uuid))


@blueprint.patch("/bookings/<uuid>", strict_slashes=False)
def update(uuid: str) -> Response:
    """Change a booking that could be cancelled."""
    booking = _booking(uuid)
    change = requests.body(requests.UpdateBody).change(booking)
    return _answer(changes.update(services().database, services().clock, _caller().seller, booking.uuid, change))


@blueprint.post("/bookings/<uuid>/confirm", strict_slashes=False)
def confirm(uuid: str) -> Response:
    """Turn a hold into a booking."""
    change = requests.body(requests.ConfirmBody).change()
    return _answer(changes.confirm(services().database, services().clock, _caller().seller, _uuid(uuid), change))


@blueprint.post("/bookings/<uuid>/cancel", strict_slashes=False)
def cancel(uuid: str) -> Response:
    """Give the places back."""
    reason = requests.body(requests.CancelBody).reason
    return _answer(changes.cancel(services().database, services().clock, _caller().seller, _uuid(uuid), reason))


@blueprint.post("/bookings/<uuid>/extend", strict_slashes=False)
def extend(uuid: str) -> Response:
    """Let a hold last longer."""
    minutes = requests.body(requests.ExtendBody).expiration_minutes
    return _answer(changes.extend(services().database, services().clock, _caller().seller, _uuid(uuid), minutes))


@blueprint.route("/", defaults={"path": ""}, methods=METHODS)
@blueprint.route("/<path:path>", methods=METHODS)
def unknown(path: str) -> Response:
    """Answer for every address that is none, and for methods that one does not take."""
    if allowed := _allowed():
        answer = _error(405, "BAD_REQUEST", f"expected {', '.join(sorted(allowed))}, not {request.method}")
        answer.allow.update(allowed)
        return answer
    return _error(404, "NOT_FOUND", f"there is no {request.method} /octo/{path}")


@blueprint.errorhandler(BookingError)
def refused(error: BookingError) -> Response:
    """Answer with OCTO's code for what the bookings refuse."""
    named = {error.field: error.value or ""} if error.field else {}
    return _error(400, error.code, str(error), **named)


@blueprint.errorhandler(Refused)
def signed_out(error: Refused) -> Response:
    """Answer a caller without a key that is in force."""
    return _error(400, error.code, str(error))


@blueprint.errorhandler(HTTPException)
def not_taken(error: HTTPException) -> Response:
    """Answer what the framework refuses, such as a body that is too large."""
    return _error(400, "BAD_REQUEST", error.description or error.name)


@blueprint.errorhandler(Exception)
def failed(error: Exception) -> Response:
    """Note a failure of ours, and say no more than that it is one."""
    log.exception("unhandled error", path=request.path, exc_info=error)
    return _error(500, "INTERNAL_SERVER_ERROR", "something went wrong on our side; try again with the same uuid")


def _long(capability: str) -> str:
    return f"octo/{capability.removeprefix('octo/')}"


def _allowed() -> set[str]:
    """Return the methods that the request's address takes; none when there is no such address."""
    adapter = current_app.url_map.bind("")
    found = set()
    for method in METHODS:
        try:
            endpoint, _ = adapter.match(request.path, method=method)
        except HTTPException:
            continue
        if endpoint != "octo.unknown":
            found |= {method, "OPTIONS"} | ({"HEAD"} if method == "GET" else set())
    return found


def _caller() -> Caller:
    return cast(Caller, g.octo)


def _product(product_id: str) -> Product:
    return products.get_product(services().database, product_id, _caller().seller.supplier)


def _offer(body: requests.AvailabilityBody) -> tuple[Product, OptionTerms]:
    """Return the product and option a body names."""
    product = _product(body.product_id or "")
    if body.currency is not None:
        _check_currency(body.currency, product)
    return product, option_of(product.terms, body.option_id or "")


def _check_currency(currency: str, product: Product) -> None:
    if currency != product.terms.currency:
        raise Malformed(f"currency: {product.terms.id} is sold in {product.terms.currency}")


def _booking(uuid: str) -> Booking:
    return queries.get_booking(services().database, services().clock, _caller().seller, _uuid(uuid))


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise InvalidBooking(f"{text!r} is no uuid", text) from error


def _answer(booking: Booking) -> Response:
    return jsonify(objects.booking(booking, _caller().view))


def _error(status: int, code: str, message: str, **named: str) -> Response:
    answer = jsonify(error=code, errorMessage=message, **named)
    answer.status_code = status
    return answer
