"""Who is signed in, and which pages are whose.

Sessions are rows of the database; the browser keeps their secret in Flask's signed cookie. No login extension: what it
would add is this lookup, and it reads the session with every answer, so that every public page would vary by cookie
and no proxy could keep it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import Enum
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Response, abort, g, make_response, redirect, render_template, request, session, url_for

from portal.accounts import sessions
from portal.accounts.model import Origin, Person
from portal.web.context import language, services

SECRET = "account"  # noqa: S105 - the name of a key
SETTING_UP = "protection"
"""The pages that are left to whoever has to switch a second factor on."""
View = TypeVar("View", bound=Callable[..., Any])


class Access(Enum):
    """Who may ask for a page at all. Whose listing it is, the page looks at itself."""

    ANYBODY = "anybody"
    SIGNED_IN = "signed in"
    MODERATORS = "moderators"
    ADMINISTRATORS = "administrators"


def access(needed: Access) -> Callable[[View], View]:
    """Let only some ask for a page: others are sent to sign in, or refused. A page without this mark serves nobody."""

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            refusal = _refusal(needed)
            return refusal if refusal is not None else view(*args, **kwargs)

        guarded.access = needed  # type: ignore[attr-defined]
        return cast(View, guarded)

    return mark


def _refusal(needed: Access) -> Response | None:
    if needed is Access.ANYBODY:
        return None
    person = who()
    if person is None:
        wanted = request.full_path.rstrip("?") if request.method == "GET" else None
        return cast(Response, redirect(url_for("accounts.sign_in", to=wanted), 303))
    due = protect_by()
    if due is not None and due <= services().clock() and request.blueprint != SETTING_UP:
        return cast(Response, redirect(url_for("protection.show"), 303))
    if needed is Access.MODERATORS and not person.is_moderator:
        abort(403)
    if needed is Access.ADMINISTRATORS and not person.is_administrator:
        abort(403)
    return None


def protect_by() -> datetime | None:
    """Return by when whoever is signed in has to switch a second factor on; None when they need not."""
    person = who()
    return person.protect_by(timedelta(days=services().settings.second_factor_days)) if person else None


def who() -> Person | None:
    """Return who is signed in."""
    known = _known()
    return known[0] if known else None


def me() -> Person:
    """Return who is signed in, on a page that asks for it."""
    person = who()
    if person is None:
        abort(403)
    return person


def this_session() -> int:
    """Return the id of the session this request belongs to."""
    known = _known()
    return known[1] if known else 0


def _known() -> tuple[Person, int] | None:
    if "account" not in g:
        secret = session.get(SECRET)
        g.account = sessions.find(services().database, services().clock(), secret) if secret else None
    return cast("tuple[Person, int] | None", g.account)


def begin(secret: str) -> None:
    """Keep a session's secret in the browser. What was there before goes: forms of before no longer count."""
    session.clear()
    session.permanent = True
    session[SECRET] = secret


def origin() -> Origin:
    """Return where this request comes from."""
    return Origin(request.remote_addr or "", request.headers.get("User-Agent", ""))


def page(template: str, status: int = 200, folder: str = "businesses", **context: Any) -> Response:
    """Return a page that is this person's alone. Its address may hold a link's secret, which no other site gets."""
    settings = services().settings
    maps = {"tiles": settings.tiles, "tiles_attribution": settings.tiles_attribution}
    answer = make_response(
        render_template(
            f"{folder}/{template}.html", **{"person": who(), "protect_by": protect_by(), **maps, **context}
        ),
        status,
    )
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Referrer-Policy"] = "same-origin"
    return answer


def see(endpoint: str, **values: Any) -> Response:
    """Send the browser on after a form was taken."""
    answer = redirect(url_for(endpoint, **values), 303)
    answer.headers["Cache-Control"] = "private, no-store"
    return cast(Response, answer)


def safe_target(target: str | None) -> str | None:
    """Return where to go after signing in, if it is a page for businesses or partners in this language."""
    below = tuple(f"/{language().path}/{whose}/" for whose in ("business", "partners"))
    fine = target and target.startswith(below) and target.isprintable() and "\\" not in target
    return target if fine else None
