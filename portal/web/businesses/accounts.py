"""Signing in and out, making an account, a forgotten password."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, Response, redirect, request, session, url_for
from flask_babel import gettext

from portal.accounts import links, passkeys, sessions, signing_in, tokens
from portal.accounts.model import (
    AccountError,
    BadLink,
    BadPasskey,
    MailTaken,
    TooManyAttempts,
    WeakPassword,
    WrongCode,
    WrongCredentials,
)
from portal.accounts.passwords import SHORTEST
from portal.accounts.signing_in import Admission
from portal.web.businesses.guard import Access, access, begin, me, origin, page, safe_target, see, this_session, who
from portal.web.businesses.letters import account_letters
from portal.web.businesses.scripts import CHALLENGE, passkey_site, script_sent, told
from portal.web.context import language, services
from portal.web.forms import EMAIL, LONGEST_FIELD

STEP = "second-step"
"""What the browser keeps between the password and the code."""

blueprint = Blueprint("accounts", __name__, url_prefix="/<language:language>/business")


@blueprint.get("/sign-in")
@access(Access.ANYBODY)
def sign_in() -> Response:
    """Show the form; who is signed in already goes on."""
    to = safe_target(request.args.get("to"))
    return _in(to) if who() else _sign_in(to)


@blueprint.post("/sign-in")
@access(Access.ANYBODY)
def enter() -> Response:
    """Sign in."""
    mail, password = _mail(), request.form.get("password", "")
    to = safe_target(request.form.get("to"))
    try:
        admission = signing_in.by_password(services().database, services().clock(), mail, password, origin())
    except AccountError as error:
        return _sign_in(to, mail, refusal(error))
    return _admitted(admission, to)


@blueprint.get("/sign-in/code")
@access(Access.ANYBODY)
def code() -> Response:
    """Ask for the second step of whoever took the first."""
    to = safe_target(request.args.get("to"))
    if who():
        return _in(to)
    return _code(to) if STEP in session else see("accounts.sign_in", to=to)


@blueprint.post("/sign-in/code")
@access(Access.ANYBODY)
def enter_code() -> Response:
    """Take the second step."""
    here, to = services(), safe_target(request.form.get("to"))
    given = request.form.get("code", "")[:LONGEST_FIELD]
    try:
        secret = signing_in.by_code(here.database, here.seal, here.clock(), session.get(STEP, ""), given, origin())
    except BadLink:
        session.pop(STEP, None)
        return _sign_in(to, "", gettext("That took too long. Sign in once more."))
    except AccountError as error:
        return _code(to, refusal(error))
    begin(secret)
    return _in(to)


@blueprint.get("/sign-in/passkey/options")
@blueprint.get("/sign-in/passkey")
@access(Access.ANYBODY)
def back() -> Response:
    """Lead back whoever reads the answer to a script in another language."""
    return see("accounts.sign_in")


@blueprint.post("/sign-in/passkey/options")
@access(Access.ANYBODY)
def passkey_options() -> Response:
    """Tell a script what a passkey has to sign."""
    try:
        challenge, options = passkeys.ask_to_sign_in(services().database, services().clock(), passkey_site(), origin())
    except TooManyAttempts as error:
        return told({"problem": refusal(error)}, 422)
    session[CHALLENGE] = challenge
    return told(options)


@blueprint.post("/sign-in/passkey")
@access(Access.ANYBODY)
def enter_with_passkey() -> Response:
    """Sign in whoever's passkey signed."""
    here, challenge = services(), session.pop(CHALLENGE, "")
    sent = script_sent()
    try:
        secret = signing_in.by_passkey(
            here.database, here.clock(), passkey_site(), challenge, sent.get("credential"), origin()
        )
    except AccountError as error:
        return told({"problem": refusal(error)}, 422)
    begin(secret)
    to = sent.get("to")
    return told({"to": safe_target(to if isinstance(to, str) else None) or url_for("account.home")})


@blueprint.post("/sign-out")
@access(Access.ANYBODY)
def sign_out() -> Response:
    """Sign out."""
    if who():
        sessions.end(services().database, services().clock(), me().id, this_session())
    session.clear()
    return see("accounts.sign_in")


@blueprint.get("/register")
@access(Access.ANYBODY)
def register() -> Response:
    """Show the form that asks for a mail address, or that a letter is on its way."""
    return page("ask_mail", purpose=tokens.REGISTER, sent="sent" in request.args, to=_to())


@blueprint.post("/register")
@access(Access.ANYBODY)
def send_register() -> Response:
    """Send a link to make an account."""
    return _send(tokens.REGISTER, "accounts.register")


@blueprint.get("/recover")
@access(Access.ANYBODY)
def recover() -> Response:
    """Show the form that asks for a mail address, or that a letter is on its way."""
    return page("ask_mail", purpose=tokens.RECOVER, sent="sent" in request.args)


@blueprint.post("/recover")
@access(Access.ANYBODY)
def send_recover() -> Response:
    """Send a link to set a new password."""
    return _send(tokens.RECOVER, "accounts.recover")


@blueprint.get("/welcome")
@access(Access.ANYBODY)
def welcome() -> Response:
    """Ask somebody who followed the link of a letter for the rest of an account."""
    return _with_link(tokens.REGISTER, "welcome")


@blueprint.post("/welcome")
@access(Access.ANYBODY)
def make_account() -> Response:
    """Make the account and sign in."""
    sent = request.form
    new = links.NewAccount(
        name=_line("name"),
        business=None if _to() else _line("business"),  # who comes for something else has no business to name
        password=sent.get("password", ""),
        language=language().tag,
    )
    if not new.name:
        return _with_link(tokens.REGISTER, "welcome", gettext("Enter your name."))
    try:
        secret = links.register(services().database, services().clock(), _link(), new, origin())
    except AccountError as error:
        return _with_link(tokens.REGISTER, "welcome", refusal(error))
    begin(secret)
    return _in(_to())


@blueprint.get("/password")
@access(Access.ANYBODY)
def new_password() -> Response:
    """Ask somebody who followed the link of a letter for a new password."""
    return _with_link(tokens.RECOVER, "new_password")


@blueprint.post("/password")
@access(Access.ANYBODY)
def set_password() -> Response:
    """Set the password and sign in; every other session ends."""
    password = request.form.get("password", "")
    try:
        admission = links.recover(services().database, services().clock(), _link(), password, origin())
    except AccountError as error:
        return _with_link(tokens.RECOVER, "new_password", refusal(error))
    return _admitted(admission)


def refusal(error: AccountError) -> str:
    """Return why something about an account was refused, in the reader's language."""
    words = {
        WrongCredentials: gettext("The mail address or the password is not right."),
        WrongCode: gettext("This code is not right, or was used already. Wait for the next one."),
        BadPasskey: gettext("This passkey is not known here. Sign in another way."),
        TooManyAttempts: gettext("That was tried too often. Wait a quarter of an hour."),
        BadLink: gettext("This link is too old or was used already. Ask for another."),
        MailTaken: gettext("There is an account with this mail address already."),
        WeakPassword: gettext("Choose a password of %(count)s characters or more.", count=SHORTEST),
    }
    return str(words[type(error)])


def _in(to: str | None = None) -> Response:
    return cast(Response, redirect(to, 303)) if to else see("account.home")


def _sign_in(to: str | None, mail: str = "", problem: str | None = None) -> Response:
    passkeys_here = passkey_site().offers
    return page("sign_in", 422 if problem else 200, mail=mail, to=to, problem=problem, passkeys_here=passkeys_here)


def _code(to: str | None, problem: str | None = None) -> Response:
    return page("code", 422 if problem else 200, to=to, problem=problem, passkeys_here=passkey_site().offers)


def _admitted(admission: Admission, to: str | None = None) -> Response:
    if admission.complete:
        begin(admission.secret)
        return _in(to)
    session.clear()
    session[STEP] = admission.secret
    return see("accounts.code", to=to)


def _send(purpose: str, shown: str) -> Response:
    mail = _mail()
    if not EMAIL.match(mail) or not mail.isprintable():
        problem = gettext("Enter an email address, such as name@example.com.")
        return page("ask_mail", 422, purpose=purpose, mail=mail, problem=problem, to=_to())
    try:
        links.ask(services().database, services().clock(), purpose, mail, account_letters(mail, _to()), origin())
    except TooManyAttempts as error:
        return page("ask_mail", 422, purpose=purpose, mail=mail, problem=refusal(error), to=_to())
    return see(shown, sent=1)


def _with_link(purpose: str, template: str, problem: str | None = None) -> Response:
    link = _link()
    try:
        mail, invited = links.look(services().database, services().clock(), purpose, link)
    except BadLink as error:
        return page("ask_mail", 410, purpose=purpose, problem=refusal(error))
    sent = {"name": _line("name"), "business": _line("business")}
    status = 422 if problem else 200
    return page(template, status, mail=mail, invited=invited, link=link, problem=problem, form=sent, to=_to())


def _to() -> str | None:
    """Return the page that somebody without an account yet came for."""
    return safe_target(request.values.get("to"))


def _link() -> str:
    return request.values.get("link", "")[:LONGEST_FIELD]


def _mail() -> str:
    return request.form.get("mail", "").strip()[:LONGEST_FIELD]


def _line(field: str) -> str:
    return " ".join(request.form.get(field, "").replace("\x00", "").split())[:LONGEST_FIELD]
