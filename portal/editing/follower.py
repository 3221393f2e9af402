"""Takes in content as it changes on disk; one process a machine does it, and another when that dies."""

from __future__ import annotations

import fcntl
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TextIO

import structlog
from watchfiles._rust_notify import RustNotify, WatchfilesRustInternalError

from portal.catalog import store
from portal.catalog.model import CatalogUnavailable
from portal.catalog.problems import ContentError
from portal.editing.intake import Intake
from portal.editing.passing import PassingOn

log = structlog.get_logger()

FAILURES = (ContentError, CatalogUnavailable, sqlite3.Error, OSError)
"""What goes by: a mistake in site.yaml, a full disk, a locked catalog."""
QUIET_MS = 20
"""How long the disk must be quiet before a change is taken in: editors write in several steps."""
BURST_MS = 100
"""How long a burst of changes may put that off."""
RETRY_MS = 5_000
"""How often what could not be taken in is tried again."""
SCAN_S = 60.0
"""How often everything is looked at where changes cannot be watched."""
LOGGED = 100
"""How many problems one line of the log names."""
MANY = 1_000
"""After so many changes at once the kernel may have dropped others: then everything is looked at."""
LEADER_S = 1.0
"""How often a process that does not follow looks whether the one that does has died."""


class Follower:
    """Follows one content directory: in a thread (`start`), or for as long as the process lives (`run`)."""

    def __init__(self, content: Path, lock: Path, make_intake: Callable[[], Intake]) -> None:
        self._content = content
        self._lock = lock
        self._make_intake = make_intake
        self._stop = threading.Event()

    def start(self) -> None:
        """Start following."""
        threading.Thread(target=self.run, name="content-follower", daemon=True).start()

    def stop(self) -> None:
        """Stop following, soon."""
        self._stop.set()

    def run(self) -> None:
        """Follow until told to stop."""
        with leadership(self._lock, self._stop) as leads:
            while leads and not self._stop.is_set():
                try:
                    with closing(self._make_intake()) as intake:
                        self._follow(intake)
                except Exception:  # nobody else would notice that edits no longer show
                    log.exception("content not followed, will try again")
                    self._stop.wait(RETRY_MS / 1000)

    def _follow(self, intake: Intake) -> None:
        """Take in changes until told to stop, or until watching has to begin anew."""
        watched = store.identity(self._content)
        try:
            # Watching begins before the first look, or an edit between the two would go unseen.
            notify = RustNotify([str(self._content)], False, False, 0, True, True)
        except (WatchfilesRustInternalError, OSError) as error:
            log.error(
                "content cannot be watched, edits show late: is the kernel's fs.inotify.max_user_watches, which has "
                "to be larger than the number of folders, too small?",
                reason=str(error),
                scanned_every_s=SCAN_S,
            )
            self._scan_now_and_then(intake)
            return
        with notify, PassingOn(intake.takers) as passing:
            done = self._compile(intake, passing)
            while store.identity(self._content) == watched:  # else nothing is heard of the folder in its place
                try:
                    changes = notify.watch(BURST_MS, QUIET_MS, RETRY_MS, self._stop)
                except WatchfilesRustInternalError as error:  # such as a file name that is no text
                    log.warning("a change on disk could not be read", reason=str(error))
                    return
                if changes in ("stop", "signal"):
                    return
                if changes == "timeout" and done and not intake.lost():
                    continue
                named = self._named(changes) if done and not isinstance(changes, str) else None
                done = self._compile(intake, passing, named)

    def _scan_now_and_then(self, intake: Intake) -> None:
        with PassingOn(intake.takers) as passing:
            while not self._stop.is_set():
                self._compile(intake, passing)
                self._stop.wait(SCAN_S)

    def _named(self, changes: set[tuple[int, str]]) -> set[str] | None:
        """Return the paths within the content directory that something happened to; None when it may be any."""
        root = f"{self._content}/"
        paths = {path for _, path in changes}
        if len(paths) > MANY or not all(path.startswith(root) for path in paths):
            return None
        return {path.removeprefix(root) for path in paths}

    def _compile(self, intake: Intake, passing: PassingOn, paths: set[str] | None = None) -> bool:
        """Return whether what the disk holds, at some paths or anywhere, was taken in; have it passed on."""
        try:
            report = intake.compile(paths)
        except FAILURES as error:
            log.error("content not taken in", reason=str(error))
            return False
        finally:
            passing.due()
        if report.changed:
            problems = [str(problem) for problem in report.problems[:LOGGED]]
            log.info("content taken in", units=len(report.changed), problems=problems)
        return True


@contextmanager
def leadership(path: Path, stop: threading.Event) -> Iterator[bool]:
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
