"""What a large catalog costs: compiling it, starting with it, reading its pages, editing one of its files."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from benchmarks import corpus, freshness
from benchmarks.corpus_facts import identity
from benchmarks.servers import Site, free_port, gunicorn, prepare
from tools.console import ROOT

SMALL = 100
"""The catalog that pages of the large one are compared with."""
READS = 100
LANGUAGES = 12
EDITS = 10
PATIENCE_S = 180
"""How long it may take until the first edit shows: folders are watched one by one, then everything is looked at."""
PAGES = (
    "/en/",
    "/en/attractions/",
    "/en/attractions/?page=50",
    "/en/attractions/?sort=name",
    "/en/attractions/?district=heping&tag=museum",
    "/en/attractions/?open=now",
    "/en/events/",
    "/en/districts/heping/",
    "/en/map/",
    "/sitemap.xml",
    "/sitemap-en.xml",
)


def measure(listings: int) -> str:
    """Measure a corpus of so many listings, beside a small one."""
    lines = []
    pages: dict[int, float] = {}
    for size in (SMALL, listings):
        content = corpus.ensure(size)
        with tempfile.TemporaryDirectory(prefix="bench-", dir=ROOT / "build") as folder:
            portal = Site(Path(folder), free_port(), content)
            compiled = _compiled(portal, size)
            with _served(portal) as (first, workers):
                pages[size] = _milliseconds(portal.port, [f"/en/{identity(n % size)}/" for n in range(READS)])
                if size == listings:
                    lines += compiled
                    lines.append(f"first page after gunicorn's start      {first:8.2f} s")
                    lines += [f"{path:42} {_milliseconds(portal.port, [path] * 5):8.1f} ms" for path in PAGES]
                    lines.append(f"a worker's memory after that, at most  {max(map(_resident, workers())):8.0f} MiB")
                    lines += _edits(portal)
    lines.append(f"listing page, rendered: {pages[SMALL]:.1f} ms of {SMALL}, {pages[listings]:.1f} ms of {listings}")
    return "\n".join(lines)


def _compiled(portal: Site, listings: int) -> list[str]:
    """Prepare a portal with our own content, so that it has an index, and put the large catalog in its place."""
    prepare(Site(portal.folder, portal.port, ROOT / "content"))
    command = (sys.executable, "-m", "benchmarks.compiling", str(portal.content), str(portal.folder / "state"))
    took = json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout)
    files, seconds = listings * LANGUAGES, took["seconds"]
    size = sum(file.stat().st_size for file in (portal.folder / "state").glob("catalog-*.sqlite")) / 2**20
    return [
        f"compiled {files} language files in {seconds:.1f} s: {files / seconds:.0f}/s, {took['cpu']:.0f} s of CPU",
        f"nothing changed, everything looked at  {took['again']:8.2f} s",
        f"memory: {took['writer_mb']:.0f} MiB writing, {took['reader_mb']:.0f} MiB a process reading; {size:.0f} MiB",
    ]


@contextmanager
def _served(portal: Site) -> Iterator[tuple[float, Callable[[], list[int]]]]:
    """Serve it; give the seconds from start to first page, and what tells the workers' process ids."""
    began = time.monotonic()
    with gunicorn("wsgi:app", portal.port, portal.environ, f"/en/{identity(0)}/") as process:
        yield time.monotonic() - began, lambda: _children(process.pid)


def _milliseconds(port: int, paths: list[str]) -> float:
    """Return the median time of answers that no kept page can give."""
    took = []
    for number, path in enumerate(paths):
        began = time.monotonic()
        freshness.read(port, f"{path}{'&' if '?' in path else '?'}number={time.monotonic_ns()}{number}")
        took.append(1000 * (time.monotonic() - began))
    return median(took)


def _edits(portal: Site) -> list[str]:
    """Edit a file of the corpus again and again, and leave it as it was."""
    file, page = portal.content / identity(0) / "en.md", f"/en/{identity(0)}/"
    before = file.read_text("utf-8")
    try:
        began = time.monotonic()
        freshness.edit(file, portal.port, 0, page, PATIENCE_S)
        lines = [f"first edit, while folders are being watched {time.monotonic() - began:6.1f} s"]
        delays = [freshness.edit(file, portal.port, number, page) for number in range(1, EDITS + 1)]
    finally:
        file.write_text(before, "utf-8")
    return [*lines, freshness.line("edit to first new answer", [delay.first_new for delay in delays])]


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _resident(pid: int) -> float:
    """Return a process' resident memory in MiB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024
