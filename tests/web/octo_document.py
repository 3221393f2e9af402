"""The portal's own document of OCTO as a judge of its answers: an unknown field is a fault too."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import jsonschema_rs

from portal.web.openapi.octo import octo_document


def faults(method: str, path: str, status: int, answer: Any) -> list[str]:
    """Return what is wrong with an answer, nothing when all is well or the document says nothing of the address.

    :param path: below `/octo`, without a query string.
    """
    validator = _validator(method, _template(path), str(status))
    return [] if validator is None else [str(error)[:500] for error in validator.iter_errors(answer)]


def _template(path: str) -> str:
    kinds = r"^/(bookings|products|notifications/subscriptions)/[^/]+"
    return re.sub(kinds, lambda found: f"/{found[1]}/{_name(found[1])}", path.rstrip("/"))


def _name(kind: str) -> str:
    return "{uuid}" if kind == "bookings" else "{id}"


@cache
def _validator(method: str, template: str, status: str) -> Any:
    document = octo_document("https://portal.example")
    responses = document["paths"].get(template, {}).get(method.lower(), {}).get("responses", {})
    if status not in responses:
        return None
    schema = responses[status]["content"]["application/json"]["schema"]
    closed = {
        name: {**known, "additionalProperties": False} if "properties" in known and name != "Refusal" else known
        for name, known in document["components"]["schemas"].items()
    }
    return jsonschema_rs.Draft202012Validator({**schema, "components": {"schemas": closed}})
