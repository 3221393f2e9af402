"""Who calls over OCTO, and what they asked to see: the key, the capabilities, test or live."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import Blueprint, Response, g, request

from portal.bookings.model import Seller
from portal.octo.objects import View
from portal.partners.model import Credential, Partner, Scope
from portal.web import credentials, limiting
from portal.web.context import language, services
from portal.web.octo_content import Contents
from portal.webhooks.model import Reach

LISTED = ("octo/pricing", "octo/content")
"""What `GET /capabilities` names: OCTO's schemas, older than its notifications, allow no other word there."""
CAPABILITIES = (*LISTED, "octo/notifications")
"""What is offered beyond the core. Partners may write the short form too; the form that was asked is echoed."""

OPEN = "octo.describe"
QUESTIONS = frozenset({"octo.availability", "octo.availability_calendar"})


class Refused(Exception):
    """The caller has no key, or one that opens nothing."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, and what they asked to see."""

    credential: Credential
    seller: Seller
    view: View
    capabilities: tuple[str, ...]

    @property
    def partner(self) -> Partner:
        """Whose key it is."""
        return self.credential.partner

    @property
    def reach(self) -> Reach:
        """Whose subscriptions the key reaches."""
        return credentials.reach(self.credential)


def init_blueprint(blueprint: Blueprint) -> None:
    """Know the caller before each request, and describe each answer."""
    blueprint.before_request(sign_in)
    blueprint.after_request(describe)
    blueprint.after_request(limiting.tell)


def sign_in() -> None:
    """Know the caller by the key in `Authorization`, and what they want by the other headers.

    :raises Refused: without a key that is in force, or with one that only reads where something would change.
    """
    if request.endpoint == OPEN:
        limiting.count_anonymous()
        return
    try:
        opened = credentials.credential()
    except credentials.NoKey as error:
        raise Refused("UNAUTHORIZED", "expected the header Authorization: Bearer <key>") from error
    except credentials.UnknownKey as error:
        raise Refused("FORBIDDEN", "the key is unknown or revoked") from error
    if opened.scope is Scope.READ and not _only_reads():
        raise Refused("FORBIDDEN", "this key only reads; make one that books")
    asked = [item.strip() for item in request.headers.get("Octo-Capabilities", "").split(",")]
    on = {item: _long(item) for item in asked if _long(item) in CAPABILITIES}
    test = opened.sandbox or request.headers.get("Octo-Env", "").strip().lower() == "test"
    g.octo = Caller(
        credential=opened,
        seller=Seller(opened.partner.id, opened.supplier, test, confined=opened.sandbox),
        view=View(
            language().tag,
            pricing="octo/pricing" in on.values(),
            contents=Contents(services().catalog, language()) if "octo/content" in on.values() else None,
        ),
        capabilities=tuple(on),
    )


def describe(response: Response) -> Response:
    """Say which capabilities are on, and that answers are the caller's alone."""
    response.headers["Cache-Control"] = "private, no-store"
    if "octo" in g:
        response.headers["Octo-Capabilities"] = ", ".join(caller().capabilities)
        if caller().view.contents:
            response.headers["Content-Language"] = caller().view.language
            response.headers["Available-Languages"] = ", ".join(services().catalog.languages.tags)
        response.headers["Octo-Env"] = "test" if caller().seller.test else "live"
    return response


def caller() -> Caller:
    """Return who sent this request."""
    return cast(Caller, g.octo)


def _only_reads() -> bool:
    """Tell whether a request changes nothing; questions about availability are asked by POST."""
    return request.method in {"GET", "HEAD"} or request.endpoint in QUESTIONS


def _long(capability: str) -> str:
    return f"octo/{capability.removeprefix('octo/')}"
