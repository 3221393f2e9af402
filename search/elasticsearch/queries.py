"""A query as the body of an Elasticsearch search; pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from search import weights
from search.documents import field_name
from search.model import Query
from search.plan import LONG_PINYIN_MIN, PINYIN_MIN, Completion, Plan, Term

Body = dict[str, Any]

NOTHING: Body = {"match_none": {}}
FACET_VALUES = 1_000


def search_body(query: Query, text: Body | None, source: Iterable[str]) -> Body:
    """Return the search for one page.

    Kind and district are filtered after the facets are counted, each of which leaves its own filter out.

    :param text: what the text has to match; None for everything.
    :param source: parts of the documents to return.
    """
    own = {field: {"term": {field: value}} for field in ("kind", "district") if (value := getattr(query, field))}
    return {
        "query": {"bool": {"must": [text or {"match_all": {}}], "filter": _filters(query)}},
        "post_filter": _all_of(own.values()),
        "aggs": {
            "kind": _facet("kind", (clause for field, clause in own.items() if field != "kind")),
            "district": _facet("district", (clause for field, clause in own.items() if field != "district")),
            "tags": _facet("tags", own.values()),
        },
        "sort": _order(query, text),
        "from": query.offset,
        "size": query.limit,
        "_source": list(source),
        "track_total_hits": True,
    }


def suggest_body(completion: Completion, limit: int, source: Iterable[str]) -> Body:
    """Return the search for names that go on from what was typed."""
    typed, group = completion.typed, completion.group
    options = [
        _prefix("completions", f"{group}^{typed}", weights.COMPLETION_START),
        _prefix("completions", f"{group}:{typed}", weights.COMPLETION_OWN),
        _prefix("completions", typed, weights.COMPLETION_ANY),
    ]
    if completion.letters:
        options.append(_prefix("pinyin", completion.letters, weights.COMPLETION_PINYIN))
    order = [{"_score": "desc"}, {"id": "asc"}]
    return {"query": _any_of(options), "sort": order, "size": limit, "_source": list(source), "track_total_hits": False}


def matching(plan: Plan) -> Body:
    """Match what was typed, in any one language, as an exact name or in pinyin.

    The language groups that matched are named in each hit's `matched_queries`.
    """
    options = [_group(plan, group, weight) for group, weight in plan.groups if plan.terms]
    if len(plan.letters) >= PINYIN_MIN:
        options.append(_prefix("pinyin", plan.letters, weights.PINYIN))
        options.append(_term("pinyin", plan.letters, plan.whole_pinyin_weight))
    if not options:
        return NOTHING
    return {"bool": {"must": [_any_of(options)], "should": [_term("names", plan.name, weights.EXACT_NAME)]}}


def close(plan: Plan) -> Body:
    """Match words of names that are spelt nearly so, in any language, and pinyin likewise."""
    options: list[Body] = []
    if plan.close:
        words = [_close_word(term.text, term.distance) for term in plan.close]
        options.append({"bool": {"should": words, "minimum_should_match": plan.required}})
    if len(plan.letters) >= LONG_PINYIN_MIN:
        options.append(_constant(_fuzzy("pinyin", plan.letters, 1), weights.PINYIN))
    return _any_of(options) if options else NOTHING


def _group(plan: Plan, group: str, weight: float) -> Body:
    terms = [_anywhere(term, group) for term in plan.terms]
    return {"bool": {"should": terms, "minimum_should_match": plan.required, "boost": weight, "_name": group}}


def _anywhere(term: Term, group: str) -> Body:
    def find(field: str, weight: float) -> Body:
        if term.prefix:
            return _prefix(field, term.text, weight)
        return {"match": {field: {"query": term.text, "boost": weight}}}

    return _any_of([find(field_name(kind, group), weight) for kind, weight in weights.FIELDS.items()])


def _close_word(word: str, distance: int) -> Body:
    options = [
        _constant(_fuzzy(field, word, wrong), weight * weights.CLOSE_SPELLING[wrong])
        for field, weight in weights.CLOSE_FIELDS.items()
        for wrong in range(distance + 1)
    ]
    return _any_of(options)


def _filters(query: Query) -> list[Body]:
    filters: list[Body] = [{"term": {"tags": tag}} for tag in query.tags]
    if query.bookable is not None:
        filters.append({"term": {"bookable": query.bookable}})
    if query.near and query.near.radius_m is not None:
        place = {"lat": query.near.lat, "lon": query.near.lon}
        filters.append({"geo_distance": {"distance": f"{query.near.radius_m:.3f}m", "location": place}})
    return filters


def _order(query: Query, text: Body | None) -> list[Body]:
    by_id: Body = {"id": "asc"}
    if text is not None:
        return [{"_score": "desc"}, by_id]
    if query.near is None:
        return [by_id]
    place = {"lat": query.near.lat, "lon": query.near.lon}
    return [{"_geo_distance": {"location": place, "order": "asc", "unit": "m"}}, by_id]


def _facet(field: str, filters: Iterable[Body]) -> Body:
    return {"filter": _all_of(filters), "aggs": {"values": {"terms": {"field": field, "size": FACET_VALUES}}}}


def _all_of(clauses: Iterable[Body]) -> Body:
    return {"bool": {"filter": list(clauses)}}


def _any_of(options: list[Body]) -> Body:
    return {"dis_max": {"queries": options}}


def _constant(query: Body, score: float) -> Body:
    return {"constant_score": {"filter": query, "boost": score}}


def _term(field: str, value: str, score: float) -> Body:
    return _constant({"term": {field: value}}, score)


def _prefix(field: str, text: str, score: float) -> Body:
    return {"prefix": {field: {"value": text, "boost": score}}}


def _fuzzy(field: str, text: str, distance: int) -> Body:
    # Any number of spellings: the rewrite does without the usual limit of 50, which would depend on the shard.
    return {"fuzzy": {field: {"value": text, "fuzziness": distance, "rewrite": "constant_score"}}}
