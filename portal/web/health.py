"""Whether the process lives, and whether what it stands on does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import structlog
from flask import Blueprint, Response, jsonify
from sqlalchemy.exc import SQLAlchemyError

from portal.catalog.model import CatalogUnavailable
from portal.web.context import services
from search.backend import SearchBackend, SearchError, SearchUnavailable

blueprint = Blueprint("health", __name__)
log = structlog.get_logger()

FAILURES = (SQLAlchemyError, CatalogUnavailable, SearchError, OSError)


@blueprint.get("/healthz")
def alive() -> Response:
    """Answer 200 as long as the process answers at all."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
def ready() -> tuple[Response, int]:
    """Answer 200 when pages, bookings and search can be served, else 503; each part by its name."""
    here = services()
    checks: dict[str, Callable[[], object]] = {
        "database": here.database.ping,
        "catalog": here.catalog.site,
    }
    try:
        checks |= {f"search.{engine.name}": partial(_current, engine) for engine in here.search_engines()}
    except CatalogUnavailable:  # engines are built for the languages the catalog names
        checks["search"] = here.search_engines
    results = {name: _state(name, check) for name, check in checks.items()}
    status = verdict(results)
    body = jsonify(status=status, checks=results, content_problems=_content_problems())
    body.headers["Cache-Control"] = "no-store"
    return body, 503 if status == "unavailable" else 200


def _current(engine: SearchBackend) -> None:
    """Return when an engine has an index that is kept current.

    :raises SearchError: when it has none, or could not take the last changes.
    """
    engine.status()
    if services().lag(engine.name).known():
        raise SearchUnavailable("changes could not be indexed")


def verdict(results: Mapping[str, str]) -> str:
    """Return `ok`; `degraded` while one search engine stands in for another; `unavailable` when a part is missing."""
    failed = {name for name, state in results.items() if state != "ok"}
    engines = {name for name in results if name.startswith("search.")}
    if not failed:
        return "ok"
    return "degraded" if failed < engines else "unavailable"


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
