"""A thread for what no request waits for, such as sending letters; one process a machine runs it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path

import structlog

from portal.editing.follower import leadership

log = structlog.get_logger()
PAUSE_S = 1.0
"""How often it is looked whether there is something to do."""
AFTER_FAILURE_S = 10.0


class Daily:
    """An errand that is run once a day, and when the portal starts; one that failed is tried again."""

    def __init__(self, errand: Callable[[], object], clock: Callable[[], datetime]) -> None:
        self._errand = errand
        self._clock = clock
        self._done_on: date | None = None
        self.__name__ = getattr(errand, "__name__", "daily")

    def __call__(self) -> None:
        """Run it unless it was run today."""
        today = self._clock().date()
        if today != self._done_on:
            self._errand()
            self._done_on = today


class Errands:
    """Runs its errands again and again. `start()` returns at once; the thread dies with its process."""

    def __init__(self, lock: Path, errands: Sequence[Callable[[], object]]) -> None:
        self._lock = lock
        self._errands = errands
        self._stop = threading.Event()

    def start(self) -> None:
        """Start."""
        threading.Thread(target=self._run, name="errands", daemon=True).start()

    def stop(self) -> None:
        """Stop, soon."""
        self._stop.set()

    def _run(self) -> None:
        with leadership(self._lock, self._stop) as leads:
            while leads and not self._stop.wait(PAUSE_S):
                done = [self._done(errand) for errand in self._errands]  # each, whatever becomes of the others
                if not all(done):
                    self._stop.wait(AFTER_FAILURE_S)

    def _done(self, errand: Callable[[], object]) -> bool:
        try:
            errand()
        except Exception:  # a database out of reach, say: the next round tries again
            log.exception("errand failed", errand=getattr(errand, "__name__", ""))
            return False
        return True
