"""Schemathesis makes requests up for every page that anybody may ask for; none may be more than the portal can take.

Pages have no document of their own, so one is made here from the application's routes: what stands in the parts of an
address and in its parameters is free text beside the values that lead somewhere.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal.web.selecting import PARAMETERS
from tests.plugins.portal import Served

SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
BLUEPRINTS = (
    "visitors",
    "crawlers",
    "media",
    "reports",
    "booking",
    "booked",
    "finding",
    "accounts",
    "api",
    "health",
    "static",
)
KNOWN = {
    "language": ["en", "zh-hans", "ar", "th", "zh-TW"],
    "kind": ["attractions", "events"],
    "slug": ["tianjin-eye", "hebei"],
    "product": ["haihe-cruise-day"],
    "file": ["tianjin-eye.svg"],
    "filename": ["css/portal.css"],
}
QUERY = (*PARAMETERS, "q", "page", "to", "date", "lang", "limit", "offset", "radius", "v")
CHOICE = ("month", "option", "slot", "instead", "token", "unit-adult")
"""Parameters of booking."""
HEADERS = ("Accept-Language", "If-None-Match", "Range")


def document(app: Flask) -> dict[str, Any]:
    """Return an OpenAPI document of the pages that need no signing in."""
    paths: dict[str, Any] = {}
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint.partition(".")[0] in BLUEPRINTS:
            path = "".join(text.lstrip("|") if not part else f"{{{text}}}" for part, text in rule._trace)
            paths[f"/{path.lstrip('/')}"] = {"get": _operation(rule.endpoint, sorted(rule.arguments))}
    return {"openapi": "3.1.0", "info": {"title": "Pages", "version": "1"}, "paths": paths}


def _operation(endpoint: str, parts: list[str]) -> dict[str, Any]:
    parameters = [{"name": part, "in": "path", "required": True, "schema": _text(part)} for part in parts]
    parameters += [{"name": name, "in": "query", "schema": _text(name)} for name in (*QUERY, *CHOICE)]
    parameters += [{"name": name, "in": "header", "schema": {"type": "string"}} for name in HEADERS]
    return {"operationId": endpoint, "parameters": parameters, "responses": {"2XX": {"description": "a page"}}}


def _text(name: str) -> dict[str, Any]:
    anything = {"type": "string", "minLength": 1}
    return {"anyOf": [{"enum": KNOWN[name]}, anything]} if name in KNOWN else anything


@pytest.mark.timeout(600)
def test_schemathesis_finds_no_address_that_breaks_a_page(app: Flask, served: Served, tmp_path: Path) -> None:
    file = tmp_path / "openapi.json"
    file.write_text(json.dumps(document(app)))
    command = [str(SCHEMATHESIS), "run", str(file), "--url", served.url, "--phases", "fuzzing", "--no-color"]
    options = ["--checks", "not_a_server_error", "--max-examples", "12", "--seed", "1", "--request-timeout", "20"]
    done = subprocess.run([*command, *options], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=500)
    assert done.returncode == 0, done.stdout[-10_000:] + done.stderr[-2000:]
