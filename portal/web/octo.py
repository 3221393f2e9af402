"""OCTO for e-commerce partners: the open standard's supplier side under `/octo`, with prices and contents.

Answers are 200 or 400 as the standard says; an address that is none is a 404 and a failure of ours a 500, as JSON too.
"""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, jsonify

from portal.bookings import changes, holds, products, queries
from portal.bookings.changes import After
from portal.bookings.errors import InvalidBooking, Malformed
from portal.bookings.model import Booking
from portal.bookings.products import HOUSE, Product, option_of
from portal.bookings.terms import OptionTerms
from portal.octo import objects
from portal.web import octo_caller, octo_errors, octo_notifications
from portal.web import octo_requests as requests
from portal.web.bookings.letters import send_receipt
from portal.web.context import services
from portal.web.octo_caller import LISTED, caller
from portal.web.openapi.octo import octo_document

blueprint = Blueprint("octo", __name__, url_prefix="/octo")
octo_caller.init_blueprint(blueprint)
octo_errors.init_blueprint(blueprint)
octo_notifications.init_blueprint(blueprint)


@blueprint.get("/openapi.json")
def describe() -> Response:
    """Return what is offered here, as OpenAPI 3.1; open to everybody."""
    return jsonify(octo_document(services().settings.base_url))


@blueprint.get("/supplier", strict_slashes=False)
def supplier() -> Response:
    """Return the supplier this key sells for: the one it is bound to, else the portal."""
    identity = caller().seller.supplier or HOUSE
    known = products.get_supplier(services().database, identity)
    return jsonify(objects.supplier(identity, known, services().settings.base_url, caller().view))


@blueprint.get("/capabilities", strict_slashes=False)
def capabilities() -> Response:
    """Return what the portal offers beyond OCTO's core."""
    more = {"revision": 1, "required": False, "dependencies": [], "docs": None}
    return jsonify([{"id": capability, **more} for capability in LISTED])


@blueprint.get("/products", strict_slashes=False)
def list_products() -> Response:
    """Return everything this key may sell."""
    on_sale = products.all_products(services().database, caller().seller.supplier)
    return jsonify([objects.product(one.terms, one.listing, caller().view) for one in on_sale])


@blueprint.get("/products/<product_id>", strict_slashes=False)
def read_product(product_id: str) -> Response:
    """Return one product."""
    product = _product(product_id)
    return jsonify(objects.product(product.terms, product.listing, caller().view))


@blueprint.post("/availability", strict_slashes=False)
def availability() -> Response:
    """Return the slots between two dates, or of some ids."""
    body = requests.body(requests.AvailabilityBody)
    product, option = _offer(body)
    wish, database, clock, seller = body.wish(), services().database, services().clock, caller().seller
    dates = body.dates()
    if dates:
        found = queries.availability(database, clock, wish, *dates, seller=seller)
    else:
        found = queries.availability_by_id(database, clock, wish, body.availability_ids or (), seller)
    currency, view = product.terms.currency, caller().view
    return jsonify([objects.availability(slot, option, currency, wish.units, view) for slot in found])


@blueprint.post("/availability/calendar", strict_slashes=False)
def availability_calendar() -> Response:
    """Return a summary for each date of a range."""
    body = requests.body(requests.AvailabilityBody)
    product, option = _offer(body)
    wish, dates = body.wish(), body.range()
    days = queries.availability_calendar(services().database, services().clock, wish, *dates, seller=caller().seller)
    currency, view = product.terms.currency, caller().view
    return jsonify([objects.calendar_day(day, option, currency, wish.units, view) for day in days])


@blueprint.post("/bookings", strict_slashes=False)
def reserve() -> Response:
    """Hold places. The same body sent again gives the same booking."""
    body = requests.body(requests.ReserveBody)
    order = body.order(caller().view.language)
    if body.currency is not None:
        _check_currency(body.currency, _product(order.product_id))
    return _answer(holds.reserve(services().database, services().clock, caller().seller, order))


@blueprint.get("/bookings", strict_slashes=False)
def list_bookings() -> Response:
    """Return this partner's bookings that match the query string."""
    wanted = requests.query(requests.ListQuery).filter()
    found = queries.list_bookings(services().database, services().clock, caller().seller, wanted)
    return jsonify([objects.booking(one, caller().view) for one in found])


@blueprint.get("/bookings/<uuid>", strict_slashes=False)
def read_booking(uuid: str) -> Response:
    """Return one booking."""
    return _answer(_booking(uuid))


@blueprint.patch("/bookings/<uuid>", strict_slashes=False)
def update(uuid: str) -> Response:
    """Change a booking that could be cancelled."""
    booking = _booking(uuid)
    body = requests.body(requests.UpdateBody)
    here, change, after = services(), body.change(booking), _receipt(body.email_receipt)
    return _answer(changes.update(here.database, here.clock, caller().seller, booking.uuid, change, after))


@blueprint.post("/bookings/<uuid>/confirm", strict_slashes=False)
def confirm(uuid: str) -> Response:
    """Turn a hold into a booking."""
    body = requests.body(requests.ConfirmBody)
    here, change, after = services(), body.change(), _receipt(body.email_receipt)
    return _answer(changes.confirm(here.database, here.clock, caller().seller, _uuid(uuid), change, after))


@blueprint.post("/bookings/<uuid>/cancel", strict_slashes=False)
def cancel(uuid: str) -> Response:
    """Give the places back."""
    reason = requests.body(requests.CancelBody).reason
    return _answer(changes.cancel(services().database, services().clock, caller().seller, _uuid(uuid), reason))


@blueprint.post("/bookings/<uuid>/extend", strict_slashes=False)
def extend(uuid: str) -> Response:
    """Let a hold last longer."""
    minutes = requests.body(requests.ExtendBody).expiration_minutes
    return _answer(changes.extend(services().database, services().clock, caller().seller, _uuid(uuid), minutes))


def _product(product_id: str) -> Product:
    return products.get_product(services().database, product_id, caller().seller.supplier)


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
    return queries.get_booking(services().database, services().clock, caller().seller, _uuid(uuid))


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise InvalidBooking(f"{text!r} is no uuid", text) from error


def _receipt(wanted: bool | None) -> After:
    return send_receipt if wanted else changes.nothing_more


def _answer(booking: Booking) -> Response:
    return jsonify(objects.booking(booking, caller().view))
