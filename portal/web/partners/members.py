"""Who acts for a partner."""

from __future__ import annotations

from flask import Blueprint, Response, abort, request
from flask_babel import gettext

from portal.accounts import audit, links, people
from portal.accounts.model import Role
from portal.web.businesses.guard import Access, access, me, see
from portal.web.businesses.letters import partner_letters
from portal.web.context import services
from portal.web.forms import EMAIL, LONGEST_FIELD
from portal.web.partners.guard import our_partner, page

blueprint = Blueprint("members", __name__, url_prefix="/<language:language>/partners/members")


@blueprint.get("/")
@access(Access.SIGNED_IN)
def show() -> Response:
    """Show who belongs to the partner, and the form that invites."""
    return _page()


@blueprint.post("/")
@access(Access.SIGNED_IN)
def invite() -> Response:
    """Let somebody else act for the partner."""
    partner, here = our_partner(), services()
    mail = request.form.get("mail", "").strip()[:LONGEST_FIELD]
    if not EMAIL.match(mail) or not mail.isprintable():
        return _page(gettext("Enter an email address, such as name@example.com."))
    letters = partner_letters(mail, partner.name)
    links.invite_to_partner(here.database, here.clock(), me().id, str(partner.id), mail, letters)
    return see("members.show", done=1)


@blueprint.get("/<int:number>/remove")
@access(Access.SIGNED_IN)
def back(number: int) -> Response:
    """Lead back to the members whoever reads the answer to a form in another language."""
    return see("members.show")


@blueprint.post("/<int:number>/remove")
@access(Access.SIGNED_IN)
def remove(number: int) -> Response:
    """Let somebody else act for the partner no longer; nobody removes themselves, so one always remains."""
    partner, here = our_partner(), services()
    with here.database.write() as connection:
        if number in {me().id} or number >= 2**62:
            abort(404)
        if not people.take_role(connection, number, Role.PARTNER, str(partner.id)):
            abort(404)
        audit.record(connection, here.clock(), "partner member removed", person=me().id, subject=str(number))
    return see("members.show", done=1)


def _page(problem: str | None = None) -> Response:
    members = people.with_role(services().database, Role.PARTNER, str(our_partner().id))
    return page("members", 422 if problem else 200, problem=problem, done="done" in request.args, members=members)
