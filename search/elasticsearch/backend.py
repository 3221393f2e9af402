"""Search on an Elasticsearch server."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from elasticsearch import Elasticsearch

from search import cursor as cursors
from search.analysis import Analysis
from search.backend import Progress, SearchUnavailable
from search.cursor import Cursor
from search.elasticsearch import queries, requests
from search.elasticsearch.client import reaching
from search.elasticsearch.lifecycle import IndexDefinition, Lifecycle
from search.elasticsearch.mapping import analysis_settings, fingerprint, mappings, source
from search.lexicon import Lexicon
from search.model import BackendName, Document, IndexStatus, Match, Query, Results, Suggestion
from search.plan import Plan, plan_completion, plan_text
from search.results import Found, Texts, choose_language, make_hit, make_suggestion, meant
from search.tries import settle

SEARCH_TIMEOUT_S = 0.8
STATUS_TIMEOUT_S = 2.0


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
    :param lexicon: gives the everyday words that hold now; asked for every query.
    :param search_timeout_s: a reader waits no longer for one request.
    """

    name: BackendName = "elasticsearch"

    def __init__(
        self,
        client: Elasticsearch,
        analysis: Analysis,
        *,
        index: str = "portal",
        shards: int = 1,
        replicas: int = 0,
        lexicon: Callable[[], Lexicon] | None = None,
        search_timeout_s: float = SEARCH_TIMEOUT_S,
    ) -> None:
        self._client = client
        self._reading = client.options(request_timeout=search_timeout_s)
        self._analysis = analysis
        self._lexicon = lexicon or partial(Lexicon, {}, analysis)
        self._alias = index
        self._lifecycle = Lifecycle(client, index)
        self._definition = IndexDefinition(
            settings={"number_of_shards": shards, "analysis": analysis_settings(analysis)},
            mappings=mappings(analysis),
            fingerprint=fingerprint(analysis),
            replicas=replicas,
        )

    def search(self, query: Query) -> Results:
        """Return one page of what matches the query."""
        cursor = cursors.read(query)
        plan = plan_text(query.text, query.language, self._analysis, self._lexicon())
        match: Match = "exact"
        with reaching():
            if plan is None:
                page = self._page(query, None, "exact", cursor)
            elif cursor:
                match, page = cursor.match, self._page(query, plan, cursor.match, cursor)
            else:
                first = replace(query, offset=0)
                match, page = settle(plan, lambda one: self._page(first, plan, one), self._analysis)
                if query.offset:
                    page = self._page(query, plan, match)
        seen = (cursor.seen if cursor else query.offset) + len(page.found)
        return Results(
            total=page.total,
            hits=tuple(make_hit(one, query, plan, self._analysis) for one in page.found),
            facets=requests.facets(page.answer["aggregations"]),
            backend=self.name,
            match=match,
            suggestions=meant(page.found) if match == "close" and not cursor else (),
            next=page.next(query, match, seen) if seen < page.total else None,
        )

    def suggest(self, prefix: str, language: str, limit: int = 8) -> list[Suggestion]:
        """Return listings whose name goes on from `prefix`; best first."""
        completion = plan_completion(prefix, language, self._analysis)
        if completion is None:
            return []
        body = requests.suggest_body(completion, limit, self._source(language))
        with reaching():
            hits = self._ask(body)["hits"]["hits"]
            found = self._found(hits, [], language)
        return [make_suggestion(one, language) for one in found]

    def rebuild(self, documents: Iterable[Document], progress: Progress | None = None) -> IndexStatus:
        """Index all documents into a new index, then swap the alias; two at once end with the one begun later."""
        sources = ((document.id, source(document, self._analysis)) for document in documents)
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
        actions: list[dict[str, Any]] = [{"_op_type": "delete", "_id": id} for id in deleted]
        actions += [
            {"_op_type": "index", "_id": document.id, "_source": source(document, self._analysis)}
            for document in changed
        ]
        with reaching():
            for name in (self._serving(), *self._lifecycle.building()):
                self._lifecycle.write(name, actions)

    def status(self) -> IndexStatus:
        """Return what serves now."""
        quick = Lifecycle(self._client.options(request_timeout=STATUS_TIMEOUT_S), self._alias)
        with reaching():
            name = quick.serving()
            if name is None:
                raise SearchUnavailable("the Elasticsearch index is not built yet")
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

    def _serving(self) -> str:
        name = self._lifecycle.serving()
        if name is None:
            raise SearchUnavailable("the Elasticsearch index is not built yet")
        return name

    def _drop_half_built(self, name: str) -> None:
        """Delete what a failed rebuild leaves; when even that fails, the next rebuild of another day does it."""
        try:
            with reaching():
                if self._lifecycle.serving() != name:
                    self._lifecycle.drop(name)
        except SearchUnavailable:
            return

    def _page(self, query: Query, plan: Plan | None, match: Match, cursor: Cursor | None = None) -> _Page:
        text = queries.text(plan, match) if plan else None
        source = [*self._source(query.language), "location"]
        answer = self._ask(requests.search_body(query, text, plan, source, cursor))
        asked = plan.other if plan and match == "close" else plan
        groups = [group.group for group in asked.groups] if asked else []
        return _Page(answer, self._found(answer["hits"]["hits"], groups, query.language))

    def _ask(self, body: queries.Body) -> Mapping[str, Any]:
        """Send a search; half an answer, from some shards only, counts as none."""
        answer = self._reading.search(index=self._alias, body=body, allow_partial_search_results=False)
        return dict(answer)

    def _source(self, language: str) -> list[str]:
        return ["languages", f"texts.{language}"]

    def _found(self, hits: Sequence[Mapping[str, Any]], groups: Sequence[str], wanted: str) -> list[Found]:
        """Return hits in the language they are shown in; texts in others than the reader's are fetched."""
        shown = []
        for hit in hits:
            matched = set(hit.get("matched_queries", ()))
            group = next((group for group in groups if group in matched), None)
            language = choose_language(hit["_source"]["languages"], group, wanted, self._analysis)
            shown.append(_Shown(hit, language, group))
        fetched = self._fetch([one for one in shown if one.language and one.texts is None])
        return [_found(one, one.texts or fetched.get(one.hit["_id"], {})) for one in shown]

    def _fetch(self, shown: Sequence[_Shown]) -> dict[str, Texts]:
        if not shown:
            return {}
        docs = [{"_id": one.hit["_id"], "_source": [f"texts.{one.language}"]} for one in shown]
        index = shown[0].hit["_index"]  # of the same state, should the alias move just now
        answers = self._reading.mget(index=index, docs=docs)["docs"]
        found = {answer["_id"]: answer["_source"]["texts"] for answer in answers if answer.get("found")}
        return {one.hit["_id"]: found.get(one.hit["_id"], {}).get(one.language, {}) for one in shown}


def _found(shown: _Shown, texts: Texts) -> Found:
    hit = shown.hit
    location = hit["_source"].get("location")
    place = (location["lat"], location["lon"]) if location else None
    return Found(hit["_id"], hit["_score"] or 0.0, shown.language, texts, place, shown.group)
