"""What partners find here, becoming one, and what administrators decide about them."""

from __future__ import annotations

from flask import Blueprint, Response, abort, request
from flask_babel import gettext

from portal.accounts import audit, people
from portal.accounts.model import Role
from portal.partners import accounts
from portal.partners.model import Partner
from portal.web.businesses.guard import Access, access, me, origin, see, who
from portal.web.businesses.letters import tell_administrators_of_partner, tell_members_of_partner
from portal.web.context import services
from portal.web.forms import LONGEST_FIELD
from portal.web.partners.guard import our_partner, page, partner_of

blueprint = Blueprint("partners", __name__, url_prefix="/<language:language>/partners")


@blueprint.get("/")
@access(Access.ANYBODY)
def home() -> Response:
    """Say what there is for partners, and how to begin."""
    return page("home", base_url=services().settings.base_url)


@blueprint.get("/join")
@access(Access.SIGNED_IN)
def join() -> Response:
    """Show the form that makes a partner."""
    return see("keys.show") if partner_of(me()) else page("join", name="")


@blueprint.post("/join")
@access(Access.SIGNED_IN)
def sign_up() -> Response:
    """Make a partner whose first member is who asks: it has the sandbox at once."""
    if partner_of(me()):
        return see("keys.show")
    name = " ".join(request.form.get("name", "").replace("\x00", "").split())[:LONGEST_FIELD]
    if not name or name.isdecimal():
        return page("join", 422, name=name, problem=gettext("Enter the name of your shop."))
    here, now = services(), services().clock()
    with here.database.write() as connection:
        partner = accounts.register(connection, name, now)
        people.give_role(connection, me().id, Role.PARTNER, (str(partner),))
        audit.record(connection, now, "partner made", person=me().id, subject=name, origin=origin())
    return see("keys.show", done=1)


@blueprint.post("/live")
@access(Access.SIGNED_IN)
def ask_for_live() -> Response:
    """Ask for live keys."""
    partner, here = our_partner(), services()
    with here.database.write() as connection:
        is_new = accounts.ask_for_live(connection, partner.id, here.clock())
        if is_new:
            audit.record(connection, here.clock(), "live keys asked for", person=me().id, subject=partner.name)
    if is_new:
        tell_administrators_of_partner(partner.name)
    return see("keys.show", done=1)


@blueprint.get("/all")
@access(Access.ADMINISTRATORS)
def all_partners() -> Response:
    """Show every partner, those that wait first."""
    return page("all", partners=accounts.all_partners(services().database), done="done" in request.args)


@blueprint.post("/all/<int:number>/approve")
@access(Access.ADMINISTRATORS)
def approve(number: int) -> Response:
    """Let a partner have live keys."""
    partner, here = _partner(number), services()
    with here.database.write() as connection:
        is_new = accounts.approve(connection, partner.id, here.clock())
        if is_new:
            audit.record(connection, here.clock(), "partner approved", person=me().id, subject=partner.name)
    if is_new:
        tell_members_of_partner(partner.id, partner.name)
    return see("partners.all_partners", done=1)


@blueprint.get("/live")
@blueprint.get("/all/<int:number>/approve")
@access(Access.SIGNED_IN)
def back(number: int = 0) -> Response:
    """Lead on whoever reads the answer to a form in another language."""
    person = who()
    return see("partners.all_partners" if person and person.is_administrator else "keys.show")


def _partner(number: int) -> Partner:
    known = accounts.get_partner(services().database, number) if number < 2**62 else None
    if known is None:
        abort(404)
    return known
