"""The folder of an export: files written only when they differ, and a journal of what is done."""

from __future__ import annotations

import gzip
import os
from collections.abc import Collection, Iterator
from pathlib import Path

import brotli

JOURNAL = ".export"
COMPRESSIBLE = frozenset({".html", ".css", ".js", ".svg", ".xml", ".txt", ".webmanifest"})
SMALLEST = 1024
"""Bytes below which compressing a file is not worth another one."""
CODINGS = (".gz", ".br")


def write(path: str, content: bytes, *, compressed: bool = False) -> bool:
    """Write a file unless it holds just this; return whether it was written.

    What replaces another file is never seen half-written. A new file may be, after a crash: no journal tells that it is
    done, so it is written again.

    :param path: the file's. Most of what pathlib does would cost more than writing.
    :param compressed: with a `.gz` and a `.br` beside it, when it is text and not tiny.
    """
    try:
        if _content(path) == content and (not compressed or _has_forms(path, content)):
            return False
        put = _replace
    except FileNotFoundError:
        put = _create
    if compressed and _is_worth_it(path, content):  # first: when the file is there, so are its forms
        os.makedirs(os.path.dirname(path), exist_ok=True)
        _replace(f"{path}.gz", gzip.compress(content, mtime=0))
        _replace(f"{path}.br", brotli.compress(content, quality=9))
    put(path, content)
    return True


def _content(path: str) -> bytes:
    with open(path, "rb", buffering=0) as file:
        return file.read()


def _is_worth_it(path: str, content: bytes) -> bool:
    return len(content) >= SMALLEST and os.path.splitext(path)[1] in COMPRESSIBLE


def _has_forms(path: str, content: bytes) -> bool:
    return not _is_worth_it(path, content) or all(os.path.exists(f"{path}{form}") for form in CODINGS)


def _create(path: str, content: bytes) -> None:
    try:
        _fill(path, content)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        _fill(path, content)


def _replace(path: str, content: bytes) -> None:
    draft = f"{path}.{os.getpid()}.new"
    _fill(draft, content)
    os.replace(draft, path)


def _fill(path: str, content: bytes) -> None:
    output = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
    try:
        written = os.write(output, content)
        while written < len(content):
            written += os.write(output, content[written:])
    finally:
        os.close(output)


def remove_others(folder: Path, wanted: Collection[int], *, compressed: bool) -> int:
    """Remove the files that are no part of the export any more; return how many.

    :param wanted: the hashes of the paths below the folder that stay.
    """
    removed = 0
    for relative in list(_files(str(folder))):
        stem, suffix = os.path.splitext(relative)
        original = stem if compressed and suffix in CODINGS else relative
        if relative != JOURNAL and hash(original) not in wanted:
            os.unlink(f"{folder}/{relative}")
            removed += 1
    return removed


def _files(folder: str) -> Iterator[str]:
    """Yield the paths of all files below a folder, from there."""
    for parent, _, names in os.walk(folder):
        below = parent[len(folder) + 1 :]
        yield from (f"{below}/{name}" if below else name for name in names)


class Journal:
    """Which pieces of work of an edition are done. A folder whose journal tells of another edition begins anew.

    :param edition: names all that the pages are made from: content, code, addresses, the day.
    """

    def __init__(self, folder: Path, edition: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = folder / JOURNAL
        lines = self._file.read_text().splitlines() if self._file.exists() else []
        if lines[:1] != [edition]:
            lines = [edition]
            _replace(str(self._file), f"{edition}\n".encode())
        self.done = {int(line) for line in lines[1:] if line.isdecimal()}
        self._output = self._file.open("a")

    def note(self, number: int) -> None:
        """Note that a piece of work is done."""
        self._output.write(f"{number}\n")
        self._output.flush()

    def close(self) -> None:
        """Close the journal."""
        self._output.close()
