"""The queue and its worker on both databases: who gets a job, in which order, and what becomes of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from portal.database import Database
from portal.jobs import queue
from portal.jobs.queue import Job, Taken
from portal.jobs.tables import jobs
from portal.jobs.worker import DONE, Entry, Errand, Handlers, Outcome, Worker

NOW = datetime(2026, 7, 1, tzinfo=UTC)


class Desk:
    """A database, a clock and what was done."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = NOW
        self.done: list[Any] = []

    def write(self, *written: Job, due: datetime | None = None) -> None:
        with self.database.write() as connection:
            for job in written:
                queue.enqueue(connection, job, self.now, due)

    def worker(self, errand: Errand | None = None, name: str = "one", entry: Entry | None = None) -> Worker:
        errands = {"call": errand or self.call}
        entries = {"note": (entry, 50)} if entry else {}
        return Worker(self.database, lambda: self.now, name, Handlers(errands, entries))

    def call(self, job: Taken, _now: datetime) -> Outcome:
        self.done.append(job.payload["n"])
        return DONE

    def left(self) -> int:
        with self.database.read() as connection:
            return int(connection.execute(select(func.count()).select_from(jobs)).scalar_one())


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database)


def call(n: int, **more: Any) -> Job:
    return Job("call", {"n": n}, **more)


def test_a_job_of_a_transaction_that_fails_is_never_done(desk: Desk) -> None:
    def fail() -> None:
        with desk.database.write() as connection:
            queue.enqueue(connection, call(1), NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert desk.worker().drain() == 0


def test_a_lane_keeps_its_order_while_others_go_on(desk: Desk) -> None:
    failing = {1}

    def errand(job: Taken, now: datetime) -> Outcome:
        if job.payload["n"] in failing:
            return Outcome(again=now + timedelta(minutes=1))
        return desk.call(job, now)

    desk.write(call(1, lane="a"), call(2, lane="a"), call(3, lane="b"), call(4))
    worker = desk.worker(errand)
    worker.drain()
    assert sorted(desk.done) == [3, 4]
    failing.clear()
    desk.now += timedelta(minutes=1)
    worker.drain()
    assert desk.done[2:] == [1, 2]
    assert desk.left() == 0


def test_what_is_given_up_is_kept_and_holds_up_nobody(desk: Desk) -> None:
    def errand(job: Taken, now: datetime) -> Outcome:
        return Outcome(given_up=True) if job.payload["n"] == 1 else desk.call(job, now)

    desk.write(call(1, lane="a"), call(2, lane="a"))
    desk.worker(errand).drain()
    assert (desk.done, desk.left()) == ([2], 1)


def test_a_job_of_which_one_is_enough_waits_once_and_again_after_it_was_taken(desk: Desk) -> None:
    for _ in range(3):
        desk.write(call(1, once="slot"))

    def errand(job: Taken, now: datetime) -> Outcome:
        if not desk.done:
            desk.write(call(2, once="slot"))  # what changes while it is being done is told too
        return desk.call(job, now)

    desk.worker(errand).drain()
    assert desk.done == [1, 2]


def test_two_workers_at_once_do_each_job_once(desk: Desk) -> None:
    desk.write(*(call(n, lane=f"lane {n % 10}") for n in range(60)))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: desk.worker(name=f"worker {n}").drain(), range(4)))
    desk.worker().drain()
    assert sorted(desk.done) == list(range(60))
    for lane in range(10):
        assert [n for n in desk.done if n % 10 == lane] == list(range(lane, 60, 10))


def test_what_a_dead_worker_took_its_successor_does_at_once_and_any_other_after_a_while(desk: Desk) -> None:
    desk.write(call(1))
    assert queue.claim(desk.database, "one", {"call"}, NOW, 10)  # and dies
    assert desk.worker(name="two").drain() == 0
    assert queue.release(desk.database, "two", NOW) == 0
    assert queue.release(desk.database, "one", NOW) == 1
    assert queue.claim(desk.database, "one", {"call"}, NOW, 10)  # and dies again
    desk.now += queue.LEASE
    desk.worker(name="two").drain()
    assert (desk.done, desk.left()) == ([1], 0)


def test_a_failure_nobody_foresaw_is_tried_again(desk: Desk) -> None:
    def errand(job: Taken, now: datetime) -> Outcome:
        if job.attempts == 0:
            raise ZeroDivisionError
        return desk.call(job, now)

    desk.write(call(1))
    worker = desk.worker(errand)
    worker.drain()
    assert desk.done == []
    desk.now += timedelta(minutes=5)
    worker.drain()
    assert desk.done == [1]


def test_an_entry_that_fails_writes_nothing_and_keeps_no_other_from_being_done(desk: Desk) -> None:
    def entry(connection: Connection, job: Taken, now: datetime) -> None:
        queue.enqueue(connection, call(job.payload["n"]), now)
        if job.payload["n"] == 2:
            raise ZeroDivisionError

    desk.write(*(Job("note", {"n": n}) for n in (1, 2, 3)))
    desk.worker(entry=entry).drain()
    assert sorted(desk.done) == [1, 3]
    assert desk.left() == 1


def test_a_slow_target_does_not_hold_up_the_others(desk: Desk, running: Callable[[Worker], None]) -> None:
    release, quick = threading.Event(), threading.Event()

    def errand(job: Taken, _now: datetime) -> Outcome:
        if job.target == "slow":
            release.wait(20)
        else:
            quick.set()
        return DONE

    desk.write(*(call(n, target="slow") for n in range(40)), call(99, target="quick"))
    running(desk.worker(errand))
    try:
        assert quick.wait(10)
        assert desk.left() >= 40
    finally:
        release.set()


@pytest.fixture
def running() -> Any:
    """Run workers until the test ends."""
    stop, threads = threading.Event(), []

    def run(worker: Worker) -> None:
        threads.append(threading.Thread(target=worker.run, args=(stop,)))
        threads[-1].start()

    yield run
    stop.set()
    for thread in threads:
        thread.join()
