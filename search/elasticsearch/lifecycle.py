"""Index after index behind one alias: built beside, verified, swapped in, and old ones dropped."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from elasticsearch import Elasticsearch, NotFoundError
from elasticsearch.helpers import streaming_bulk

from search.backend import SearchError, SearchUnavailable
from search.elasticsearch.mapping import GONE

TIME = "%Y%m%dt%H%M%S%f"
ABANDONED_AFTER = timedelta(days=1)
"""An index that was begun so long ago and never served was left by a process that died."""

BULK_DOCUMENTS = 500
BULK_BYTES = 10_000_000
"""The size of a request that a server takes at its best pace; listings in twelve languages are about 100 KB each."""
BULK_TIMEOUT_S = 120.0
"""Nobody waits for a request that indexes, and a busy server may take its time."""
BULK_RETRIES = 3
FIRST_RETRY_S = 0.25
"""A server that answers 429 is given a moment, doubled with every retry."""

SWAP_TRIES = 10
PAGE = 5_000
"""Documents of which digests are read at a time."""

Action = dict[str, Any]
"""One line of a bulk request, as the client takes it."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Into how many parts an index is divided, and how many further copies of each are kept."""

    shards: int
    replicas: int


@dataclass(frozen=True, slots=True)
class IndexDefinition:
    """What an index is made with."""

    settings: dict[str, Any]
    mappings: dict[str, Any]
    fingerprint: str
    replicas: int


class Lifecycle:
    """The indexes behind one alias.

    Their names begin with the alias and the time they were begun, so they sort by age. In the mapping's `_meta` stand
    `fingerprint`, once built `built_at`, and once swapped in `served`.
    """

    def __init__(self, client: Elasticsearch, alias: str) -> None:
        self._client = client
        self._alias = alias
        self._ours = re.compile(rf"{re.escape(alias)}-\d{{8}}t\d{{12}}-[0-9a-f]{{8}}")

    def begin(self, definition: IndexDefinition) -> str:
        """Create an empty index that serves nobody yet; return its name."""
        name = f"{self._alias}-{datetime.now(UTC):{TIME}}-{secrets.token_hex(4)}"
        settings = definition.settings | {"number_of_replicas": 0, "refresh_interval": "-1"}
        meta = {"_meta": {"fingerprint": definition.fingerprint}}
        self._client.indices.create(index=name, settings=settings, mappings=definition.mappings | meta)
        return name

    def fill(self, name: str, sources: Iterable[tuple[str, dict[str, Any]]], done: Callable[[int], None]) -> None:
        """Index documents, by id, and check that all are there.

        One that an update has put there meanwhile is newer and stays, and what one has deleted meanwhile stays away.

        :raises SearchError: when a document is refused, or there are fewer than were given.
        """
        actions = ({"_op_type": "create", "_index": name, "_id": id, "_source": source} for id, source in sources)
        count = 0
        for _, item in self._bulk(actions):
            _check(item["create"], accepted={409})
            count += 1
            if count % BULK_DOCUMENTS == 0:
                done(count)
        done(count)
        self._client.indices.refresh(index=name)
        if (indexed := self._client.count(index=name)["count"]) < count:  # updates may have added some
            raise SearchError(f"{count} documents were given, but only {indexed} are in the index {name}")
        self._sweep(name)

    def finish(self, name: str, definition: IndexDefinition) -> None:
        """Make a filled index ready to serve."""
        settings = {"number_of_replicas": definition.replicas, "refresh_interval": None}
        self._client.indices.put_settings(index=name, settings=settings)
        self._note(name, built_at=datetime.now(UTC).isoformat(timespec="seconds"))

    def swap(self, name: str) -> bool:
        """Let an index serve, in one step for every reader, and drop older ones but the one before.

        :return: False when a rebuild that was begun later serves already; this one has to give way.
        """
        for _ in range(SWAP_TRIES):
            before = self.serving()
            if before is not None and before > name:
                return False
            try:
                self._client.indices.update_aliases(actions=self._swap_actions(before, name))
            except NotFoundError:  # another rebuild was quicker
                continue
            self._note(name, served=True)
            self._sweep(name)  # what was deleted while aliases changed hands
            self._drop_older(name, before)
            return True
        raise SearchUnavailable(f"the alias {self._alias} keeps changing")

    def put_back(self, name: str) -> None:
        """Let an index serve whatever its age, in one step for every reader, and keep the one that served.

        :raises SearchUnavailable: when another swap came first.
        """
        try:
            self._client.indices.update_aliases(actions=self._swap_actions(self.serving(), name))
        except NotFoundError as error:
            raise SearchUnavailable(f"the alias {self._alias} has changed meanwhile") from error

    def older(self) -> str | None:
        """Return the index that served before the one that serves now, or after it if that was put back."""
        serving = self.serving()
        kept = [name for name, meta in self._all().items() if meta.get("served") and name != serving]
        return max(kept, default=None)

    def digests(self, name: str) -> dict[str, str]:
        """Return the digest of every document of an index, by id."""
        found: dict[str, str] = {}
        body: dict[str, Any] = {"size": PAGE, "sort": [{"id": "asc"}], "_source": ["digest"]}
        while True:
            hits = self._client.search(index=name, body=body, allow_partial_search_results=False)["hits"]["hits"]
            found |= {hit["_id"]: hit["_source"].get("digest", "") for hit in hits}
            if len(hits) < PAGE:
                return found
            body["search_after"] = hits[-1]["sort"]

    def serving(self) -> str | None:
        """Return the name of the index behind the alias."""
        try:
            names = self._client.indices.get_alias(name=self._alias)
        except NotFoundError:
            return None
        return max(names, default=None)

    def meta(self, name: str) -> dict[str, Any]:
        """Return what an index says of itself."""
        mapping: dict[str, Any] = self._client.indices.get_mapping(index=name)[name]["mappings"]
        return dict(mapping.get("_meta", {}))

    def building(self) -> list[str]:
        """Return the indexes that are being built."""
        return [name for name, meta in self._all().items() if not meta.get("served")]

    def write(self, name: str, actions: Iterable[Action]) -> None:
        """Apply changes to an index; a document to delete may be gone already.

        :raises SearchError: when one is refused.
        """
        for _, item in self._bulk(action | {"_index": name} for action in actions):
            ((operation, result),) = item.items()
            _check(result, accepted={404} if operation == "delete" else set())
        self._client.indices.refresh(index=name)

    def drop(self, name: str) -> None:
        """Delete an index, if it is there."""
        self._client.indices.delete(index=name, ignore_unavailable=True)

    def _sweep(self, name: str) -> None:
        """Delete what was only marked as gone, so that the build would not bring it back."""
        body = {"query": {"term": {GONE: True}}, "size": PAGE, "_source": False}
        while hits := self._client.search(index=name, body=body)["hits"]["hits"]:
            self.write(name, [{"_op_type": "delete", "_id": hit["_id"]} for hit in hits])

    def _bulk(self, actions: Iterable[Action]) -> Iterable[tuple[bool, dict[str, Any]]]:
        return streaming_bulk(
            self._client.options(request_timeout=BULK_TIMEOUT_S),
            actions,
            chunk_size=BULK_DOCUMENTS,
            max_chunk_bytes=BULK_BYTES,
            max_retries=BULK_RETRIES,
            initial_backoff=FIRST_RETRY_S,
            raise_on_error=False,
        )

    def _swap_actions(self, before: str | None, name: str) -> list[dict[str, Any]]:
        # `must_exist` makes the whole swap fail when the alias has moved on since it was looked at.
        remove: dict[str, Any] = (
            {"index": before, "must_exist": True} if before else {"index": f"{self._alias}-*", "must_exist": False}
        )
        return [{"remove": remove | {"alias": self._alias}}, {"add": {"index": name, "alias": self._alias}}]

    def _drop_older(self, name: str, before: str | None) -> None:
        abandoned = f"{self._alias}-{datetime.now(UTC) - ABANDONED_AFTER:{TIME}}"
        for other, meta in self._all().items():
            if other < name and other != before and (meta.get("served") or other < abandoned):
                self.drop(other)

    def _all(self) -> dict[str, dict[str, Any]]:
        answer = self._client.indices.get_mapping(index=f"{self._alias}-*", allow_no_indices=True)
        found = {name: facts["mappings"].get("_meta", {}) for name, facts in answer.items()}
        return {name: meta for name, meta in found.items() if self._ours.fullmatch(name)}

    def _note(self, name: str, **facts: Any) -> None:
        self._client.indices.put_mapping(index=name, meta=self.meta(name) | facts)


def _check(result: dict[str, Any], accepted: set[int]) -> None:
    status = result["status"]
    if status < 300 or status in accepted:
        return
    kind = SearchError if status == 400 else SearchUnavailable
    raise kind(f"Elasticsearch refused {result.get('_id')} with {status}: {result.get('error')}")
