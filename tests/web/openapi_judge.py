"""The portal's own OpenAPI documents as judges: of answers, of messages it sends, and of whether they are whole."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

import jsonschema_rs
from flask import Flask
from werkzeug.test import TestResponse

from portal.web.openapi.data import data_document
from portal.web.openapi.octo import octo_document

BASE = "https://portal.example"
DOCUMENTS = {"data": data_document, "octo": octo_document}
OPEN = frozenset({"Refusal"})
"""Types that may hold more than they name."""


def data_faults(answer: TestResponse, method: str, path: str) -> list[str]:
    """Return what is wrong with an answer of `/api/v1`, nothing when all is well. An unknown address is a 404."""
    document = data_document(BASE)
    template = _template(path.partition("?")[0].removeprefix("/api/v1"))
    if template not in document["paths"]:
        return [] if answer.status_code == 404 else [f"{template} is not in the document"]
    responses = document["paths"][template][method.lower()]["responses"]
    status = str(answer.status_code)
    if status not in responses:
        return [f"{method} {template} answers {status}, which is not in the document"]
    if "content" not in responses[status]:
        return ["a body where none should be"] if answer.data else []
    media, content = next(iter(responses[status]["content"].items()))
    if answer.mimetype != media:
        return [f"{answer.mimetype} instead of {media}"]
    return _faults("data", content["schema"], answer.json)


def message_faults(body: Any, name: str, *, octo: bool) -> list[str]:
    """Return what is wrong with a message that was sent, nothing when all is well.

    :param name: of the document's webhook.
    """
    document = octo_document(BASE) if octo else data_document(BASE)
    schema = document["webhooks"][name]["post"]["requestBody"]["content"]["application/json"]["schema"]
    return _faults("octo" if octo else "data", schema, body)


def served(app: Flask, prefix: str) -> set[tuple[str, str]]:
    """Return what is served below a prefix: methods with paths as documents write them."""
    found = set()
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith(f"{prefix}/") and not rule.endpoint.endswith(".unknown"):
            path = re.sub(r"<(?:\w+:)?(\w+)>", "{}", rule.rule.removeprefix(prefix))
            found |= {(method, path) for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}}
    return found


def described(document: dict[str, Any]) -> set[tuple[str, str]]:
    """Return what a document describes, in the same form."""
    return {(method.upper(), re.sub(r"{\w+}", "{}", path)) for path, one in document["paths"].items() for method in one}


def _template(path: str) -> str:
    path = re.sub(r"^/webhooks/endpoints/[^/]+", "/webhooks/endpoints/{id}", path)
    return re.sub(r"^/webhooks/deliveries/[^/]+", "/webhooks/deliveries/{number}", path)


def _faults(document: str, schema: Any, value: Any) -> list[str]:
    return [str(error)[:500] for error in _validator(document, json.dumps(schema)).iter_errors(value)]


@cache
def _validator(document: str, schema: str) -> Any:
    known = DOCUMENTS[document](BASE)["components"]["schemas"]
    closed = {
        name: {**one, "additionalProperties": False} if "properties" in one and name not in OPEN else one
        for name, one in known.items()
    }
    return jsonschema_rs.Draft202012Validator({**json.loads(schema), "components": {"schemas": closed}})
