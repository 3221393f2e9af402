"""Many units read by several processes: results come back in order, and no more than a few chunks are under way."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain, islice
from multiprocessing.context import BaseContext
from pathlib import Path

from portal.catalog.reading import Job, Outcome, Reader

FEW = 200
"""Up to so many units are read here and now: processes of their own may take about a second to start."""
CHUNK = 32
"""How many units a process reads at a time."""
AHEAD = 2
"""How many chunks each process may have waiting: this bounds the memory."""


def outcomes(reader: Reader, jobs: Iterable[Job]) -> Iterator[list[Outcome]]:
    """Yield what became of jobs, some at a time and in their order."""
    jobs = iter(jobs)
    few = list(islice(jobs, FEW))
    if len(few) < FEW:
        yield reader.read_all(few)
    else:
        yield from _in_processes(reader, chain(few, jobs))


def _in_processes(reader: Reader, jobs: Iterator[Job]) -> Iterator[list[Outcome]]:
    processes = len(os.sched_getaffinity(0))
    pool = ProcessPoolExecutor(processes, _context(), _end_with_parent)
    waiting: deque[Future[list[Outcome]]] = deque()
    try:
        while chunk := list(islice(jobs, CHUNK)):
            waiting.append(pool.submit(reader.read_all, chunk))
            if len(waiting) > processes * AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def _context() -> BaseContext:
    """Return how processes are started: a fork need not load the portal again, but must not happen beside threads.

    What another thread has locked would stay locked in the fork for good; a server that compiles has such threads.
    """
    threads = Path("/proc/self/task")
    alone = threads.is_dir() and sum(1 for _ in threads.iterdir()) == 1
    return multiprocessing.get_context("fork" if alone else "spawn")


def _end_with_parent() -> None:
    """Leave Ctrl-C to the parent, and end when it is gone, even by `kill -9`."""
    gc.disable()  # what is read goes as soon as it was handed over; looking for cycles in it finds none
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)
