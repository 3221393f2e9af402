"""A query as the body of an Elasticsearch search; pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from search import cursor as cursors
from search.cursor import Cursor
from search.elasticsearch.queries import Body, all_of, ranked
from search.model import Facets, Query
from search.plan import Plan

FACET_VALUES = 1_000
FACETS = ("kind", "district", "tags", "price")


def search_body(
    query: Query, text: Body | None, plan: Plan | None, source: Iterable[str], cursor: Cursor | None = None
) -> Body:
    """Return the search for one page.

    Filters that facets are counted for come after these are counted, each of which leaves its own filter out.

    :param text: what the text has to match; None for everything.
    :param source: parts of the documents to return.
    :param cursor: where the page before ended.
    """
    must = {"match_all": {}} if text is None or plan is None else text
    if plan is not None and text is not None and query.by == "relevance":
        must = ranked(text, plan, query)
    own = _own_filters(query)
    body = {
        "query": {"bool": {"must": [must], "filter": _filters(query)}},
        "post_filter": all_of(own.values()),
        "aggs": _aggregations(query, own),
        "sort": _order(query),
        "size": query.limit,
        "_source": list(source),
        "track_total_hits": True,
    }
    if query.by == "distance":
        body["track_scores"] = True
    if cursor and cursor.engine == "elasticsearch":
        value = "Infinity" if cursor.value == math.inf else cursor.value
        return body | {"search_after": [cursor.id] if value is None else [value, cursor.id]}
    return body | {"from": cursors.offset(query, cursor)}


def suggest_body(names: Body, limit: int, source: Iterable[str]) -> Body:
    """Return the search for names that complete what was typed."""
    order = [{"_score": "desc"}, {"id": "asc"}]
    return {"query": names, "sort": order, "size": limit, "_source": list(source), "track_total_hits": False}


def facets(aggregations: Mapping[str, Any]) -> Facets:
    """Return the facets that an answer has."""

    def counts(field: str) -> dict[str, int]:
        counted = aggregations[field].get("values", aggregations[field])
        return {bucket["key"]: bucket["doc_count"] for bucket in counted["buckets"]}

    return Facets(
        kind=counts("kind"),
        district=counts("district"),
        tags=counts("tags"),
        price={int(level): number for level, number in counts("price").items()},
        open_now=aggregations["open_now"]["doc_count"],
        bookable=aggregations["bookable"]["doc_count"],
    )


def _own_filters(query: Query) -> dict[str, Body]:
    own: dict[str, Body] = {
        field: {"term": {field: value}} for field in ("kind", "district", "bookable")
        if (value := getattr(query, field)) is not None
    }  # fmt: skip
    if query.price is not None:
        own["price"] = {"term": {"price": str(query.price)}}
    if query.open_now:
        own["open_now"] = _open(query)
    return own


def _open(query: Query) -> Body:
    return {"terms": {"hours": list(query.open_hours)}}


def _aggregations(query: Query, own: Mapping[str, Body]) -> Body:
    def without(field: str) -> list[Body]:
        return [clause for name, clause in own.items() if name != field]

    def counted(field: str) -> Body:
        values = {"terms": {"field": field, "size": FACET_VALUES}}
        # A filter that lets everything pass would have the server run the whole query again for it.
        return {"filter": all_of(clauses), "aggs": {"values": values}} if (clauses := without(field)) else values

    values = {field: counted(field) for field in FACETS}
    return values | {
        "open_now": {"filter": all_of([*without("open_now"), _open(query)])},
        "bookable": {"filter": all_of([*without("bookable"), {"term": {"bookable": True}}])},
    }


def _filters(query: Query) -> list[Body]:
    filters: list[Body] = [{"term": {"tags": tag}} for tag in query.tags]
    if query.but is not None:
        filters.append({"bool": {"must_not": {"term": {"id": query.but}}}})
    if query.near and query.near.radius_m is not None:
        place = {"lat": query.near.lat, "lon": query.near.lon}
        filters.append({"geo_distance": {"distance": f"{query.near.radius_m:.3f}m", "location": place}})
    return filters


def _order(query: Query) -> list[Body]:
    by_id: Body = {"id": "asc"}
    if query.by == "relevance":
        return [{"_score": "desc"}, by_id]
    if query.near is None or query.by == "id":
        return [by_id]
    place = {"lat": query.near.lat, "lon": query.near.lon}
    return [{"_geo_distance": {"location": place, "order": "asc", "unit": "m"}}, by_id]
