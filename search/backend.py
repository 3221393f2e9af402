"""What every search engine offers, whichever it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from search.model import BackendName, Document, IndexStatus, Query, Results, Suggestion

Progress = Callable[[int], None]
"""Called now and then during a rebuild with the number of documents indexed so far."""


class SearchError(Exception):
    """The search failed."""


class SearchUnavailable(SearchError):
    """The engine is out of reach, has no index yet, or cannot take this at the moment; another try may succeed."""


class IndexMissing(SearchUnavailable):
    """The engine is within reach but has no index that could serve: it has to be built."""


class SearchBackend(Protocol):
    """One search engine. Every method raises :exc:`SearchUnavailable` when it cannot answer."""

    @property
    def name(self) -> BackendName:
        """Which engine this is."""
        ...

    def search(self, query: Query) -> Results:
        """Return one page of what matches the query."""
        ...

    def suggest(self, prefix: str, language: str, limit: int = 8) -> list[Suggestion]:
        """Return listings whose name, in any language or in pinyin, goes on from `prefix`; best first."""
        ...

    def rebuild(self, documents: Iterable[Document], progress: Progress | None = None) -> IndexStatus:
        """Index all documents anew beside the index that serves, then swap; on failure the old one goes on serving.

        :raises SearchError: when what was indexed is not what was given.
        """
        ...

    def update(self, changed: Iterable[Document], deleted: Iterable[str] = ()) -> None:
        """Index what changed and drop what is gone, by id; visible to searches when this returns."""
        ...

    def indexed(self) -> dict[str, str]:
        """Return the digest of every document in the index that serves, by id."""
        ...

    def rollback(self, documents: Iterable[Document]) -> IndexStatus:
        """Let the older index that was kept serve again, brought up to `documents` first.

        What served is kept in its place: rolling back once more undoes it.

        :raises IndexMissing: when none was kept that this code can search.
        """
        ...

    def status(self) -> IndexStatus:
        """Return what serves now."""
        ...

    def close(self) -> None:
        """Let go of connections and files."""
        ...
