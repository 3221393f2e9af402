"""How OCTO's refusals are said: 400 with a code; an address that is none is a 404, a wrong method a 405, ours a 500."""

from __future__ import annotations

import structlog
from flask import Blueprint, Response, current_app, jsonify, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from portal.bookings.errors import BookingError
from portal.web.limiting import TooManyRequests
from portal.web.octo_caller import Refused
from portal.webhooks.model import WebhookError

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"]

log = structlog.get_logger()


def init_blueprint(blueprint: Blueprint) -> None:
    """Answer in OCTO's form whatever goes wrong below the blueprint's address."""
    blueprint.before_request(tell_methods)
    blueprint.add_url_rule("/", "unknown", unknown, defaults={"path": ""}, methods=METHODS)
    blueprint.add_url_rule("/<path:path>", "unknown", unknown, methods=METHODS)
    blueprint.register_error_handler(BookingError, refused)
    blueprint.register_error_handler(Refused, signed_out)
    blueprint.register_error_handler(WebhookError, not_told)
    blueprint.register_error_handler(TooManyRequests, too_many)
    blueprint.register_error_handler(HTTPException, not_taken)
    blueprint.register_error_handler(Exception, failed)


def tell_methods() -> Response | None:
    """Answer OPTIONS for every address there is."""
    if request.method != "OPTIONS" or not (allowed := _allowed()):
        return None
    answer = Response(status=200)
    answer.allow.update(allowed)
    return answer


def unknown(path: str) -> Response:
    """Answer for every address that is none, and for methods that one does not take."""
    if allowed := _allowed():
        answer = _error(405, "BAD_REQUEST", f"expected {', '.join(sorted(allowed))}, not {request.method}")
        answer.allow.update(allowed)
        return answer
    return _error(404, "NOT_FOUND", f"there is no {request.method} /octo/{path}")


def refused(error: BookingError) -> Response:
    """Answer with OCTO's code for what the bookings refuse."""
    named = {error.field: error.value or ""} if error.field else {}
    return _error(400, error.code, str(error), **named)


def signed_out(error: Refused) -> Response:
    """Answer a caller without a key that is in force."""
    return _error(400, error.code, str(error))


def not_told(error: WebhookError) -> Response:
    """Answer what is wrong with a subscription."""
    field = "notificationTypes" if error.field == "types" else error.field
    return _error(400, "BAD_REQUEST", f"{field}: {error.message}")


def too_many(error: TooManyRequests) -> Response:
    """Answer whoever sends too much, and say when to come again."""
    answer = _error(429, "TOO_MANY_REQUESTS", str(error))
    answer.headers["Retry-After"] = str(error.verdict.reset_s)
    return answer


def not_taken(error: HTTPException) -> Response:
    """Answer what the framework refuses, such as a body that is too large."""
    if isinstance(error, RequestEntityTooLarge):
        most = current_app.config["MAX_CONTENT_LENGTH"]
        return _error(400, "BAD_REQUEST", f"body: expected at most {most} bytes")
    return _error(400, "BAD_REQUEST", error.description or error.name)


def failed(error: Exception) -> Response:
    """Note a failure of ours, and say no more than that it is one."""
    log.exception("unhandled error", path=request.path, exc_info=error)
    return _error(500, "INTERNAL_SERVER_ERROR", "something went wrong on our side; try again with the same uuid")


def _allowed() -> set[str]:
    """Return the methods that the request's address takes; none when there is no such address."""
    adapter = current_app.url_map.bind("")
    found = set()
    for method in METHODS:
        try:
            endpoint, _ = adapter.match(request.path, method=method)
        except HTTPException:
            continue
        if endpoint != "octo.unknown":
            found |= {method, "OPTIONS"} | ({"HEAD"} if method == "GET" else set())
    return found


def _error(status: int, code: str, message: str, **named: str) -> Response:
    answer = jsonify(error=code, errorMessage=message, **named)
    answer.status_code = status
    return answer
