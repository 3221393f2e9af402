"""Does the jobs: entries, which only write to the database, several a transaction; errands in a pool of threads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from portal.database import Database
from portal.jobs import queue
from portal.jobs.queue import Job, Taken

log = structlog.get_logger()

PAUSE_S = 0.5
"""How often it is looked whether there is something to do."""
AFTER_FAILURE_S = 5.0
BROKEN = timedelta(minutes=5)
"""How long a job waits whose handler failed in a way nobody foresaw."""
THREADS = 16


def _nothing(_connection: Connection) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a job went: done, unless it is to be tried `again` or was given up.

    :ivar failed: whether trying again counts as an attempt.
    :ivar note: what has to be written in the transaction that notes the outcome.
    """

    again: datetime | None = None
    failed: bool = True
    given_up: bool = False
    note: Callable[[Connection], None] = _nothing


DONE = Outcome()

Errand = Callable[[Taken, datetime], Outcome]
"""Does a job outside the database, in a thread of its own; it may be killed and begun anew."""
Entry = Callable[[Connection, Taken, datetime], datetime | None]
"""Does a job within a transaction, with all it writes or with nothing; returns when it is to be looked at again."""


@dataclass(frozen=True, slots=True)
class Handlers:
    """What is done for each kind of job; of entries, also how many in one transaction.

    :ivar standing: jobs of which one always waits, since they have themselves looked at again.
    """

    errands: Mapping[str, Errand] = field(default_factory=dict)
    entries: Mapping[str, tuple[Entry, int]] = field(default_factory=dict)
    standing: Sequence[Job] = ()

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of job there are."""
        return (*self.errands, *self.entries)


class Worker:
    """Does jobs, as many workers beside one another as there are machines.

    :param name: of this worker alone; what one of the same name took and left undone is taken up at once.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime], name: str, handlers: Handlers) -> None:
        self._database = database
        self._clock = clock
        self._name = name
        self._handlers = handlers

    def run(self, stop: threading.Event) -> None:
        """Work until told to stop; what was begun is finished."""
        running: dict[Future[None], Taken] = {}
        ready = False
        with ThreadPoolExecutor(THREADS, thread_name_prefix="job") as pool:
            while not stop.is_set():
                try:
                    if not ready:
                        self._begin()
                        ready = True
                    if queue.any_due(self._database, self._handlers.kinds, self._clock()):
                        self._enter_all()
                        self._hand_out(pool, running)
                except Exception:  # a database out of reach, say: the next round tries again
                    log.exception("jobs not done, will try again")
                    stop.wait(AFTER_FAILURE_S)
                if len(running) == 0:
                    stop.wait(PAUSE_S)
                    continue
                done, _ = wait(running, PAUSE_S, FIRST_COMPLETED)
                for future in done:
                    del running[future]

    def drain(self) -> int:
        """Do everything that is due, here and now, one job after the other; return how many jobs went."""
        count = 0
        while True:
            entered = self._enter_all()
            taken = queue.claim(self._database, self._name, self._handlers.errands, self._clock(), THREADS)
            for job in taken:
                self._run(job)
            if not entered and not taken:
                return count
            count += entered + len(taken)

    def _begin(self) -> None:
        queue.release(self._database, self._name, self._clock())
        with self._database.write() as connection:
            for job in self._handlers.standing:
                queue.enqueue(connection, job, self._clock())

    def _hand_out(self, pool: ThreadPoolExecutor, running: dict[Future[None], Taken]) -> None:
        free = THREADS - len(running)
        if free == 0:
            return
        busy = [job.target for job in running.values() if job.target]
        for job in queue.claim(self._database, self._name, self._handlers.errands, self._clock(), free, busy):
            running[pool.submit(self._run, job)] = job

    def _run(self, job: Taken) -> None:
        try:
            outcome = self._handlers.errands[job.kind](job, self._clock())
        except Exception:
            log.exception("job failed", kind=job.kind, job=job.id)
            outcome = Outcome(again=self._clock() + BROKEN)
        try:
            with self._database.write() as connection:
                outcome.note(connection)
                _settle(connection, job, outcome)
        except Exception:  # it is taken up again when its lease ends
            log.exception("outcome of a job not noted", kind=job.kind, job=job.id)

    def _enter_all(self) -> int:
        """Do the jobs that only write to the database, until none is due; return how many."""
        count = 0
        for kind, (entry, at_once) in self._handlers.entries.items():
            while done := self._enter(kind, entry, at_once):
                count += done
        return count

    def _enter(self, kind: str, entry: Entry, limit: int) -> int:
        now = self._clock()
        if not queue.any_due(self._database, (kind,), now):
            return 0
        try:
            with self._database.write() as connection:
                taken = queue.take(connection, (kind,), now, limit)
                for job in taken:
                    _settle(connection, job, Outcome(again=entry(connection, job, now), failed=False))
            return len(taken)
        except Exception:
            if limit > 1:  # one of them keeps the others from being done
                return self._enter(kind, entry, 1)
            log.exception("job failed", kind=kind)
            return self._put_off(kind, now)

    def _put_off(self, kind: str, now: datetime) -> int:
        with self._database.write() as connection:
            taken = queue.take(connection, (kind,), now, 1)
            for job in taken:
                queue.try_again(connection, job, now + BROKEN)
        return len(taken)


def _settle(connection: Connection, job: Taken, outcome: Outcome) -> None:
    if outcome.given_up:
        queue.give_up(connection, job)
    elif outcome.again is not None:
        queue.try_again(connection, job, outcome.again, failed=outcome.failed)
    else:
        queue.finish(connection, job)
