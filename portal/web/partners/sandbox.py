"""The sandbox: what can be booked there, and the partner's bookings in it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, Response, abort, request

from portal.bookings import products, queries
from portal.bookings.availability import Slot
from portal.bookings.errors import InvalidBooking, NotPossible
from portal.bookings.model import Seller
from portal.bookings.products import Product
from portal.bookings.queries import Wish
from portal.bookings.redemption import rehearse
from portal.partners.model import Partner
from portal.web import parameters
from portal.web.businesses.guard import Access, access, see
from portal.web.context import services, today
from portal.web.partners.guard import our_partner, page

blueprint = Blueprint("sandbox", __name__, url_prefix="/<language:language>/partners/sandbox")

PAGE = 50
AHEAD = timedelta(days=7)
"""How far the page looks for a slot to try."""


@blueprint.get("/")
@access(Access.SIGNED_IN)
def show() -> Response:
    """Show what is on sale and what was booked, the newest first."""
    partner, here = our_partner(), services()
    number = parameters.page(request.args)
    seller = _seller(partner)
    bookings = queries.latest(here.database, here.clock, seller, PAGE + 1, (number - 1) * PAGE)
    offers = [
        (product, _next_slot(product, seller)) for product in products.all_products(here.database, partner.supplier)
    ]
    return page(
        "sandbox",
        offers=offers if number == 1 else [],
        bookings=bookings[:PAGE],
        number=number,
        more=len(bookings) > PAGE,
        done="done" in request.args,
    )


@blueprint.get("/<uuid:identity>/use")
@access(Access.SIGNED_IN)
def back(identity: UUID) -> Response:
    """Lead back to the sandbox whoever reads the answer to a form in another language."""
    return see("sandbox.show")


@blueprint.post("/<uuid:identity>/use")
@access(Access.SIGNED_IN)
def use(identity: UUID) -> Response:
    """Mark a booking of the sandbox as used, as a gate does: so a shop meets `REDEEMED` before its first guest."""
    here = services()
    try:
        rehearse(here.database, here.clock, _seller(our_partner()), identity)
    except InvalidBooking:
        abort(404)
    except NotPossible:  # it was cancelled meanwhile; the page shows how it stands
        return see("sandbox.show")
    return see("sandbox.show", done=1)


def _seller(partner: Partner) -> Seller:
    return Seller(partner.id, partner.supplier, test=True, confined=True)


def _next_slot(product: Product, seller: Seller) -> Slot | None:
    """Return a slot that can be booked within the next days."""
    wish, here = Wish(product.terms.id, product.terms.options[0].id), services()
    found = queries.availability(here.database, here.clock, wish, today(), today() + AHEAD, seller)
    return next((slot for slot in found if slot.available), None)
