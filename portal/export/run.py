"""Carries an export out: pages by several processes, the rest by this one, and what is no part of it any more goes."""

from __future__ import annotations

import gc
import hashlib
import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass, field

from portal.config import ROOT
from portal.export import plan, render
from portal.export.folder import Journal, remove_others, write
from portal.export.parts import parts
from portal.export.render import Job
from portal.web.context import services, today

AHEAD = 4
"""How many pieces of work wait for each process."""
Progress = Callable[[int], None]
"""Called with how many more pages are done."""


@dataclass
class Outcome:
    """What an export did."""

    pages: int = 0
    written: int = 0
    removed: int = 0
    wanted: set[int] = field(default_factory=set)
    """The hashes of the paths of its files."""


def run(job: Job, processes: int, progress: Progress) -> Outcome:
    """Bring the folder up to the catalog; go on where an export of the same edition was interrupted."""
    app = job.application()
    outcome = Outcome()
    with app.test_request_context("/"), closing(Journal(job.folder, edition(job))) as journal:
        todo = _to_do(journal, outcome, progress)
        for number, pages, written in _made(job, todo, processes):
            journal.note(number)
            outcome.written += written
            progress(pages)
    for name, content in parts(app, job):
        outcome.wanted.add(hash(name))
        outcome.written += write(job.folder / name, content, compressed=job.compressed)
    outcome.removed = remove_others(job.folder, outcome.wanted, compressed=job.compressed)
    return outcome


def edition(job: Job) -> str:
    """Name all that pages are made from: addresses, content, code, templates, translations, and the day."""
    digest = hashlib.sha256()
    digest.update(repr((job.settings, job.live, job.compressed, services().catalog.generation(), today())).encode())
    for folder, pattern in (
        (ROOT / "portal", "**/*.*"),
        (job.settings.templates, "**/*.*"),
        (job.settings.translations, "**/*.mo"),
    ):
        for file in sorted(folder.glob(pattern)):
            if file.suffix != ".pyc":
                digest.update(file.read_bytes())
    return digest.hexdigest()


def _to_do(journal: Journal, outcome: Outcome, progress: Progress) -> Iterator[tuple[int, list[plan.AnyPage]]]:
    for number, pages in enumerate(plan.chunks()):
        outcome.pages += len(pages)
        outcome.wanted.update(hash(page.file) for page in pages)
        if number in journal.done:
            progress(len(pages))
        else:
            yield number, pages


def _made(job: Job, todo: Iterable[tuple[int, list[plan.AnyPage]]], processes: int) -> Iterator[tuple[int, int, int]]:
    """Yield the number of each piece of work that is done, its pages, and how many of them were written."""
    gc.freeze()  # or looking for garbage takes a fifth of the time, and copies what the processes could share
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(processes, context, initializer=render.begin, initargs=(job,)) as pool:
        waiting: dict[Future[tuple[int, int]], int] = {}
        for number, pages in todo:
            waiting[pool.submit(render.make, number, pages)] = len(pages)
            if len(waiting) >= AHEAD * processes:
                yield from _finished(waiting)
        while waiting:
            yield from _finished(waiting)


def _finished(waiting: dict[Future[tuple[int, int]], int]) -> Iterator[tuple[int, int, int]]:
    for future in wait(waiting, return_when=FIRST_COMPLETED).done:
        number, written = future.result()
        yield number, waiting.pop(future), written
