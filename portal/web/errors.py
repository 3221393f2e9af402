"""What a reader or a partner sees when something is not there, not right, or broken."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

import structlog
from flask import Flask, Response, jsonify, make_response, render_template, request
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError, ServiceUnavailable

from portal.catalog.model import CatalogUnavailable
from portal.web.credentials import UnknownKey
from portal.web.limiting import TooManyRequests
from portal.web.parameters import BadParameter
from search.backend import SearchError
from search.model import BadQuery

log = structlog.get_logger()


def init_app(app: Flask) -> None:
    """Answer every error with a page in the reader's language, or under `/api/` with a problem document (RFC 9457)."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(BadParameter, _bad_parameter)
    app.register_error_handler(UnknownKey, _unknown_key)
    app.register_error_handler(TooManyRequests, _too_many)
    app.register_error_handler(BadQuery, _bad_parameter)
    app.register_error_handler(SearchError, _search_unavailable)
    app.register_error_handler(CSRFError, _form_expired)
    app.register_error_handler(CatalogUnavailable, _catalog_unavailable)
    app.register_error_handler(OperationalError, _database_unavailable)
    app.register_error_handler(Exception, _unexpected)


def _http(error: HTTPException) -> Response:
    if error.response is not None:
        return make_response(error.response)
    answer = _answer(error.code or 500, error.name, error.description or "")
    for name, value in error.get_headers():
        if name not in {"Content-Type", "Content-Length"}:
            answer.headers[name] = value
    return answer


def _bad_parameter(error: BadParameter | BadQuery) -> Response:
    detail = gettext("The value of “%(field)s” in the address cannot be used.", field=error.field)
    return _answer(400, "Bad Request", detail, field=error.field, message=error.message)


def _unknown_key(_error: UnknownKey) -> Response:
    answer = _answer(401, "Unauthorized", "the key is unknown or revoked; without one, this is open to everybody")
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _too_many(error: TooManyRequests) -> Response:
    answer = _answer(429, "Too Many Requests", str(error))
    answer.headers["Retry-After"] = str(error.verdict.reset_s)
    return answer


def _form_expired(_error: CSRFError) -> Response:
    return _answer(400, "Bad Request", gettext("This form has expired. Go back, reload the page and send it again."))


def _catalog_unavailable(error: CatalogUnavailable) -> Response:
    log.error("catalog unavailable", reason=str(error))
    return _answer(503, ServiceUnavailable().name, "")


def _database_unavailable(error: OperationalError) -> Response:
    log.error("database unavailable", reason=str(error.orig))
    return _answer(503, ServiceUnavailable().name, "")


def _search_unavailable(error: SearchError) -> Response:
    log.error("search unavailable", reason=str(error))
    return _answer(503, ServiceUnavailable().name, gettext("Search is not available at the moment."))


def _unexpected(error: Exception) -> Response:
    log.exception("unhandled error", path=request.path, exc_info=error)
    return _answer(500, InternalServerError().name, "")


def problem(status: int, detail: str, fields: Mapping[str, str] | None = None) -> Response:
    """Return a problem document; `fields` are those that cannot be used, each with why."""
    title = HTTPStatus(status).phrase
    document = {"type": "about:blank", "title": title, "status": status, "detail": detail, "instance": request.path}
    if fields:
        document["errors"] = [{"parameter": field, "detail": why} for field, why in fields.items()]
    answer = jsonify(document)
    answer.mimetype = "application/problem+json"
    answer.status_code = status
    return answer


def _answer(status: int, title: str, detail: str, field: str | None = None, message: str = "") -> Response:
    if request.path.startswith("/api/"):
        return problem(status, message or detail, {field: message or detail} if field else None)
    try:
        answer = make_response(_page(status, detail), status)
    except CatalogUnavailable:  # not even the languages are known: plain words rather than nothing
        answer = make_response(f"{status} {title}\n", status)
        answer.mimetype = "text/plain"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _page(status: int, detail: str) -> str:
    heading, advice = _words(status)
    words = detail if status == 400 and detail else advice
    return render_template("errors/error.html", status=status, heading=heading, advice=words)


def _words(status: int) -> tuple[str, str]:
    if status == 404:
        return gettext("This page is not here"), gettext(
            "The address may be mistyped, or the place has moved. Search for it, or start from the home page."
        )
    if status == 503:
        return gettext("One moment, please"), gettext("The site is starting or being updated. Try again in a minute.")
    if status == 413:
        return gettext("That did not work"), gettext("What was sent is too large.")
    if status < 500:
        return gettext("That did not work"), gettext("The request could not be understood. Check the address.")
    return gettext("Something went wrong on our side"), gettext("It has been noted. Please try again in a while.")
