"""What pages for businesses and their scripts tell each other: passkeys are made and used by scripts alone."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, request

from portal.accounts.passkeys import Site
from portal.web.context import services

CHALLENGE = "challenge"
"""What the browser keeps of a challenge, so that no other browser answers it."""


def passkey_site() -> Site:
    """Return the site as passkeys know it."""
    names = services().catalog.site().names
    return Site(names.get("en") or next(iter(names.values())), services().settings.base_url)


def script_sent() -> dict[str, Any]:
    """Return what a script sent as JSON; nothing when it is no mapping."""
    sent = request.get_json(silent=True)
    return sent if isinstance(sent, dict) else {}


def told(what: dict[str, Any], status: int = 200) -> Response:
    """Return an answer to a script."""
    answer = jsonify(what)
    answer.status_code = status
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
