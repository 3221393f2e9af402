"""The requests of one query, which have one budget of time together."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from elasticsearch import Elasticsearch

from search.backend import SearchUnavailable


class Asking:
    """Asks for one reader, who waits no longer than the budget, however many requests it takes.

    :param index: the index or alias that is searched.
    :param budget_s: seconds from now on.
    """

    def __init__(self, client: Elasticsearch, index: str, budget_s: float) -> None:
        self._client = client
        self._index = index
        self._ends = time.monotonic() + budget_s

    def search(self, body: dict[str, Any]) -> Mapping[str, Any]:
        """Send a search; half an answer, from some shards only, counts as none.

        :raises SearchUnavailable: when nothing of the budget is left.
        """
        answer = self._within_budget().search(index=self._index, body=body, allow_partial_search_results=False)
        return dict(answer)

    def documents(self, index: str, wanted: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
        """Return documents of one index, each as `mget` describes it.

        :raises SearchUnavailable: when nothing of the budget is left.
        """
        found: Sequence[Mapping[str, Any]] = self._within_budget().mget(index=index, docs=wanted)["docs"]
        return found

    def _within_budget(self) -> Elasticsearch:
        left = self._ends - time.monotonic()
        if left <= 0:
            raise SearchUnavailable("Elasticsearch took longer than a reader should wait")
        return self._client.options(request_timeout=left)
