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


def write(file: Path, content: bytes, *, compressed: bool = False) -> bool:
    """Write a file, never seen half-written, unless it holds just this; return whether it was written.

    :param compressed: with a `.gz` and a `.br` beside it, when it is text and not tiny.
    """
    path = str(file)  # most of what pathlib does would cost more than writing
    try:
        if _content(path) == content and (not compressed or _has_forms(file, content)):
            return False
    except FileNotFoundError:
        os.makedirs(os.path.dirname(path), exist_ok=True)
    if compressed and _is_worth_it(file, content):  # first: when the file is there, so are its forms
        _replace(f"{path}.gz", gzip.compress(content, mtime=0))
        _replace(f"{path}.br", brotli.compress(content, quality=9))
    _replace(path, content)
    return True


def _content(path: str) -> bytes:
    with open(path, "rb", buffering=0) as file:
        return file.read()


def _is_worth_it(file: Path, content: bytes) -> bool:
    return file.suffix in COMPRESSIBLE and len(content) >= SMALLEST


def _has_forms(file: Path, content: bytes) -> bool:
    return not _is_worth_it(file, content) or all(file.with_name(f"{file.name}{form}").exists() for form in CODINGS)


def _replace(file: str | Path, content: bytes) -> None:
    draft = f"{file}.{os.getpid()}.new"
    output = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
    try:
        written = os.write(output, content)
        while written < len(content):
            written += os.write(output, content[written:])
    finally:
        os.close(output)
    os.replace(draft, file)


def remove_others(folder: Path, wanted: Collection[int], *, compressed: bool) -> int:
    """Remove the files that are no part of the export any more; return how many.

    :param wanted: the hashes of the paths below the folder that stay.
    """
    removed = 0
    for file in list(_files(folder)):
        relative = file.relative_to(folder).as_posix()
        original = relative.removesuffix(file.suffix) if compressed and file.suffix in CODINGS else relative
        if relative != JOURNAL and hash(original) not in wanted:
            file.unlink()
            removed += 1
    return removed


def _files(folder: Path) -> Iterator[Path]:
    for parent, _, names in os.walk(folder):
        yield from (Path(parent, name) for name in names)


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
            _replace(self._file, f"{edition}\n".encode())
        self.done = {int(line) for line in lines[1:] if line.isdecimal()}
        self._output = self._file.open("a")

    def note(self, number: int) -> None:
        """Note that a piece of work is done."""
        self._output.write(f"{number}\n")
        self._output.flush()

    def close(self) -> None:
        """Close the journal."""
        self._output.close()
