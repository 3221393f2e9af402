"""Facets of the embedded index: each counted without its own filter, in as few passes as the filters allow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

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

    ignored = {field: field if field in filters and field != "tags" else None for field in FIELDS}
    together = defaultdict(list)
    for field, name in ignored.items():
        together[name].append(field)
    counts: dict[str, dict[str, int]] = {}
    for name, fields in together.items():
        asked = {field: {"terms": {"field": field, "size": FACET_VALUES}} for field in fields}
        answer = searcher.aggregate(without(name), asked)
        for field in fields:
            counts[field] = {bucket["key"]: bucket["doc_count"] for bucket in answer[field]["buckets"]}
    opened = queries.among(query.open_hours, "hours")
    return Facets(
        kind=counts["kind"],
        district=counts["district"],
        tags=counts["tags"],
        price={int(level): number for level, number in counts["price"].items()},
        open_now=count(searcher, all_of([without("open_now"), opened])) if query.open_hours else 0,
        bookable=count(searcher, all_of([without("bookable"), queries.having("bookable", True)])),
    )


FIELDS = ("kind", "district", "tags", "price")
