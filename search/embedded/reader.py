"""The reading side of the embedded index, which follows what other processes write."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass
from pathlib import Path

import tantivy

from search.backend import IndexMissing, SearchUnavailable
from search.embedded.generations import Generation, Generations
from search.embedded.schema import EmbeddedSchema


@dataclass(frozen=True, slots=True)
class _Open:
    """An open index, and the state of the files it was read from."""

    pid: int
    pointer: tuple[int, int]
    generation: Generation
    index: tantivy.Index
    commit: tuple[int, int]

    @property
    def outdated(self) -> bool:
        """Whether something was committed since."""
        return _commit(self.generation.path) != self.commit


class Reader:
    """Gives searchers over what serves now; for use by many threads.

    The index is opened on first use and again after a fork, because one opened before a fork may deadlock.
    """

    def __init__(self, generations: Generations, schema: EmbeddedSchema) -> None:
        self._generations = generations
        self._schema = schema
        self._lock = threading.Lock()
        self._open: _Open | None = None

    def searcher(self) -> tantivy.Searcher:
        """Return a searcher over the last commit of any process.

        :raises SearchUnavailable: when there is no index, or it was built for other fields than this code has.
        """
        opened = self._current()
        if opened.generation.fingerprint != self._schema.fingerprint:
            raise SearchUnavailable("the embedded index was built by another version and waits for a rebuild")
        return opened.index.searcher()

    def generation(self) -> tuple[Generation, int]:
        """Return what serves, and the number of documents in it."""
        opened = self._current()
        return opened.generation, opened.index.searcher().num_docs

    def close(self) -> None:
        """Let go of the files."""
        with self._lock:
            self._open = None

    def _current(self) -> _Open:
        try:
            pointer = self._generations.pointer_state()
            opened = self._open
            if opened and opened.pid == os.getpid() and opened.pointer == pointer and not opened.outdated:
                return opened
            with self._lock:
                self._open = self._refresh(pointer)
                return self._open
        except (OSError, ValueError) as error:
            raise IndexMissing(f"the embedded index cannot be read: {error}") from error

    def _refresh(self, pointer: tuple[int, int]) -> _Open:
        opened = self._open
        generation = self._generations.current()
        commit = _commit(generation.path)  # before opening: at worst one reload too many
        if opened and opened.pid == os.getpid() and opened.generation.path == generation.path:
            index = opened.index
        else:
            index = self._schema.prepare(tantivy.Index.open(str(generation.path)))
            index.config_reader("manual")
        index.reload()
        return _Open(os.getpid(), pointer, generation, index, commit)


def _commit(path: Path) -> tuple[int, int]:
    state = (path / "meta.json").stat()
    return state.st_ino, state.st_mtime_ns
