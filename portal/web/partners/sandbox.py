"""The sandbox: what can be booked there, and the partner's bookings in it."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, request

from portal.bookings import products, queries
from portal.bookings.availability import Slot
from portal.bookings.model import Seller
from portal.bookings.products import Product
from portal.bookings.queries import Wish
from portal.web import parameters
from portal.web.businesses.guard import Access, access
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
    seller = Seller(partner.id, partner.supplier, test=True, confined=True)
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
    )


def _next_slot(product: Product, seller: Seller) -> Slot | None:
    """Return a slot that can be booked within the next days."""
    wish, here = Wish(product.terms.id, product.terms.options[0].id), services()
    found = queries.availability(here.database, here.clock, wish, today(), today() + AHEAD, seller)
    return next((slot for slot in found if slot.available), None)
