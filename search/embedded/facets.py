"""Facets of the embedded index: each counted without its own filter, in as few passes as the filters allow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from tantivy import Query as EngineQuery
from tantivy import Searcher

from search.embedded.queries import Queries, all_of
from search.model import Facets, Query

FACET_VALUES = 1_000
Filters = Mapping[str, EngineQuery]
"""A query for each filter that is on, by its name."""


def count(searcher: Searcher, matching: EngineQuery) -> int:
    """Return how many documents match."""
    found: int = searcher.search(matching, 1).count  # type: ignore[attr-defined]  # not in its stubs
    return found


def facets(searcher: Searcher, queries: Queries, text: EngineQuery, filters: Filters, query: Query) -> Facets:
    """Return the facets of what matches a text."""

    def without(name: str | None) -> EngineQuery:
        return all_of([text, *(filter for other, filter in filters.items() if other != name)])

    together = defaultdict(list)
    for field, name in OWN_FILTER.items():
        together[name if name in filters else None].append(field)
    counts: dict[str, dict[Any, int]] = {}
    for name, fields in together.items():
        asked = {field: {"terms": {"field": field, "size": FACET_VALUES}} for field in fields}
        answer = searcher.aggregate(without(name), asked)
        for field in fields:
            counts[field] = {bucket["key"]: bucket["doc_count"] for bucket in answer[field]["buckets"]}
            if field == "hours" and answer[field].get("sum_other_doc_count"):  # more notations than are told apart
                opened = queries.among(query.open_hours, "hours")
                counts[field] = {query.open_hours[0]: count(searcher, all_of([without(name), opened]))}
    return Facets(
        kind=counts["kind"],
        district=counts["district"],
        tags=counts["tags"],
        price={int(level): number for level, number in counts["price"].items()},
        open_now=sum(counts["hours"].get(notation, 0) for notation in set(query.open_hours)),
        bookable=counts["bookable"].get(1, 0),
    )


OWN_FILTER = {
    "kind": "kind",
    "district": "district",
    "tags": None,  # further ones narrow it more
    "price": "price",
    "hours": "open_now",
    "bookable": "bookable",
}
"""The fields that are counted, and for each the filter that is left out."""
