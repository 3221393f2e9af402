"""A search that goes on answering while its engine cannot: the embedded index stands in for Elasticsearch."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TypeVar

import structlog

from search.backend import Progress, SearchBackend, SearchError, SearchUnavailable
from search.model import BackendName, Document, IndexStatus, Query, Results, Suggestion

log = structlog.get_logger()

FAILURES_TO_OPEN = 2
FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 30.0

Answer = TypeVar("Answer")


class CircuitBreaker:
    """Remembers that something is down, so that not every reader waits to find out.

    After some failures in a row it opens: nothing is tried for a while. Then one try is due; if it fails the pause
    doubles, and if it works all is as before.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._pause_s = FIRST_PAUSE_S
        self._closed_until_s = 0.0

    @property
    def closed(self) -> bool:
        """Whether everybody may try."""
        return self._failures < FAILURES_TO_OPEN

    def due(self) -> bool:
        """Return whether one try is due although the breaker is open: true for one caller a pause."""
        with self._lock:
            if self.closed or self._clock() < self._closed_until_s:
                return False
            self._closed_until_s = self._clock() + self._pause_s
            return True

    def succeeded(self) -> None:
        """Note that it worked."""
        with self._lock:
            self._failures = 0
            self._pause_s = FIRST_PAUSE_S

    def failed(self) -> None:
        """Note that it did not."""
        with self._lock:
            self._failures += 1
            if self._failures > FAILURES_TO_OPEN:
                self._pause_s = min(self._pause_s * 2, LONGEST_PAUSE_S)
            self._closed_until_s = self._clock() + self._pause_s


class FallbackSearch:
    """Two engines as one: `primary` answers, and `fallback` while it cannot.

    Writes go to both, the fallback first, so that it can stand in at any time.

    :param clock: seconds that only go forward.
    :param behind: tells whether the primary is known to be out of reach of those who write, or to take no changes:
        readers then do not try it, as what it found would be of yesterday.
    """

    def __init__(
        self,
        primary: SearchBackend,
        fallback: SearchBackend,
        clock: Callable[[], float] = time.monotonic,
        behind: Callable[[], bool] = lambda: False,
    ) -> None:
        self.engines = (primary, fallback)
        self._behind = behind
        self._breaker = CircuitBreaker(clock)

    @property
    def name(self) -> BackendName:
        """Which engine is meant to answer."""
        return self.engines[0].name

    def search(self, query: Query) -> Results:
        """Return one page of what matches the query; `degraded` when the fallback answered."""
        return self._ask(lambda engine: engine.search(query), lambda results: replace(results, degraded=True))

    def suggest(self, prefix: str, language: str, limit: int = 8) -> list[Suggestion]:
        """Return listings whose name goes on from `prefix`; best first."""
        return self._ask(lambda engine: engine.suggest(prefix, language, limit), lambda suggestions: suggestions)

    def rebuild(self, documents: Iterable[Document], progress: Progress | None = None) -> IndexStatus:
        """Rebuild both indexes.

        :param documents: gone through twice; an iterator, which cannot be, is kept in memory.
        :raises SearchUnavailable: when the primary could not; the fallback is rebuilt all the same.
        """
        documents = list(documents) if isinstance(documents, Iterator) else documents
        primary, fallback = self.engines
        fallback.rebuild(documents, progress)
        return primary.rebuild(documents, progress)

    def update(self, changed: Iterable[Document], deleted: Iterable[str] = ()) -> None:
        """Update both indexes.

        :raises SearchUnavailable: when one could not; the same update may be sent again.
        """
        changed, deleted = list(changed), list(deleted)
        primary, fallback = self.engines
        fallback.update(changed, deleted)
        primary.update(changed, deleted)

    def indexed(self) -> dict[str, str]:
        """Return the digest of every document that the primary has, by id."""
        return self.engines[0].indexed()

    def rollback(self, documents: Iterable[Document]) -> IndexStatus:
        """Roll both back.

        :param documents: gone through several times.
        """
        primary, fallback = self.engines
        fallback.rollback(documents)
        return primary.rollback(documents)

    def status(self) -> IndexStatus:
        """Return what the primary serves."""
        return self.engines[0].status()

    def close(self) -> None:
        """Close both engines."""
        for engine in self.engines:
            engine.close()

    def _ask(self, ask: Callable[[SearchBackend], Answer], degrade: Callable[[Answer], Answer]) -> Answer:
        if not self._behind():
            if self._breaker.closed:
                answer = self._try_primary(ask)
                if answer is not None:
                    return answer
            elif self._breaker.due():  # nobody waits to find out
                threading.Thread(target=self._try_primary, args=(ask,), daemon=True).start()
        return degrade(ask(self.engines[1]))

    def _try_primary(self, ask: Callable[[SearchBackend], Answer]) -> Answer | None:
        primary = self.engines[0]
        try:
            answer = ask(primary)
        except SearchUnavailable as error:
            self._breaker.failed()
            log.warning("search engine did not answer", engine=primary.name, reason=str(error))
        except SearchError as error:  # a mistake of ours, of which the reader should see nothing
            log.error("search engine did not understand", engine=primary.name, reason=str(error))
        else:
            self._breaker.succeeded()
            return answer
        return None
