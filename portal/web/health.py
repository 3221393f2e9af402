"""Whether the process lives, and whether what it stands on does."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from flask import Blueprint, Response, jsonify
from sqlalchemy.exc import SQLAlchemyError

from portal.catalog.catalog import CatalogUnavailable
from portal.web.context import services
from search.backend import SearchError

blueprint = Blueprint("health", __name__)
log = structlog.get_logger()

FAILURES = (SQLAlchemyError, CatalogUnavailable, SearchError, OSError)


@blueprint.get("/healthz")
def alive() -> Response:
    """Answer 200 as long as the process answers at all."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
def ready() -> tuple[Response, int]:
    """Answer 200 when database, catalog and search all answer, else 503; each by its name."""
    here = services()
    checks: dict[str, Callable[[], object]] = {
        "database": here.database.ping,
        "catalog": here.catalog.site,
        "search": here.search.ping,
    }
    results = {name: _state(name, check) for name, check in checks.items()}
    fine = all(state == "ok" for state in results.values())
    body = jsonify(status="ok" if fine else "unavailable", checks=results, problems=_content_problems())
    body.headers["Cache-Control"] = "no-store"
    return body, 200 if fine else 503


def _state(name: str, check: Callable[[], object]) -> str:
    try:
        check()
    except FAILURES as error:
        log.warning("not ready", check=name, reason=str(error))
        return f"unavailable: {type(error).__name__}"
    return "ok"


def _content_problems() -> int | None:
    """Return how many mistakes the content has: they are served around, but somebody should know."""
    try:
        return len(services().catalog.problems())
    except CatalogUnavailable:
        return None
