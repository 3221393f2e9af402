"""A second factor and passkeys: switched on and off by whoever knows the password."""

from __future__ import annotations

from collections.abc import Callable

import segno
from flask import Blueprint, Response, abort, request, session
from flask_babel import gettext
from markupsafe import Markup

from portal.accounts import factors, passkeys, signing_in
from portal.accounts.model import AccountError
from portal.accounts.passkeys import LONGEST_NAME, Made
from portal.web.businesses.accounts import refusal
from portal.web.businesses.guard import Access, access, me, origin, page, protect_by, see
from portal.web.businesses.letters import tell_about_account
from portal.web.businesses.scripts import CHALLENGE, passkey_site, script_sent, told
from portal.web.context import services
from portal.web.forms import LONGEST_FIELD

blueprint = Blueprint("protection", __name__, url_prefix="/<language:language>/business/account/protection")


@blueprint.get("/")
@access(Access.SIGNED_IN)
def show() -> Response:
    """Show how the account is protected."""
    return _page()


@blueprint.get("/set-up")
@blueprint.get("/on")
@blueprint.get("/off")
@blueprint.get("/codes")
@blueprint.get("/passkeys")
@blueprint.get("/passkeys/options")
@blueprint.get("/passkeys/<int:passkey>/name")
@blueprint.get("/passkeys/<int:passkey>/remove")
@access(Access.SIGNED_IN)
def back(passkey: int = 0) -> Response:
    """Lead back whoever reloads the answer to a form, or reads it in another language."""
    return see("protection.show")


@blueprint.post("/set-up")
@access(Access.SIGNED_IN)
def set_up() -> Response:
    """Show a new key for an authenticator app."""
    return _knowing_the_password(lambda: _key(factors.begin(services().database, services().seal, me().id)))


@blueprint.post("/on")
@access(Access.SIGNED_IN)
def switch_on() -> Response:
    """Switch the second factor on with a code of the app; show the recovery codes."""
    here = services()
    code = request.form.get("code", "")[:LONGEST_FIELD]
    try:
        codes = factors.confirm(here.database, here.seal, here.clock(), me(), code, origin())
    except AccountError as error:
        return _key(factors.begun(here.database, here.seal, me().id), refusal(error))
    tell_about_account(me(), gettext("Signing in asks for a code of an authenticator app from now on."))
    return page("recovery_codes", codes=codes, protect_by=None)


@blueprint.post("/off")
@access(Access.SIGNED_IN)
def switch_off() -> Response:
    """Ask for no code any more."""

    def off() -> Response:
        factors.switch_off(services().database, services().clock(), me(), origin())
        tell_about_account(me(), gettext("Signing in asks for no code any more."))
        return see("protection.show", done=1)

    return _knowing_the_password(off)


@blueprint.post("/codes")
@access(Access.SIGNED_IN)
def renew_codes() -> Response:
    """Show new recovery codes."""
    if not me().second_factor:
        abort(409)

    def renewed() -> Response:
        codes = factors.renew_codes(services().database, services().clock(), me(), origin())
        return page("recovery_codes", codes=codes)

    return _knowing_the_password(renewed)


@blueprint.post("/passkeys/options")
@access(Access.SIGNED_IN)
def passkey_options() -> Response:
    """Tell a script of somebody who knows the password how to make a passkey."""
    here, password = services(), script_sent().get("password")
    try:
        signing_in.prove(here.database, here.clock(), me(), password if isinstance(password, str) else "", origin())
    except AccountError as error:
        return told({"problem": refusal(error)}, 422)
    challenge, options = passkeys.ask_to_make(here.database, here.clock(), passkey_site(), me())
    session[CHALLENGE] = challenge
    return told(options)


@blueprint.post("/passkeys")
@access(Access.SIGNED_IN)
def add_passkey() -> Response:
    """Keep the passkey that a browser made."""
    here, sent = services(), script_sent()
    name = _name(sent.get("name")) or gettext("Passkey")
    made = Made(session.pop(CHALLENGE, ""), sent.get("credential"), name)
    try:
        passkeys.keep(here.database, here.clock(), passkey_site(), me(), made, origin())
    except AccountError as error:
        return told({"problem": refusal(error)}, 422)
    tell_about_account(me(), gettext("A passkey was added: %(name)s", name=name))
    return told({})


@blueprint.post("/passkeys/<int:passkey>/name")
@access(Access.SIGNED_IN)
def rename_passkey(passkey: int) -> Response:
    """Call a passkey something else."""
    name = _name(request.form.get("name"))
    if not name:
        return _page(gettext("Enter a name."))
    if passkey >= 2**62 or not passkeys.rename(services().database, me().id, passkey, name):
        abort(404)
    return see("protection.show", done=1)


@blueprint.post("/passkeys/<int:passkey>/remove")
@access(Access.SIGNED_IN)
def remove_passkey(passkey: int) -> Response:
    """Let a passkey sign in no more."""
    here = services()
    if passkey >= 2**62 or not passkeys.remove(here.database, here.clock(), me().id, passkey, origin()):
        abort(404)
    tell_about_account(me(), gettext("A passkey was removed."))
    return see("protection.show", done=1)


def _knowing_the_password(then: Callable[[], Response]) -> Response:
    here, password = services(), request.form.get("password", "")
    try:
        signing_in.prove(here.database, here.clock(), me(), password, origin())
    except AccountError as error:
        return _page(refusal(error))
    return then()


def _key(key: str | None, problem: str | None = None) -> Response:
    """Show a key as a QR code and as letters; there is none where the second factor is on already."""
    if key is None:
        return see("protection.show")
    address = factors.address(key, me().mail, passkey_site().name)
    drawn = segno.make(address, error="m").svg_inline(
        scale=4, border=4, dark="#000", light="#fff", title="QR", omitsize=True
    )
    groups = " ".join(key[at : at + 4] for at in range(0, len(key), 4))
    return page("second_factor", 422 if problem else 200, problem=problem, qr=Markup(drawn), key=groups)  # noqa: S704


def _page(problem: str | None = None) -> Response:
    database = services().database
    return page(
        "protection",
        422 if problem else 200,
        problem=problem,
        done="done" in request.args,
        factors=factors.of_person(database, me().id),
        passkeys=passkeys.of_person(database, me().id),
        passkeys_here=passkey_site().offers,
        protect_by=protect_by(),
        longest=LONGEST_NAME,
    )


def _name(text: object) -> str:
    """Return a name as it can be kept; JSON may hold half characters (surrogates), which no database takes."""
    whole = text.encode("utf-8", "ignore").decode() if isinstance(text, str) else ""
    return " ".join(whole.replace("\x00", "").split())[:LONGEST_NAME]
