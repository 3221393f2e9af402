"""Whole pages kept ready in front of the application: bytes, ETag, compressed forms.

A page is kept when the application marks its answer (`keep`), and as long as the catalog it was made from is the
present one: a compilation makes the next request fresh in every worker. Nothing that depends on who asks is marked.
"""

from __future__ import annotations

import gzip
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import brotli
from flask import Response, request
from werkzeug.http import parse_accept_header

from portal.catalog.model import CatalogUnavailable

if TYPE_CHECKING:
    from _typeshed import OptExcInfo
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MARK = "portal.page_cache.seconds"
LARGEST = 32 * 1024 * 1024
"""How many bytes of pages a worker keeps; the ones not asked for longest go first."""
BROTLI_QUALITY = 6
NOT_KEPT = frozenset({"content-length", "x-request-id"})
WITH_NOT_MODIFIED = frozenset({"cache-control", "etag"})
"""What a 304 says of the page besides `Vary`: no more than a browser's copy needs (RFC 9110, section 15.4.5)."""

FOR_PROXY = "X-Accel-Expires"
"""Tells nginx, and nobody beyond it, that it may keep a page until the present second ends (deploy/nginx.conf)."""

Headers = list[tuple[str, str]]


def keep(response: Response, seconds: float) -> None:
    """Mark the answer to this request as the same for everybody, for so long, or until the content changes."""
    request.environ[MARK] = seconds
    response.add_etag(weak=True)  # the same for every compressed form


@dataclass
class Page:
    """A page that is kept. `generation` is of the catalog it was made from; `expires` on the clock of `time.time`."""

    headers: Headers
    etag: str
    body: bytes
    generation: int
    expires: float
    compressed: dict[str, bytes] = field(default_factory=dict)

    @cached_property
    def validators(self) -> Headers:
        """The headers that a browser's copy of it is confirmed with."""
        return [(name, value) for name, value in self.headers if name.lower() in WITH_NOT_MODIFIED]

    @property
    def size(self) -> int:
        """How many bytes it takes, roughly."""
        return 2 * len(self.body) + 1024

    def encoded(self, coding: str) -> bytes:
        """Return the body in a content coding, made when it is first asked for."""
        if coding == "identity":
            return self.body
        if coding not in self.compressed:
            self.compressed[coding] = CODERS[coding](self.body)
        return self.compressed[coding]


CODERS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: brotli.compress(body, quality=BROTLI_QUALITY),
    "gzip": lambda body: gzip.compress(body, mtime=0),
}


class PageCache:
    """Answers from kept pages, and asks the application for the others.

    :param generation: tells which catalog is the present one.
    """

    def __init__(self, app: WSGIApplication, generation: Callable[[], int], largest: int = LARGEST) -> None:
        self._app = app
        self._generation = generation
        self._largest = largest
        self._pages: OrderedDict[str, Page] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return self._app(environ, start_response)
        key = f"{environ.get('PATH_INFO', '')}?{environ.get('QUERY_STRING', '')}"
        try:
            generation = self._generation()
        except CatalogUnavailable:
            return self._app(environ, start_response)
        page = self._find(key, generation)
        if page is not None:
            return _answer(page, environ, start_response)
        return self._ask(key, generation, environ, start_response)

    def _find(self, key: str, generation: int) -> Page | None:
        with self._lock:
            page = self._pages.get(key)
            if page is None:
                return None
            if page.generation != generation or page.expires <= time.time():
                del self._pages[key]
                self._bytes -= page.size
                return None
            self._pages.move_to_end(key)
            return page

    def _ask(
        self, key: str, generation: int, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Let the application answer; keep what it marked. Its start is held back until then."""
        started: list[tuple[str, Headers, OptExcInfo | None]] = []

        def start(status: str, headers: Headers, exc_info: OptExcInfo | None = None) -> Any:
            started.append((status, headers, exc_info))
            return lambda _data: None

        result = self._app(environ, start)
        status, headers, exc_info = started[-1]
        if MARK not in environ or not status.startswith("200") or environ["REQUEST_METHOD"] == "HEAD":
            start_response(status, headers, exc_info)
            return result
        page = Page(
            headers=[(name, value) for name, value in headers if name.lower() not in NOT_KEPT],
            etag=next(value for name, value in headers if name.lower() == "etag"),
            body=_read(result),
            generation=generation,
            expires=time.time() + environ[MARK],
        )
        self._keep(key, page)
        return _answer(page, environ, start_response)

    def _keep(self, key: str, page: Page) -> None:
        with self._lock:
            if (before := self._pages.pop(key, None)) is not None:
                self._bytes -= before.size
            self._pages[key] = page
            self._bytes += page.size
            while self._bytes > self._largest:
                _, oldest = self._pages.popitem(last=False)
                self._bytes -= oldest.size


def _read(result: Iterable[bytes]) -> bytes:
    try:
        return b"".join(result)
    finally:
        if hasattr(result, "close"):
            result.close()


def _answer(page: Page, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    for_caches = [("Vary", "Accept-Encoding"), (FOR_PROXY, f"@{int(time.time())}")]
    if page.etag in environ.get("HTTP_IF_NONE_MATCH", ""):
        start_response("304 NOT MODIFIED", [*page.validators, *for_caches])
        return []
    headers = [*page.headers, *for_caches]
    coding = _coding(environ.get("HTTP_ACCEPT_ENCODING", ""))
    body = page.encoded(coding)
    headers.append(("Content-Length", str(len(body))))
    if coding != "identity":
        headers.append(("Content-Encoding", coding))
    start_response("200 OK", headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


@lru_cache(maxsize=1024)
def _coding(accept_encoding: str) -> str:
    """Return the best content coding a browser takes (RFC 9110, section 12.5.3)."""
    accepted = parse_accept_header(accept_encoding[:1000])
    return next((coding for coding in CODERS if accepted[coding] > 0), "identity")
