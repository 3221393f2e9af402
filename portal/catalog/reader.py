"""Reading the compiled catalog's file: a connection a thread, and what is remembered between compilations."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any, TypeVar, cast

from portal.catalog import store
from portal.catalog.bell import Bell
from portal.catalog.model import CatalogUnavailable
from portal.catalog.selection import Value

LOOK_AGAIN_S = 1.0
"""How long it is relied upon the bell alone: whoever compiles may have been killed before it rang."""
Remembered = TypeVar("Remembered")
Read = TypeVar("Read", bound=Callable[..., Any])


def lately(size: int) -> Callable[[Read], Read]:
    """Have a method of a catalog remember what it was asked last, until the next compilation.

    :param size: how many answers are kept; they are shared, so nobody may change them.
    """

    def remembering(read: Read) -> Read:
        def forgetting(catalog: CatalogFile) -> Callable[..., Any]:
            return lru_cache(size)(lambda _generation, *asked: read(catalog, *asked))

        @wraps(read)
        def given(self: CatalogFile, *asked: Hashable) -> Any:
            known = self.recent.get(read.__name__)
            if known is None:
                known = self.recent.setdefault(read.__name__, forgetting(self))
            return known(self.generation(), *asked)

        return cast(Read, given)

    return remembering


class CatalogFile:
    """Reads one compiled catalog. Each thread has a connection of its own; a compilation shows with the next read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        self._bell = Bell(path)
        self._seen: tuple[bytes | None, float, int] = (None, 0.0, 0)
        self._known: tuple[int, dict[str, Any]] = (-1, {})
        self.recent: dict[str, Callable[..., Any]] = {}
        """What methods remember, by their names."""

    def hold(self) -> None:
        """Have this thread look up which compilation is the present one with its next read, and not again."""
        self._local.held = {}

    def release(self) -> None:
        """Have this thread look it up with every read again."""
        self._local.held = None

    @property
    def _held(self) -> dict[str, Any] | None:
        return getattr(self._local, "held", None)

    @property
    def _db(self) -> sqlite3.Connection:
        held = self._held
        if held is None:
            return self._present()
        if "connection" not in held:
            held["connection"] = self._present()
        return cast(sqlite3.Connection, held["connection"])

    def _present(self) -> sqlite3.Connection:
        file = store.identity(self._path)
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = store.connect_to_read(self._path)
        elif file in {None, self._local.file} or not store.is_compiled(self._path):
            return connection  # one that was deleted serves until there is another
        else:
            self.close()
            connection = store.connect_to_read(self._path)
        self._local.connection, self._local.file = connection, file
        return connection

    def close(self) -> None:
        """Close this thread's connection."""
        if connection := getattr(self._local, "connection", None):
            connection.close()
            del self._local.connection, self._local.file

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give this thread's connection.

        :raises CatalogUnavailable: when the catalog is not there, or cannot be read.
        """
        try:
            yield self._db
        except sqlite3.Error as error:
            raise CatalogUnavailable(f"{self._path} cannot be read, flask prepare makes it anew: {error}") from error

    def rows(self, sql: str, values: Sequence[Value] = ()) -> list[sqlite3.Row]:
        """Return the rows a query gives."""
        with self.reading() as db:
            return db.execute(sql, values).fetchall()

    def row(self, sql: str, values: Sequence[Value] = ()) -> sqlite3.Row | None:
        """Return the first row a query gives."""
        return next(iter(self.rows(sql, values)), None)

    def value(self, sql: str, values: Sequence[Value] = ()) -> Any:
        """Return the one value a query gives."""
        return self.rows(sql, values)[0][0]

    def document(self, name: str) -> str | None:
        """Return what is kept under a name, as JSON."""
        row = self.row("SELECT value FROM documents WHERE name = ?", (name,))
        return None if row is None else row["value"]

    def remembered(self, name: str, read: Callable[[], Remembered]) -> Remembered:
        """Return what nearly every page needs, read again only after a compilation."""
        generation = self.generation()
        known = self._known
        if known[0] != generation:
            known = self._known = (generation, {})
        if name not in known[1]:
            known[1][name] = read()  # two threads may do it at once, with the same result
        return cast(Remembered, known[1][name])

    def generation(self) -> int:
        """Return a number that changes with every compilation that changed anything, the same for every reader."""
        held = self._held
        if held and "generation" in held:
            return cast(int, held["generation"])
        heard, now = self._bell.heard(), time.monotonic()
        known_heard, known_until, found = self._seen
        if heard is None or heard != known_heard or now >= known_until:
            with self.reading() as db:
                found = store.generation(db)
            if now >= known_until:
                self._bell = Bell(self._path)  # another may lie there by now
            self._seen = (heard, now + LOOK_AGAIN_S, found)
        if held is not None:
            held["generation"] = found
        return found
