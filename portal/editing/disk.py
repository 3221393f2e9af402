"""The files of a listing on disk: texts read as they are, written so that a crash leaves the old or the new."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

LARGEST = 1024 * 1024


def read(content: Path, listing: str, only: Iterable[str] | None = None) -> dict[str, str]:
    """Return the texts of a listing's files by name, or of some of them; none when there is no such folder."""
    folder = content / listing
    there = ["listing.yaml", *sorted(file.name for file in folder.glob("*.md") if not file.name.startswith("."))]
    found = {name: _text(folder / name) for name in (there if only is None else only)}
    return {name: text for name, text in found.items() if text is not None}


def _text(file: Path) -> str | None:
    try:
        return file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError):
        return None


def write(content: Path, listing: str, name: str, data: str | bytes) -> None:
    """Put a file in place: whole, on the disk when this returns, and never seen half written."""
    folder = content / listing
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{name}.part"  # a name the compiler passes over
    with draft.open("wb") as file:
        file.write(data.encode() if isinstance(data, str) else data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, folder / name)
    for place in (folder, folder.parent):  # a new folder is an entry of its parent
        handle = os.open(place, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Let one thread of one process of this machine publish at a time; the kernel frees it when a process dies."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
