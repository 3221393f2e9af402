"""What is theirs: listings, sessions, colleagues."""

from __future__ import annotations

from flask import Blueprint, Response, abort, request
from flask_babel import gettext

from portal.accounts import links, people, sessions
from portal.accounts.model import AccountError, Business, Role
from portal.accounts.people import Member
from portal.catalog.facts import KINDS
from portal.catalog.model import Card
from portal.catalog.selection import Selection
from portal.editing import drafts
from portal.web.businesses import mine
from portal.web.businesses.accounts import refusal
from portal.web.businesses.guard import Access, access, me, origin, page, see, this_session
from portal.web.businesses.letters import invitation_letters
from portal.web.context import language, services
from portal.web.forms import EMAIL, LONGEST_FIELD

blueprint = Blueprint("account", __name__, url_prefix="/<language:language>/business")
MOST_SHOWN = 5000


@blueprint.get("/")
@access(Access.SIGNED_IN)
def home() -> Response:
    """Show the listings in somebody's hands."""
    listings = sorted(me().listings)
    states = drafts.states_of(services().database, listings)
    return page("home", cards=mine.cards(), listings=listings, states=states, all_cards=_to_work_on())


def _to_work_on() -> dict[str, list[Card]]:
    """Return every listing, by kind, for those who work on all of them."""
    if not (me().is_moderator or Role.TRANSLATOR in me().roles):
        return {}
    catalog = services().catalog
    return {kind: catalog.cards(Selection(kind=kind), language(), limit=MOST_SHOWN) for kind in KINDS}


@blueprint.get("/account")
@access(Access.SIGNED_IN)
def show() -> Response:
    """Show the account."""
    return _account()


@blueprint.get("/account/password")
@blueprint.get("/account/businesses/<int:business>/members")
@blueprint.get("/account/businesses/<int:business>/members/<int:member>/remove")
@blueprint.get("/account/businesses/<int:business>/invitations/withdraw")
@access(Access.SIGNED_IN)
def back(business: int = 0, member: int = 0) -> Response:
    """Lead back to the account whoever reloads the answer to a form, or reads it in another language."""
    return see("account.show")


@blueprint.post("/account/password")
@access(Access.SIGNED_IN)
def change_password() -> Response:
    """Set another password; every other session ends."""
    old, new = request.form.get("old", ""), request.form.get("password", "")
    database, now = services().database, services().clock()
    try:
        links.change_password(database, now, me(), this_session(), old=old, new=new, origin=origin())
    except AccountError as error:
        return _account(refusal(error))
    return see("account.show", done=1)


@blueprint.post("/account/sessions/<int:session>/end")
@access(Access.SIGNED_IN)
def end_session(session: int) -> Response:
    """End one of one's own sessions."""
    if session >= 2**62 or not sessions.end(services().database, services().clock(), me().id, session):
        abort(404)
    return see("account.show", done=1)


@blueprint.post("/account/businesses/<int:business>/members")
@access(Access.SIGNED_IN)
def add_member(business: int) -> Response:
    """Let somebody else act for a business one owns."""
    owned = next((known for known in me().businesses if known.id == business and me().owns(business)), None)
    if owned is None:
        abort(404)
    mail = request.form.get("mail", "").strip()[:LONGEST_FIELD]
    if not EMAIL.match(mail) or not mail.isprintable():
        return _account(gettext("Enter an email address, such as name@example.com."))
    links.invite(services().database, services().clock(), me(), business, mail, invitation_letters(mail, owned.name))
    return see("account.show", done=1)


@blueprint.post("/account/businesses/<int:business>/members/<int:member>/remove")
@access(Access.SIGNED_IN)
def remove_member(business: int, member: int) -> Response:
    """Let somebody act for a business no more."""
    if business >= 2**62 or member >= 2**62 or not me().owns(business):
        abort(404)
    with services().database.write() as connection:
        gone = people.leave(connection, services().clock(), me(), member, business)
    return see("account.show", done=1) if gone else abort(404)


@blueprint.post("/account/businesses/<int:business>/invitations/withdraw")
@access(Access.SIGNED_IN)
def withdraw(business: int) -> Response:
    """Take an invitation back that nobody followed yet."""
    if business >= 2**62 or not me().owns(business):
        abort(404)
    links.withdraw(
        services().database, services().clock(), me(), business, request.form.get("mail", "").replace("\x00", "")
    )
    return see("account.show", done=1)


def _account(problem: str | None = None) -> Response:
    return page(
        "account",
        422 if problem else 200,
        problem=problem,
        done="done" in request.args,
        sessions=sessions.of_person(services().database, me().id),
        this=this_session(),
        owned=[_owned(business) for business in me().businesses if me().owns(business.id)],
    )


def _owned(business: Business) -> tuple[Business, list[Member], list[str]]:
    database = services().database
    return business, people.members_of(database, business.id), links.invited(database, services().clock(), business.id)
