"""One structured line a request on standard output, whoever answered it: the application or the page cache."""

from __future__ import annotations

import json
import secrets
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TextIO, cast

import structlog

if TYPE_CHECKING:
    from _typeshed import OptExcInfo
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = structlog.get_logger()
_encoder = json.JSONEncoder(ensure_ascii=False, default=str)


class Lossy:
    """A stream for log lines: one it cannot take, on a full disk or with nobody reading, is lost and stops nothing."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        """Write."""
        with suppress(OSError, ValueError):
            self._stream.write(text)

    def flush(self) -> None:
        """Hand on what was written."""
        with suppress(OSError, ValueError):
            self._stream.flush()


def configure() -> None:
    """Write log events as JSON lines with an ISO time; what is logged during a request carries its id."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(serializer=lambda event, **_: _encoder.encode(event)),
        ],
        logger_factory=structlog.WriteLoggerFactory(cast(TextIO, Lossy(sys.stdout))),
        cache_logger_on_first_use=True,
    )


class RequestLog:
    """Logs each request once its answer begins; the answer carries the line's id as `X-Request-Id`."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer as the application does."""
        started = time.perf_counter()
        identity = secrets.token_hex(8)

        def start(status: str, headers: list[tuple[str, str]], exc_info: OptExcInfo | None = None) -> Any:
            headers.append(("X-Request-Id", identity))
            length = next((value for name, value in headers if name == "Content-Length"), None)
            log.info(
                "request",
                method=environ["REQUEST_METHOD"],
                path=_path(environ),
                status=int(status[:3]),
                bytes=None if length is None else int(length),
                ms=round((time.perf_counter() - started) * 1000, 2),
                address=environ.get("REMOTE_ADDR"),
                agent=environ.get("HTTP_USER_AGENT", "")[:200],
            )
            return start_response(status, headers, exc_info)

        with structlog.contextvars.bound_contextvars(request_id=identity):
            return self._app(environ, start)


def _path(environ: WSGIEnvironment) -> str:
    """Return the path as people read it; WSGI hands bytes over as Latin-1."""
    return str(environ.get("PATH_INFO", "")).encode("latin-1", "replace").decode("utf-8", "replace")
