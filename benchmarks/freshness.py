"""How soon an edited content file shows, in the first answer and in every worker's answer."""

from __future__ import annotations

import http.client
import re
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.servers import LISTING, gunicorn, prepare, site
from tools.console import ToolError
from tools.ports import HOST

EDITS = 10
POLL_S = 0.002
SETTLED = 40
"""So many new answers in a row mean that no worker serves the old text any more."""
PATIENCE_S = 10
PAUSE_S = 0.3
WORD = "Freshness"


@dataclass(frozen=True)
class Delay:
    """Seconds from the edit to the first request that saw it, and to the end of the last answer that did not."""

    first_new: float
    last_old: float


def measure() -> str:
    """Edit the listing's English summary again and again while its page is being read."""
    with site() as portal:
        prepare(portal)
        file = portal.content / "attractions" / "tianjin-eye" / "en.md"
        with gunicorn("wsgi:app", portal.port, portal.environ):
            delays = [edit(file, portal.port, number) for number in range(EDITS)]
    return "\n".join(
        [
            line("edit to first new answer", [delay.first_new for delay in delays]),
            line("edit to last old answer", [delay.last_old for delay in delays]),
        ]
    )


def line(name: str, seconds: list[float]) -> str:
    """Return a row of the table, in milliseconds."""
    low, middle, high = (1000 * value for value in (min(seconds), median(seconds), max(seconds)))
    return f"{name:26} median of {len(seconds)}: {middle:5.0f} ms  ({low:.0f}-{high:.0f})"


def edit(file: Path, port: int, number: int, page: str = LISTING, patience_s: float = PATIENCE_S) -> Delay:
    """Write a new word into the summary and read the page until every worker has it.

    :raises ToolError: when it does not show in time.
    """
    time.sleep(PAUSE_S)
    word = f"{WORD}{number:04}"
    text = with_word(file.read_text(encoding="utf-8"), word)
    began = time.monotonic()
    file.write_text(text, encoding="utf-8")
    first_new, last_old, run_of_new = None, 0.0, 0
    while run_of_new < SETTLED:
        fresh = word.encode() in read(port, page)
        now = time.monotonic() - began
        if fresh:
            first_new = first_new or now
            run_of_new += 1
        else:
            last_old, run_of_new = now, 0
        if now > patience_s:
            raise ToolError(f"The edit did not show in every answer within {patience_s} s.")
        time.sleep(POLL_S)
    return Delay(first_new or 0.0, last_old)


def with_word(text: str, word: str) -> str:
    """Put a word at the start of the summary, in its quotes where it has some, in the place of the one before."""
    return re.sub(rf"^(summary: [\"']?)(?:{WORD}\d+ )?", rf"\g<1>{word} ", text, count=1, flags=re.MULTILINE)


def read(port: int, page: str = LISTING) -> bytes:
    """Return a page, read over a connection of its own so that any worker may answer."""
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    try:
        connection.request("GET", page)
        return connection.getresponse().read()
    finally:
        connection.close()
