"""One structured line a request on standard output."""

from __future__ import annotations

import sys
import time
import uuid

import structlog
from flask import Flask, Response, g, request

log = structlog.get_logger()


def configure() -> None:
    """Write log events as JSON lines with an ISO time."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.WriteLoggerFactory(sys.stdout),
        cache_logger_on_first_use=True,
    )


def init_app(app: Flask) -> None:
    """Log each request once it is answered; the answer carries the line's id as `X-Request-Id`."""
    app.before_request(_start)
    app.after_request(_finish)


def _start() -> None:
    g.started = time.perf_counter()
    g.request_id = uuid.uuid4().hex[:16]


def _finish(response: Response) -> Response:
    if "request_id" not in g:
        return response
    response.headers["X-Request-Id"] = g.request_id
    log.info(
        "request",
        id=g.request_id,
        method=request.method,
        path=request.path,
        status=response.status_code,
        bytes=response.calculate_content_length(),
        ms=round((time.perf_counter() - g.started) * 1000, 2),
        address=request.remote_addr,
        agent=request.user_agent.string[:200],
    )
    return response
