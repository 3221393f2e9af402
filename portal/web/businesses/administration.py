"""For administrators: people with their roles and sessions, and the log of who did what."""

from __future__ import annotations

from flask import Blueprint, Response, abort, request
from flask_babel import gettext

from portal.accounts import administration, audit, sessions
from portal.accounts.administration import Deed, LastAdministrator, Someone
from portal.accounts.model import EVERY, Role
from portal.partners.accounts import find_partners, get_partner
from portal.web import parameters
from portal.web.businesses.deeds import action_words, actions_named, detail_words
from portal.web.businesses.guard import Access, access, me, origin, page, see
from portal.web.context import languages, services
from portal.web.formats import language_name
from portal.web.forms import LONGEST_FIELD
from portal.web.pagination import Page

blueprint = Blueprint("administration", __name__, url_prefix="/<language:language>/business")
PAGE_SIZE = 50
GIVEN = (Role.TRANSLATOR, Role.PARTNER, Role.MODERATOR, Role.ADMINISTRATOR)
"""Roles beyond a business: owners and staff are let in by owners."""


@blueprint.get("/people/")
@access(Access.ADMINISTRATORS)
def people() -> Response:
    """Show people, those found by name or mail address."""
    words, number = _words(), parameters.page(request.args)
    found, total = administration.found(services().database, words, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE)
    shown = Page(number, PAGE_SIZE, total)
    if shown.beyond_last:
        abort(404)
    return page("people", people=found, shown=shown, words=words, role_words=role_words())


@blueprint.get("/people/<int:number>/")
@access(Access.ADMINISTRATORS)
def person(number: int) -> Response:
    """Show somebody with their roles and sessions."""
    return _person(_someone(number))


@blueprint.get("/people/<int:number>/give")
@blueprint.get("/people/<int:number>/take")
@blueprint.get("/people/<int:number>/lock")
@blueprint.get("/people/<int:number>/sessions/end")
@access(Access.ADMINISTRATORS)
def back(number: int) -> Response:
    """Lead back whoever reloads the answer to a form, or reads it in another language."""
    return see("administration.person", number=number)


@blueprint.post("/people/<int:number>/give")
@access(Access.ADMINISTRATORS)
def give(number: int) -> Response:
    """Give somebody a role: of translators the languages, of partners the partner's name."""
    someone, role = _someone(number), _role()
    scopes = _scopes(role)
    if not scopes:
        return _person(someone, gettext("Say for which languages, or for which partner."))
    administration.give(services().database, _deed(someone), role, scopes)
    return see("administration.person", number=number, done=1)


@blueprint.post("/people/<int:number>/take")
@access(Access.ADMINISTRATORS)
def take(number: int) -> Response:
    """Take a role away."""
    someone = _someone(number)
    try:
        if not administration.take(services().database, _deed(someone), _role(), _text("scope")):
            abort(404)
    except LastAdministrator:
        return _person(someone, _nobody_left())
    return see("administration.person", number=number, done=1)


@blueprint.post("/people/<int:number>/lock")
@access(Access.ADMINISTRATORS)
def lock(number: int) -> Response:
    """Lock an account, or open it again."""
    someone = _someone(number)
    try:
        administration.lock(services().database, _deed(someone), locked=request.form.get("locked") == "1")
    except LastAdministrator:
        return _person(someone, _nobody_left())
    return see("administration.person", number=number, done=1)


@blueprint.post("/people/<int:number>/sessions/end")
@access(Access.ADMINISTRATORS)
def end_sessions(number: int) -> Response:
    """Sign somebody out everywhere."""
    administration.end_sessions(services().database, _deed(_someone(number)))
    return see("administration.person", number=number, done=1)


@blueprint.get("/log")
@access(Access.ADMINISTRATORS)
def log() -> Response:
    """Show who did what, the newest first."""
    words, number = _words(), parameters.page(request.args)
    named = actions_named(words)
    shown = Page(number, PAGE_SIZE, audit.count(services().database, words, named))
    if shown.beyond_last:
        abort(404)
    return page(
        "log",
        entries=audit.latest(services().database, words, named, limit=PAGE_SIZE, offset=shown.offset),
        shown=shown,
        words=words,
        kept_days=services().settings.audit_days,
        action_words=action_words(),
        detail_words=detail_words(),
    )


def role_words() -> dict[str, str]:
    """Return what the roles are called."""
    return {
        Role.OWNER: gettext("owner"),
        Role.STAFF: gettext("staff"),
        Role.TRANSLATOR: gettext("translator"),
        Role.PARTNER: gettext("partner"),
        Role.MODERATOR: gettext("moderator"),
        Role.ADMINISTRATOR: gettext("administrator"),
    }


def _languages() -> dict[str, str]:
    return {EVERY: gettext("All"), **{tag: language_name(tag) for tag in languages().tags}}


def _partners(someone: Someone) -> dict[str, str]:
    """Return what the partners that somebody belongs to are called, by what a role's scope has of them."""
    scopes = [scope for role, scope in someone.roles if role == Role.PARTNER and scope.isdecimal()]
    found = {scope: get_partner(services().database, int(scope)) for scope in scopes}
    return {scope: partner.name for scope, partner in found.items() if partner}


def _someone(number: int) -> Someone:
    someone = administration.find(services().database, number) if number < 2**62 else None
    if someone is None:
        abort(404)
    return someone


def _deed(someone: Someone) -> Deed:
    return Deed(me(), someone, services().clock(), origin())


def _role() -> Role:
    named = request.form.get("role", "")
    if named not in GIVEN:
        abort(400)
    return Role(named)


def _scopes(role: Role) -> list[str]:
    if role is Role.TRANSLATOR:
        asked = request.form.getlist("of")
        return [EVERY] if EVERY in asked else [tag for tag in languages().tags if tag in asked]
    if role is Role.PARTNER:
        found = find_partners(services().database, _text("partner"))
        return [str(found[0].id)] if len(found) == 1 else []  # names are not unique; a number is
    return [""]


def _words() -> str:
    return parameters.query(request.args).replace("\x00", "")


def _text(field: str) -> str:
    return " ".join(request.form.get(field, "").replace("\x00", "").split())[:LONGEST_FIELD]


def _nobody_left() -> str:
    return str(gettext("Nobody else is an administrator. Make somebody one first."))


def _person(someone: Someone, problem: str | None = None) -> Response:
    return page(
        "person",
        422 if problem else 200,
        problem=problem,
        done="done" in request.args,
        someone=someone,
        sessions=sessions.of_person(services().database, someone.id),
        given=GIVEN,
        every=EVERY,
        role_words=role_words(),
        scope_words=_languages(),
        partner_words=_partners(someone),
    )
