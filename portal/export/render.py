"""Pages as the application makes them, without a server: what each worker process of an export does."""

from __future__ import annotations

import ctypes
import signal
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from flask import Flask

from portal.app import create_app
from portal.config import Settings
from portal.export.folder import write
from portal.export.plan import AnyPage, ListingPage
from portal.services import Services
from portal.web import exporting, visitors
from portal.web.addresses import be_at
from portal.web.exporting import Export

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Job:
    """An export: of which portal, for which address, to which folder."""

    settings: Settings
    folder: Path
    live: str | None
    compressed: bool

    @classmethod
    def of(cls, settings: Settings, folder: Path, base_url: str, live: str | None, *, compressed: bool) -> Job:
        """Return an export for readers who reach it at `base_url`."""
        return cls(replace(settings, base_url=base_url), folder, live, compressed)

    def application(self) -> Flask:
        """Return the application that makes the pages."""
        app = create_app(Services(self.settings))
        exporting.begin(app, Export(self.live))
        return app


def render(app: Flask, path: str, query: str = "") -> bytes:
    """Return the body of a page. The handlers of the application run; what only a browser needs is left out.

    :raises werkzeug.exceptions.HTTPException: when there is no such page.
    """
    with app.request_context(_environ(path, query)):
        answer = app.preprocess_request()
        return app.make_response(app.dispatch_request() if answer is None else answer).get_data()


def render_listing(app: Flask, page: ListingPage) -> bytes:
    """Return the body of a listing's page. Its view runs without a request, which it does not ask about."""
    with app.app_context():
        be_at(page.language, page.below)
        shown = visitors.driver if page.driver else visitors.listing
        return shown(page.kind, page.slug).encode()


def render_missing(app: Flask, path: str) -> bytes:
    """Return the page that a reader gets at an address where nothing is."""
    with app.request_context(_environ(path, "")):
        return app.full_dispatch_request().get_data()


def _environ(path: str, query: str) -> WSGIEnvironment:
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SCRIPT_NAME": "",
        "SERVER_NAME": "export",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "http",
    }


class Worker:
    """Makes pages and writes them."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._app = job.application()
        self._catalog = cast(Services, self._app.extensions["portal"]).catalog

    def make(self, number: int, pages: Iterable[AnyPage]) -> tuple[int, int]:
        """Return the number of a piece of work and how many of its pages were written."""
        written = 0
        self._catalog.hold()
        for page in pages:
            written += write(self._job.folder / page.file, self.render(page), compressed=self._job.compressed)
        self._catalog.release()
        return number, written

    def render(self, page: AnyPage) -> bytes:
        """Return the body of a page."""
        if isinstance(page, ListingPage):
            return render_listing(self._app, page)
        content = render(self._app, page.path, page.query)
        self._catalog.hold()  # a request let go of it
        return content


_worker: list[Worker] = []
"""The worker of this process, once it has begun."""


def begin(job: Job) -> None:
    """Begin work in a process of a pool; it ends with its parent, even by `kill -9` (on Linux)."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    prctl: Any = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:
        prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL))
    _worker[:] = [Worker(job)]


def make(number: int, pages: list[AnyPage]) -> tuple[int, int]:
    """Make a piece of work in a process of a pool."""
    return _worker[0].make(number, pages)
