"""A thread that takes in content as it changes on disk; one process a machine does it, and another when that dies."""

from __future__ import annotations

import fcntl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO, TypeVar

import structlog
from sqlalchemy.exc import SQLAlchemyError
from watchfiles._rust_notify import RustNotify

from portal.catalog.problems import ContentError
from portal.editing.intake import Intake
from search.backend import SearchError

log = structlog.get_logger()
T = TypeVar("T")

QUIET_MS = 20
"""How long the disk must be quiet before a change is taken in: editors write in several steps."""
BURST_MS = 100
"""How long a burst of changes may put that off."""
RETRY_MS = 5_000
"""How often what could not be passed on is tried again."""
LEADER_S = 1.0
"""How often a process that does not follow looks whether the one that does has died."""


class Follower:
    """Follows one content directory. `start()` returns at once; the thread dies with its process."""

    def __init__(self, content: Path, lock: Path, make_intake: Callable[[], Intake]) -> None:
        self._content = content
        self._lock = lock
        self._make_intake = make_intake
        self._stop = threading.Event()

    def start(self) -> None:
        """Start following."""
        threading.Thread(target=self._run, name="content-follower", daemon=True).start()

    def stop(self) -> None:
        """Stop following, soon."""
        self._stop.set()

    def _run(self) -> None:
        with _leadership(self._lock, self._stop) as leads:
            if leads:
                self._follow(self._make_intake())

    def _follow(self, intake: Intake) -> None:
        # Watching begins before the first look, or an edit between the two would go unseen.
        with RustNotify([str(self._content)], False, False, 0, True, True) as notify:
            self._refresh(intake)
            while (changes := notify.watch(BURST_MS, QUIET_MS, RETRY_MS, self._stop)) not in ("stop", "signal"):
                if changes == "timeout":
                    self._guarded(intake.catch_up)
                else:
                    self._refresh(intake)

    def _refresh(self, intake: Intake) -> None:
        report = self._guarded(intake.refresh)
        if report and report.changed:
            problems = [str(problem) for problem in report.problems]
            log.info("content taken in", units=len(report.changed), problems=problems)

    def _guarded(self, step: Callable[[], T]) -> T | None:
        try:
            return step()
        except (ContentError, SearchError, SQLAlchemyError, OSError) as error:
            log.error("content not taken in", reason=str(error))
            return None


@contextmanager
def _leadership(path: Path, stop: threading.Event) -> Iterator[bool]:
    """Wait until this process leads (True) or has to stop (False). The kernel frees the lock when a process dies."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        while not _locked(file):
            if stop.wait(LEADER_S):
                yield False
                return
        yield True


def _locked(file: TextIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
