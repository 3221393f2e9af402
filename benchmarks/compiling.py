"""Compiles a content directory into a new catalog, by itself: no search index, no products. Prints what it took."""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

from portal.catalog import store
from portal.catalog.changes import Changes
from portal.catalog.compiler import Compiler
from portal.commands.shared import shown_when_slow
from portal.editing.takers import PRODUCTS


def main(content: Path, state: Path) -> dict[str, float]:
    """Return seconds and the most memory each process took, in MiB; nothing is left pending for an index."""
    store.path_in(state).unlink(missing_ok=True)
    compiler = Compiler(content, store.path_in(state), PRODUCTS)
    began = time.monotonic()
    with shown_when_slow("Compiling") as progress:
        compiler.compile(progress=progress)
    seconds = time.monotonic() - began
    began = time.monotonic()
    compiler.compile()
    again = time.monotonic() - began
    compiler.close()
    _nothing_pending(Changes(store.path_in(state)))
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    cpu = own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
    return {
        "seconds": seconds,
        "again": again,
        "cpu": cpu,
        "writer_mb": own.ru_maxrss / 1024,
        "reader_mb": children.ru_maxrss / 1024,
    }


def _nothing_pending(changes: Changes) -> None:
    """Let no index take in the corpus when the portal is served: only its pages are measured."""
    for taker in ("products", "embedded"):
        changes.taken(taker, changes.since(taker).number)


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), Path(sys.argv[2]))))
