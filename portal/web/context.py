"""What a request can reach: the services, the reader's language, and the names pages need."""

from __future__ import annotations

from datetime import date, datetime
from typing import cast
from zoneinfo import ZoneInfo

from flask import current_app, g, request

from portal.languages.model import Language, Languages
from portal.languages.negotiation import negotiate
from portal.services import Services

CHOICE = "language"
"""The cookie that remembers the language a reader chose, by its path."""

PREFERENCE = ("Accept-Language", "Cookie")
"""The headers an answer varies by whose address names no language."""


def local_now() -> datetime:
    """Return the time it is in the city, without a zone."""
    return services().clock().astimezone(ZoneInfo(services().catalog.site().timezone)).replace(tzinfo=None)


def today() -> date:
    """Return the day it is in the city."""
    return local_now().date()


def services() -> Services:
    """Return the services the application was made with."""
    return cast(Services, current_app.extensions["portal"])


def languages() -> Languages:
    """Return the languages of the portal."""
    return services().catalog.languages


def language() -> Language:
    """Return the language of this request: of its address, else the one the reader would be sent to."""
    known: Language | None = g.get("language")
    if known is None:
        segment = request.path.lstrip("/").partition("/")[0]
        known = g.language = languages().get(segment) or preferred()
    return known


def preferred() -> Language:
    """Return the language a reader gets where the address names none: their own earlier choice, else negotiation."""
    chosen = languages().get(request.cookies.get(CHOICE, ""))
    return chosen or negotiate(request.headers.get("Accept-Language", ""), languages())
