"""Asking the embedded index: one query over one state of it."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tantivy import DocAddress, Occur, Order, Searcher
from tantivy import Document as StoredDocument
from tantivy import Query as EngineQuery

from search import cursor as cursors
from search.analysis import Analysis
from search.cursor import Cursor
from search.embedded.facets import Filters, count, facets
from search.embedded.queries import Queries, all_of
from search.embedded.schema import stored_text
from search.geo import around, cover, distance_m
from search.lexicon import Lexicon
from search.model import Match, Near, Query, Results, Suggestion
from search.plan import Plan, plan_completion, plan_text
from search.results import Found, choose_language, make_hits, make_suggestion, meant
from search.tries import settle

TIES = 50
"""Results fetched beyond the page, so that equals at its edge come in the order of their ids."""

SCORE_DIGITS = 4

REACHES_M = (500.0, 2_000.0, 10_000.0, 50_000.0)
"""How far around a place it is looked for what is nearest, until a page is full."""


_Scored = tuple[float, DocAddress]


@dataclass(frozen=True, slots=True)
class _Match:
    """A document that matched; `value` is what it is sorted by before its id, its score or distance."""

    id: str
    address: DocAddress
    value: float | None = None
    group: str | None = None
    stored: StoredDocument | None = None

    @property
    def score(self) -> float:
        return self.value or 0.0


@dataclass(frozen=True, slots=True)
class _Page:
    """The answer to one try: `text` is what the results match."""

    total: int
    found: list[Found]
    matches: list[_Match]
    text: EngineQuery


class Searching:
    """Answers queries from one searcher, so that everything in an answer is of the same state."""

    def __init__(self, searcher: Searcher, queries: Queries, analysis: Analysis, lexicon: Lexicon) -> None:
        self._searcher = searcher
        self._queries = queries
        self._analysis = analysis
        self._lexicon = lexicon

    def search(self, query: Query) -> Results:
        """Return one page of what matches the query."""
        cursor = cursors.read(query)
        plan = plan_text(query.text, query.language, self._analysis, self._lexicon)
        filters = self._filters(query)
        match: Match = "exact"
        if plan is None:
            page = self._everything(query, filters, cursor)
        elif cursor:
            match, page = cursor.match, self._try(query, plan, filters, cursor.match, cursor)
        else:
            first = replace(query, offset=0)
            match, page = settle(plan, lambda one: self._try(first, plan, filters, one, None), self._analysis)
            if query.offset:
                page = self._try(query, plan, filters, match, None)
        seen = cursors.offset(query, cursor) + len(page.matches)
        return Results(
            total=page.total,
            hits=make_hits(page.found, query, plan, self._analysis),
            facets=facets(self._searcher, self._queries, page.text, filters, query),
            backend="embedded",
            match=match,
            suggestions=meant(page.found) if match == "close" and not cursor else (),
            next=self._next(query, match, page.matches, seen) if seen < page.total else None,
        )

    def suggest(self, prefix: str, language: str, limit: int) -> list[Suggestion]:
        """Return listings whose name goes on from `prefix`, if need be but for a slip in it; best first."""
        completion = plan_completion(prefix, language, self._analysis)
        if completion is None:
            return []
        matches = self._first_of(self._queries.completing(completion), limit)
        if not matches:
            matches = self._first_of(self._queries.completing_closely(completion), limit)
        return [make_suggestion(one, language) for one in self._found(matches, language)]

    def digests(self) -> dict[str, str]:
        """Return the digest of every document, by id."""
        everything = self._all(all_of([]))
        found = self._searcher.fast_field_values("digest", [match.address for match in everything])
        return {match.id: f"{value or 0:016x}" for match, value in zip(everything, found, strict=True)}

    def _filters(self, query: Query) -> Filters:
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
        if query.price is not None:
            filters["price"] = having("price", str(query.price))
        if query.but is not None:
            filters["but"] = self._queries.other_than(query.but)
        if query.open_now:
            filters["open_now"] = self._queries.among(query.open_hours, "hours")
        if query.near and (radius := query.near.radius_m) is not None:
            filters["near"] = self._within(query, query.near, radius)
        return filters

    def _within(self, query: Query, near: Near, radius_m: float) -> EngineQuery:
        """Match what is in a circle; the distance is only computed of what lies near its edge."""
        inside, around = (self._queries.in_any(boxes) for boxes in cover(near.lat, near.lon, radius_m))
        edge = EngineQuery.boolean_query([(Occur.Must, around), (Occur.MustNot, inside)])
        distances = self._distances(query, self._all(edge))
        reached = self._queries.among(id for id, away in distances.items() if away <= radius_m)
        return EngineQuery.boolean_query([(Occur.Should, inside), (Occur.Should, reached)])

    def _everything(self, query: Query, filters: Filters, cursor: Cursor | None) -> _Page:
        text = all_of([])
        matching = all_of([text, *filters.values()])
        start = cursors.offset(query, cursor)
        if query.by == "distance":
            matches = self._nearest(query, matching, start, cursor)
        else:
            matches = self._by_id(matching, start, query.limit)
        return _Page(count(self._searcher, matching), self._found(matches, query.language), matches, text)

    def _try(self, query: Query, plan: Plan, filters: Filters, match: Match, cursor: Cursor | None) -> _Page:
        text = self._queries.text(plan, match)
        matching = all_of([text, *filters.values()])
        start = cursors.offset(query, cursor)
        if query.by == "distance":
            total = count(self._searcher, matching)
            matches = self._nearest(query, matching, start, cursor) if total else []
        else:
            ranked = all_of([self._queries.ranked(text, plan, query), *filters.values()])
            total, matches = self._best(ranked, start, query.limit, cursor)
        asked = plan.other if match == "close" else plan
        if asked:
            matches = self._with_groups(matches, asked, 1 if match == "partial" else None)
        return _Page(total, self._found(matches, query.language), matches, text)

    def _with_groups(self, matches: Sequence[_Match], plan: Plan, required: int | None) -> list[_Match]:
        """Find out which language each document matched in, the reader's own first."""
        groups: dict[str, str] = {}
        for group in plan.groups:
            missing = [match.id for match in matches if match.id not in groups]
            if not missing:
                break
            matching = all_of([self._queries.group(group, required), self._queries.among(missing)])
            groups |= {match.id: group.group for match in self._all(matching)}
        return [replace(match, group=groups.get(match.id)) for match in matches]

    def _found(self, matches: Sequence[_Match], wanted: str) -> list[Found]:
        """Return matches in the language they are shown in."""
        places = self._places(matches)
        found = []
        for match in matches:
            document = match.stored or self._searcher.doc(match.address)
            stored = {language: document.get_first(stored_text(language)) for language in self._analysis.languages}
            available = {language: texts for language, texts in stored.items() if texts is not None}
            language = choose_language(tuple(available), match.group, wanted, self._analysis)
            texts = json.loads(bytes(available[language])) if language else {}
            found.append(Found(match.id, match.score, language, texts, places.get(match.id), match.group))
        return found

    def _next(self, query: Query, match: Match, matches: Sequence[_Match], seen: int) -> str | None:
        if not matches:
            return None
        return Cursor("embedded", seen, match, matches[-1].value, matches[-1].id).written(query)

    def _all(self, matching: EngineQuery) -> list[_Match]:
        """Return every match in the order of ids."""
        return self._by_id(matching, 0, max(self._searcher.num_docs, 1))

    def _by_id(self, matching: EngineQuery, offset: int, limit: int) -> list[_Match]:
        found = self._searcher.search(matching, limit, offset=offset, count=False, order_by_field="id", order=Order.Asc)
        return [_Match(id, address) for id, address in found.hits]

    def _nearest(self, query: Query, matching: EngineQuery, offset: int, cursor: Cursor | None) -> list[_Match]:
        """Return a page by distance, equals and what has no location by id. It looks no further than it has to."""
        after = (cursor.value or 0.0, cursor.id) if cursor and cursor.engine == "embedded" else None
        start = 0 if after else offset
        for reach in REACHES_M:
            if after and after[0] >= reach:
                continue
            near = self._queries.within(around(query.near.lat, query.near.lon, reach)) if query.near else all_of([])
            found = self._after(after, self._placed(query, all_of([matching, near])))
            found = [match for match in found if match.score <= reach]
            if len(found) >= start + query.limit:
                break
        else:
            found = self._after(after, self._placed(query, matching))
        found.sort(key=_order)
        return found[start : start + query.limit]

    def _placed(self, query: Query, matching: EngineQuery) -> list[_Match]:
        """Return every match with its distance."""
        everything = self._all(matching)
        distances = self._distances(query, everything)
        return [replace(match, value=distances.get(match.id, math.inf)) for match in everything]

    def _after(self, after: tuple[float, str] | None, matches: list[_Match]) -> list[_Match]:
        return [match for match in matches if _order(match) > after] if after else matches

    def _first_of(self, tiers: Sequence[EngineQuery], limit: int) -> list[_Match]:
        """Return the first matches of queries, those of one before those of the next, each in the order of ids."""
        found: dict[str, _Match] = {}
        for tier in tiers:
            for match in self._by_id(tier, 0, limit + len(found)):
                found.setdefault(match.id, match)
            if len(found) >= limit:
                break
        return list(found.values())[:limit]

    def _best(self, matching: EngineQuery, offset: int, limit: int, cursor: Cursor | None) -> tuple[int, list[_Match]]:
        """Return how much matches, and a page of it by relevance, equals by id.

        It is all counted while it is ranked: to begin a query takes longer than to go through what matches. Only ids
        that the page depends on are looked up: what ties with its first and its last, and what is between.
        """
        answer = self._searcher.search(matching, offset + limit + TIES)
        total: int = answer.count  # type: ignore[attr-defined]  # not in its stubs
        scored = [(round(score, SCORE_DIGITS), address) for score, address in answer.hits]
        scored.sort(key=lambda hit: -hit[0])
        if cursor and cursor.engine == "embedded" and cursor.value is not None:
            return total, self._best_after(scored, cursor.value, cursor.id, limit)
        page = scored[offset : offset + limit]
        if not page:
            return total, []
        before = sum(score > page[0][0] for score, _ in scored)
        return total, self._between(scored, page[0][0], page[-1][0])[offset - before :][:limit]

    def _best_after(self, scored: Sequence[_Scored], value: float, id: str, limit: int) -> list[_Match]:
        """Return the page after a result, which some that tie with it may come before."""
        ties = sum(score == value for score, _ in scored)
        page = [hit for hit in scored if hit[0] <= value][: ties + limit]
        if not page:
            return []
        matches = self._between(scored, value, page[-1][0])
        return [match for match in matches if (-match.score, match.id) > (-value, id)][:limit]

    def _between(self, scored: Sequence[_Scored], highest: float, lowest: float) -> list[_Match]:
        """Return what has a score from one to another, equals in the order of their ids."""
        between = [(score, address) for score, address in scored if lowest <= score <= highest]
        found = []
        for score, address in between:
            stored = self._searcher.doc(address)
            found.append(_Match(str(stored.get_first("id")), address, score, stored=stored))
        return sorted(found, key=lambda match: (-match.score, match.id))

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


def _order(match: _Match) -> tuple[float, str]:
    return match.score, match.id
