"""Asking the embedded index: one query over one state of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tantivy import DocAddress, Order, Searcher
from tantivy import Query as EngineQuery

from search.analysis import Analysis
from search.embedded.queries import Queries, all_of
from search.embedded.schema import stored_text
from search.geo import around, distance_m
from search.model import Facets, Query, Results, Suggestion
from search.plan import Plan, plan_completion, plan_text
from search.results import Found, choose_language, make_hit, make_suggestion, meant

TIES = 50
"""Results fetched beyond the page, so that equals at its edge come in the order of their ids."""

FACET_VALUES = 1_000
SCORE_DIGITS = 4


@dataclass(frozen=True, slots=True)
class _Match:
    """A document that matched, and the language group it matched in where that was looked up."""

    id: str
    address: DocAddress
    score: float = 0.0
    group: str | None = None


class Searching:
    """Answers queries from one searcher, so that everything in an answer is of the same state."""

    def __init__(self, searcher: Searcher, queries: Queries, analysis: Analysis) -> None:
        self._searcher = searcher
        self._queries = queries
        self._analysis = analysis

    def search(self, query: Query) -> Results:
        """Return one page of what matches the query."""
        plan = plan_text(query.text, query.language, self._analysis)
        filters = self._filters(query)
        text = self._queries.matching(plan) if plan else all_of([])
        total = self._count([text, *filters.values()])
        close = plan is not None and total == 0
        if plan and close:
            text = self._queries.close(plan)
            total = self._count([text, *filters.values()])
        matches = self._page(query, plan, all_of([text, *filters.values()]))
        if plan and not close:
            matches = self._with_groups(matches, plan)
        found = self._found(matches, query.language)
        return Results(
            total=total,
            hits=tuple(make_hit(one, query, plan, self._analysis) for one in found),
            facets=self._facets(text, filters),
            backend="embedded",
            suggestions=meant(found) if close else (),
        )

    def suggest(self, prefix: str, language: str, limit: int) -> list[Suggestion]:
        """Return listings whose name goes on from `prefix`; best first."""
        completion = plan_completion(prefix, language, self._analysis)
        if completion is None:
            return []
        matches = self._best(self._queries.completing(completion), 0, limit)
        return [make_suggestion(one, language) for one in self._found(matches, language)]

    def _filters(self, query: Query) -> dict[str, EngineQuery]:
        """Return a query for each filter that is on, by its name."""
        having = self._queries.having
        filters = {}
        if query.kind is not None:
            filters["kind"] = having("kind", query.kind)
        if query.district is not None:
            filters["district"] = having("district", query.district)
        if query.tags:
            filters["tags"] = all_of(having("tags", tag) for tag in query.tags)
        if query.bookable is not None:
            filters["bookable"] = having("bookable", query.bookable)
        if query.near and (radius := query.near.radius_m) is not None:
            box = self._queries.within(around(query.near.lat, query.near.lon, radius))
            distances = self._distances(query, self._all(box))
            filters["near"] = self._queries.among(id for id, away in distances.items() if away <= radius)
        return filters

    def _page(self, query: Query, plan: Plan | None, matching: EngineQuery) -> list[_Match]:
        if plan:
            return self._best(matching, query.offset, query.limit)
        if query.near is None:
            return self._by_id(matching, query.offset, query.limit)
        everything = self._all(matching)
        distances = self._distances(query, everything)
        everything.sort(key=lambda match: (distances.get(match.id, float("inf")), match.id))
        return everything[query.offset : query.offset + query.limit]

    def _with_groups(self, matches: Sequence[_Match], plan: Plan) -> list[_Match]:
        """Find out which language each document matched in, the reader's own first."""
        groups: dict[str, str] = {}
        for group, _ in plan.groups if plan.terms else ():
            missing = [match.id for match in matches if match.id not in groups]
            if not missing:
                break
            matching = all_of([self._queries.group(plan, group), self._queries.among(missing)])
            groups |= {match.id: group for match in self._all(matching)}
        return [replace(match, group=groups.get(match.id)) for match in matches]

    def _facets(self, text: EngineQuery, filters: dict[str, EngineQuery]) -> Facets:
        def counts(field: str, ignored: str | None = None) -> dict[str, int]:
            matching = all_of([text, *(query for name, query in filters.items() if name != ignored)])
            terms = {"terms": {"field": field, "size": FACET_VALUES}}
            buckets = self._searcher.aggregate(matching, {field: terms})[field]["buckets"]
            return {bucket["key"]: bucket["doc_count"] for bucket in buckets}

        return Facets(kind=counts("kind", "kind"), district=counts("district", "district"), tags=counts("tags"))

    def _found(self, matches: Sequence[_Match], wanted: str) -> list[Found]:
        """Return matches in the language they are shown in."""
        places = self._places(matches)
        found = []
        for match in matches:
            document = self._searcher.doc(match.address)
            stored = {language: document.get_first(stored_text(language)) for language in self._analysis.languages}
            available = {language: texts for language, texts in stored.items() if texts is not None}
            language = choose_language(tuple(available), match.group, wanted, self._analysis)
            texts = json.loads(bytes(available[language])) if language else {}
            found.append(Found(match.id, match.score, language, texts, places.get(match.id)))
        return found

    def _count(self, queries: Sequence[EngineQuery]) -> int:
        count: int = self._searcher.search(all_of(queries), 1).count  # type: ignore[attr-defined]  # not in its stubs
        return count

    def _all(self, matching: EngineQuery) -> list[_Match]:
        """Return every match in the order of ids."""
        return self._by_id(matching, 0, max(self._searcher.num_docs, 1))

    def _by_id(self, matching: EngineQuery, offset: int, limit: int) -> list[_Match]:
        found = self._searcher.search(matching, limit, offset=offset, count=False, order_by_field="id", order=Order.Asc)
        return [_Match(id, address) for id, address in found.hits]

    def _best(self, matching: EngineQuery, offset: int, limit: int) -> list[_Match]:
        """Return a page by relevance, equals by id."""
        hits = self._searcher.search(matching, offset + limit + TIES, count=False).hits
        matches = [_Match(self._id(address), address, round(score, SCORE_DIGITS)) for score, address in hits]
        matches.sort(key=lambda match: (-match.score, match.id))
        return matches[offset : offset + limit]

    def _id(self, address: DocAddress) -> str:
        return str(self._searcher.doc(address).get_first("id"))

    def _places(self, matches: Sequence[_Match]) -> dict[str, tuple[float, float]]:
        addresses = [match.address for match in matches]
        lats = self._searcher.fast_field_values("lat", addresses)
        lons = self._searcher.fast_field_values("lon", addresses)
        together = zip(matches, lats, lons, strict=True)
        return {match.id: (lat, lon) for match, lat, lon in together if lat is not None and lon is not None}

    def _distances(self, query: Query, matches: Sequence[_Match]) -> dict[str, float]:
        if query.near is None:
            return {}
        center = (query.near.lat, query.near.lon)
        return {id: distance_m(center, place) for id, place in self._places(matches).items()}
