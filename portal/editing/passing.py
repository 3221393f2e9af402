"""Passes on what was compiled: each taker in a thread of its own, so that one that is slow holds up no other."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Sequence
from types import TracebackType

import structlog
from sqlalchemy.exc import SQLAlchemyError

from portal.catalog.model import CatalogUnavailable
from portal.editing.takers import Taker
from portal.languages.scripts import load_dictionaries
from search.backend import SearchError

log = structlog.get_logger()

FAILURES = (CatalogUnavailable, SearchError, SQLAlchemyError, sqlite3.Error, OSError)
"""What goes by: a full disk, a locked or unreachable database, an index that is being built."""
RETRY_S = 5.0
"""How often what could not be passed on is tried again, and everyone is asked whether he is still current."""
PATIENCE_S = 1.0
"""How long it is waited at the end for those who are in the middle of something."""


class PassingOn:
    """Runs takers while content is followed; a context manager, at whose end they stop.

    :param takers: gives them; asked again as long as there is no catalog to take from.
    """

    def __init__(self, takers: Callable[[], Sequence[Taker]]) -> None:
        self._takers = takers
        self._runs: list[_Run] = []

    def __enter__(self) -> PassingOn:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for run in self._runs:
            run.stop()
        for run in self._runs:
            run.thread.join(PATIENCE_S)

    def due(self) -> None:
        """Say that something may be pending; returns at once."""
        if not self._runs:
            try:
                self._runs = [_Run(taker) for taker in self._takers()]
            except CatalogUnavailable as error:
                log.warning("nothing to pass on yet", reason=str(error))
        for run in self._runs:
            run.due.set()


class _Run:
    """One taker and its thread."""

    def __init__(self, taker: Taker) -> None:
        self.due = threading.Event()
        self._taker = taker
        self._stopped = False
        self.thread = threading.Thread(target=self._go_on, name=f"passing on to {taker.name}", daemon=True)
        self.thread.start()

    def stop(self) -> None:
        self._stopped = True
        self.due.set()

    def _go_on(self) -> None:
        load_dictionaries()  # or the first edit would wait for them
        while not self._stopped:
            self.due.clear()
            try:
                self._taker.catch_up()
            except FAILURES as error:
                log.error("not passed on, will try again", taker=self._taker.name, reason=str(error))
            except Exception:  # nobody else would notice
                log.exception("not passed on, will try again", taker=self._taker.name)
            self.due.wait(RETRY_S)
