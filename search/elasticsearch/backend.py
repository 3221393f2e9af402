"""Search on an Elasticsearch server."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from typing import Any

from elasticsearch import Elasticsearch

from search import cursor as cursors
from search.analysis import Analysis
from search.backend import IndexMissing, Progress, SearchUnavailable
from search.cursor import Cursor
from search.documents import each_once
from search.drift import compare, digests
from search.elasticsearch import queries, requests
from search.elasticsearch.asking import Asking
from search.elasticsearch.client import reaching
from search.elasticsearch.lifecycle import Action, IndexDefinition, Lifecycle, Spread
from search.elasticsearch.mapping import GONE, analysis_settings, fingerprint, mappings, source
from search.lexicon import Lexicon
from search.model import BackendName, Document, IndexStatus, Match, Query, Results, Suggestion
from search.plan import Plan, plan_completion, plan_text
from search.ready import Preparer, Ready
from search.results import Found, Texts, choose_language, make_hits, make_suggestion, meant
from search.tries import settle

SEARCH_TIMEOUT_S = 0.8
STATUS_TIMEOUT_S = 2.0
ALONE = Spread(shards=1, replicas=0)
NOT_BUILT = "the Elasticsearch index is not built yet"


@dataclass(frozen=True, slots=True)
class _Shown:
    """A hit as Elasticsearch gave it, the language it is to be shown in and the language group that matched."""

    hit: Mapping[str, Any]
    language: str | None
    group: str | None

    @property
    def texts(self) -> Texts | None:
        """The texts in that language, if they came along."""
        texts: Texts | None = self.hit["_source"].get("texts", {}).get(self.language)
        return texts


@dataclass(frozen=True, slots=True)
class _Page:
    """The answer to one try."""

    answer: Mapping[str, Any]
    found: list[Found]

    @property
    def total(self) -> int:
        total: int = self.answer["hits"]["total"]["value"]
        return total

    def next(self, query: Query, match: Match, seen: int) -> str | None:
        """Return where the next page begins."""
        if not self.found:
            return None
        *value, id = self.answer["hits"]["hits"][-1]["sort"]
        return Cursor("elasticsearch", seen, match, float(value[0]) if value else None, id).written(query)


class ElasticsearchSearch:
    """The Elasticsearch engine.

    :param client: from :func:`search.elasticsearch.client.connect`; closed with this.
    :param index: the alias that readers use; the indexes behind it begin with it.
    :param spread: over the nodes of the cluster.
    :param lexicon: gives the everyday words that hold now; asked for every query.
    :param preparer: makes documents ready; by default one that keeps nothing.
    :param search_timeout_s: a reader waits no longer, however many requests a query takes.
    """

    name: BackendName = "elasticsearch"

    def __init__(
        self,
        client: Elasticsearch,
        analysis: Analysis,
        *,
        index: str = "portal",
        spread: Spread = ALONE,
        lexicon: Callable[[], Lexicon] | None = None,
        preparer: Preparer | None = None,
        search_timeout_s: float = SEARCH_TIMEOUT_S,
    ) -> None:
        self._client = client
        self._search_timeout_s = search_timeout_s
        self._analysis = analysis
        self._preparer = preparer or Preparer(analysis)
        self._lexicon = lexicon or partial(Lexicon, {}, analysis)
        self._alias = index
        self._lifecycle = Lifecycle(client, index)
        self._definition = IndexDefinition(
            settings={"number_of_shards": spread.shards, "analysis": analysis_settings(analysis)},
            mappings=mappings(analysis),
            fingerprint=fingerprint(analysis),
            replicas=spread.replicas,
        )

    def search(self, query: Query) -> Results:
        """Return one page of what matches the query."""
        cursor = cursors.read(query)
        plan = plan_text(query.text, query.language, self._analysis, self._lexicon())
        match: Match = "exact"
        asking = self._asking()
        with reaching():
            if plan is None:
                page = self._page(asking, query, None, "exact", cursor)
            elif cursor:
                match, page = cursor.match, self._page(asking, query, plan, cursor.match, cursor)
            else:
                first = replace(query, offset=0)
                match, page = settle(plan, lambda one: self._page(asking, first, plan, one), self._analysis)
                if query.offset:
                    page = self._page(asking, query, plan, match)
        seen = (cursor.seen if cursor else query.offset) + len(page.found)
        return Results(
            total=page.total,
            hits=make_hits(page.found, query, plan, self._analysis),
            facets=requests.facets(page.answer["aggregations"]),
            backend=self.name,
            match=match,
            suggestions=meant(page.found) if match == "close" and not cursor else (),
            next=page.next(query, match, seen) if seen < page.total else None,
        )

    def suggest(self, prefix: str, language: str, limit: int = 8) -> list[Suggestion]:
        """Return listings whose name goes on from `prefix`, if need be but for a slip in it; best first."""
        completion = plan_completion(prefix, language, self._analysis)
        if completion is None:
            return []
        asking = self._asking()

        def ask(names: queries.Body | None) -> list[Found]:
            if names is None:
                return []
            answer = asking.search(requests.suggest_body(names, limit, self._source(language)))
            return self._found(asking, answer["hits"]["hits"], [], language)

        with reaching():
            found = ask(queries.completing(completion)) or ask(queries.completing_closely(completion))
        return [make_suggestion(one, language) for one in found]

    def rebuild(self, documents: Iterable[Document], progress: Progress | None = None) -> IndexStatus:
        """Index all documents into a new index, then swap the alias; two at once end with the one begun later."""
        made = self._preparer.ready(each_once(documents))
        sources = ((ready.document.id, source(ready)) for ready in made)
        with reaching():
            name = self._lifecycle.begin(self._definition)
            try:
                self._lifecycle.fill(name, sources, progress or (lambda done: None))
                self._lifecycle.finish(name, self._definition)
                kept = self._lifecycle.swap(name)
            except BaseException:
                self._drop_half_built(name)
                raise
            if not kept:
                self._lifecycle.drop(name)
        return self.status()

    def update(self, changed: Iterable[Document], deleted: Iterable[str] = ()) -> None:
        """Index what changed and drop what is gone, also in an index that is being built at the moment."""
        gone = list(deleted)
        writes = [_write(ready) for ready in self._preparer.ready(changed)]
        done: set[tuple[str, bool]] = set()
        with reaching():
            while due := self._targets() - done:  # until no index has come, or come to serve, meanwhile
                for name, serves in sorted(due):
                    self._lifecycle.write(name, [*map(_delete if serves else _mark_gone, gone), *writes])
                done |= due

    def indexed(self) -> dict[str, str]:
        """Return the digest of every document in the index that serves, by id."""
        with reaching():
            return self._lifecycle.digests(self._serving())

    def rollback(self, documents: Iterable[Document]) -> IndexStatus:
        """Bring the older index that was kept up to `documents`, then swap the alias back to it.

        :param documents: gone through twice.
        """
        with reaching():
            name = self._lifecycle.older()
            if name is None or self._lifecycle.meta(name).get("fingerprint") != self._definition.fingerprint:
                raise IndexMissing("no older Elasticsearch index was kept that this version of the portal can search")
            drift = compare(digests(documents), self._lifecycle.digests(name))
            drifted = (document for document in documents if document.id in drift.ids)
            writes = (_write(ready) for ready in self._preparer.ready(drifted))
            self._lifecycle.write(name, chain(map(_delete, drift.extra), writes))
            self._lifecycle.put_back(name)
        return self.status()

    def status(self) -> IndexStatus:
        """Return what serves now."""
        quick = Lifecycle(self._client.options(request_timeout=STATUS_TIMEOUT_S), self._alias)
        with reaching():
            name = quick.serving()
            if name is None:
                raise IndexMissing(NOT_BUILT)
            meta = quick.meta(name)
            documents = self._client.options(request_timeout=STATUS_TIMEOUT_S).count(index=name)["count"]
        return IndexStatus(
            backend=self.name,
            documents=documents,
            index=name,
            built_at=meta.get("built_at", ""),
            fingerprint=meta.get("fingerprint", ""),
            stale=meta.get("fingerprint") != self._definition.fingerprint,
        )

    def close(self) -> None:
        """Close the client's connections."""
        self._client.close()

    def _targets(self) -> set[tuple[str, bool]]:
        """Return the indexes that have to take changes, and of each whether it serves."""
        return {(self._serving(), True), *((name, False) for name in self._lifecycle.building())}

    def _serving(self) -> str:
        name = self._lifecycle.serving()
        if name is None:
            raise IndexMissing(NOT_BUILT)
        return name

    def _drop_half_built(self, name: str) -> None:
        """Delete what a failed rebuild leaves; when even that fails, the next rebuild of another day does it."""
        try:
            with reaching():
                if self._lifecycle.serving() != name:
                    self._lifecycle.drop(name)
        except SearchUnavailable:
            return

    def _asking(self) -> Asking:
        return Asking(self._client, self._alias, self._search_timeout_s)

    def _page(
        self, asking: Asking, query: Query, plan: Plan | None, match: Match, cursor: Cursor | None = None
    ) -> _Page:
        text = queries.text(plan, match) if plan else None
        source = [*self._source(query.language), "location"]
        answer = asking.search(requests.search_body(query, text, plan, source, cursor))
        asked = plan.other if plan and match == "close" else plan
        groups = [group.group for group in asked.groups] if asked else []
        return _Page(answer, self._found(asking, answer["hits"]["hits"], groups, query.language))

    def _source(self, language: str) -> list[str]:
        return ["languages", f"texts.{language}"]

    def _found(
        self, asking: Asking, hits: Sequence[Mapping[str, Any]], groups: Sequence[str], wanted: str
    ) -> list[Found]:
        """Return hits in the language they are shown in; texts in others than the reader's are fetched."""
        shown = []
        for hit in hits:
            matched = set(hit.get("matched_queries", ()))
            group = next((group for group in groups if group in matched), None)
            language = choose_language(hit["_source"]["languages"], group, wanted, self._analysis)
            shown.append(_Shown(hit, language, group))
        fetched = _fetch(asking, [one for one in shown if one.language and one.texts is None])
        return [_found(one, one.texts or fetched.get(one.hit["_id"], {})) for one in shown]


def _fetch(asking: Asking, shown: Sequence[_Shown]) -> dict[str, Texts]:
    if not shown:
        return {}
    docs = [{"_id": one.hit["_id"], "_source": [f"texts.{one.language}"]} for one in shown]
    answers = asking.documents(shown[0].hit["_index"], docs)  # of the same state, should the alias move just now
    found = {answer["_id"]: answer["_source"]["texts"] for answer in answers if answer.get("found")}
    return {one.hit["_id"]: found.get(one.hit["_id"], {}).get(one.language, {}) for one in shown}


def _found(shown: _Shown, texts: Texts) -> Found:
    hit = shown.hit
    location = hit["_source"].get("location")
    place = (location["lat"], location["lon"]) if location else None
    return Found(hit["_id"], hit["_score"] or 0.0, shown.language, texts, place, shown.group)


def _write(ready: Ready) -> Action:
    return {"_op_type": "index", "_id": ready.document.id, "_source": source(ready)}


def _delete(id: str) -> Action:
    return {"_op_type": "delete", "_id": id}


def _mark_gone(id: str) -> Action:
    return {"_op_type": "index", "_id": id, "_source": {"id": id, GONE: True}}
