"""What a search's address asks for: the same parameters for the page and the API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.catalog.facts import KINDS
from portal.catalog.model import Card
from portal.catalog.selection import Selection
from portal.languages.model import Language
from portal.web import parameters
from portal.web.context import local_now, services
from portal.web.parameters import Arguments
from portal.web.wording import PRICES
from search.model import Hit, Near, Query, Results

FURTHEST_M = 500_000
NEAREST = "nearest"
NOW = "now"


@dataclass(frozen=True)
class Search:
    """A query, and the parameters that ask for it again, for links; those at their usual value are left out."""

    query: Query
    values: Mapping[str, Any]

    @property
    def narrowed(self) -> bool:
        """Whether more than words is asked for."""
        return bool(self.values.keys() - {"q", "view"})


def wanted(args: Arguments, reader: Language, *, limit: int, offset: int = 0) -> Search:
    """Return what the parameters of a search ask for.

    :raises BadParameter: naming the one that cannot be used.
    """
    catalog = services().catalog
    point = parameters.coordinates(args)
    radius = parameters.number(args, "radius", 0, least=1, most=FURTHEST_M)
    price = parameters.one_of(args, "price", [str(level) for level in PRICES])
    sort = parameters.one_of(args, "sort", [NEAREST])
    tags = parameters.several_of(args, "tag", catalog.tags())
    query = Query(
        text=parameters.query(args),
        language=reader.tag,
        kind=parameters.one_of(args, "kind", KINDS),
        district=parameters.one_of(args, "district", catalog.districts()),
        tags=tags,
        near=Near(*point, radius or None) if point else None,
        bookable=True if parameters.one_of(args, "bookable", ["1"]) else None,
        price=int(price) if price else None,
        open_hours=catalog.open_hours(local_now()),
        open_now=parameters.one_of(args, "open", [NOW]) is not None,
        order="distance" if sort and point else "relevance",
        limit=limit,
        offset=offset,
        after=args.get("cursor") or None,
    )
    values = {
        "q": query.text,
        "kind": query.kind,
        "district": query.district,
        "tag": list(tags),
        "price": price,
        "open": NOW if query.open_now else "",
        "bookable": "1" if query.bookable else "",
        "near": args.get("near", "") if point else "",
        "radius": radius or "",
        "sort": sort if point else "",
    }
    return Search(query, {name: value for name, value in values.items() if value})


@dataclass(frozen=True)
class Answer:
    """What a search found; `near` is the card of the place that its words say near to, None without one."""

    results: Results
    found: list[tuple[Card, Hit]]
    near: Card | None


def answer(query: Query, reader: Language) -> Answer:
    """Return what a search finds, around the place that its words say near to."""
    understood = services().near_places.understood(query)
    results = services().search.search(understood.query)
    ids = (understood.place,) if understood.place else ()
    near = services().catalog.cards(Selection(ids=ids), reader, limit=1) if ids else []
    return Answer(results, cards(results, reader), near[0] if near else None)


def cards(results: Results, reader: Language) -> list[tuple[Card, Hit]]:
    """Return the cards of hits that the catalog still has, each with its hit, best first."""
    ids = tuple(hit.id for hit in results.hits)
    found = services().catalog.cards(Selection(ids=ids), reader, limit=len(ids)) if ids else []
    hits = {hit.id: hit for hit in results.hits}
    return [(card, hits[card.id]) for card in found]
