"""A partner's keys: made, named, revoked; each is shown once."""

from __future__ import annotations

from flask import Blueprint, Response, abort, request
from flask_babel import gettext

from portal.accounts import audit
from portal.bookings import products
from portal.partners import keys
from portal.partners.model import KeyWish, NotApproved, PartnerError, Scope, TooManyKeys, WrongSupplier
from portal.web.businesses.guard import Access, access, me, origin, see
from portal.web.context import services
from portal.web.partners.guard import our_partner, page

blueprint = Blueprint("keys", __name__, url_prefix="/<language:language>/partners/keys")


@blueprint.get("/")
@access(Access.SIGNED_IN)
def show() -> Response:
    """Show the keys, and the form for another."""
    return _page()


@blueprint.post("/")
@access(Access.SIGNED_IN)
def make() -> Response:
    """Make a key and show it, this once."""
    partner, here, now = our_partner(), services(), services().clock()
    wish = _wish()
    try:
        key = keys.make(here.database, partner, wish, now)
    except PartnerError as error:
        return _page(_refusal(error))
    with here.database.write() as connection:
        detail = f"{key[: keys.SHOWN]} {wish.scope} {wish.supplier or ''}".strip()
        audit.record(connection, now, "key made", person=me().id, subject=partner.name, detail=detail, origin=origin())
    return page("key", key=key, wish=wish, base_url=here.settings.base_url)


@blueprint.get("/<int:number>/revoke")
@access(Access.SIGNED_IN)
def back(number: int) -> Response:
    """Lead back to the keys whoever reads the answer to a form in another language."""
    return see("keys.show")


@blueprint.post("/<int:number>/revoke")
@access(Access.SIGNED_IN)
def revoke(number: int) -> Response:
    """Make a key useless."""
    partner, here, now = our_partner(), services(), services().clock()
    if number >= 2**62 or not keys.revoke(here.database, partner.id, number, now):
        abort(404)
    with here.database.write() as connection:
        audit.record(connection, now, "key revoked", person=me().id, subject=partner.name, detail=str(number))
    return see("keys.show", done=1)


def _wish() -> KeyWish:
    supplier = request.form.get("supplier", "")
    if supplier and supplier not in _suppliers():
        abort(404)
    return KeyWish(
        name=" ".join(request.form.get("name", "").replace("\x00", "").split())[:100],
        sandbox=request.form.get("environment") != "live",
        scope=Scope.READ if request.form.get("scope") == Scope.READ else Scope.BOOK,
        supplier=supplier or None,
        person=me().id,
    )


def _suppliers() -> list[str]:
    """Return the ids of everybody who has something on sale that this partner may sell."""
    on_sale = products.all_products(services().database, our_partner().supplier)
    return sorted({product.supplier for product in on_sale})


def _refusal(error: PartnerError) -> str:
    words = {
        NotApproved: gettext("Live keys come once we have approved you. Ask for them below."),
        TooManyKeys: gettext("You have as many keys as one may have. Revoke one first."),
        WrongSupplier: gettext("You may not sell what this supplier offers."),
    }
    return str(words[type(error)])


def _page(problem: str | None = None) -> Response:
    known = keys.of_partner(services().database, our_partner().id)
    return page(
        "keys",
        422 if problem else 200,
        problem=problem,
        done="done" in request.args,
        keys=known,
        suppliers=_suppliers(),
        form=request.form,
    )
