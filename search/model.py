"""What goes into the search and what comes out: plain frozen values, the same for every engine."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

BackendName = Literal["elasticsearch", "embedded"]
Order = Literal["relevance", "distance"]
Match = Literal["exact", "close", "partial"]
"""How results fit a text: as typed, in other spellings, or in some of its words."""

MAX_LIMIT = 100
# Elasticsearch refuses to look further than 10,000 results by offset; nobody reads that far.
MAX_WINDOW = 10_000
MAX_RADIUS_M = 500_000.0


class BadQuery(ValueError):
    """A query that cannot be asked.

    :param field: the parameter that is wrong, such as `offset`.
    :param message: what is expected of it.
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


@dataclass(frozen=True, slots=True)
class Text:
    """What one listing says in one language; all plain text, no markup."""

    name: str
    other_names: tuple[str, ...] = ()
    summary: str = ""
    body: str = ""
    tags: tuple[str, ...] = ()
    district: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One listing as the search knows it.

    :param id: unique over all kinds, such as `attractions/tianjin-eye`.
    :param location: latitude and longitude in WGS-84 degrees.
    :param texts: by language tag; a language without text is left out.
    :param place: one goes there; what only tells of places comes after them.
    :param hours: opening hours, in any notation; alike for places that open alike.
    :param price: level 1 to 4.
    """

    id: str
    kind: str
    slug: str
    texts: Mapping[str, Text]
    district: str | None = None
    tags: tuple[str, ...] = ()
    bookable: bool = False
    location: tuple[float, float] | None = None
    place: bool = True
    hours: str | None = None
    price: int | None = None


@dataclass(frozen=True, slots=True)
class Near:
    """A place to search around.

    :param lat: WGS-84 degrees.
    :param lon: WGS-84 degrees.
    :param radius_m: drop what is further away than so many metres; None keeps all.
    :param asked: the text asks for what is near, so that distance counts as much as words.
    :raises BadQuery: for a point that is not on Earth, or a radius out of bounds.
    """

    lat: float
    lon: float
    radius_m: float | None = None
    asked: bool = False

    def __post_init__(self) -> None:
        if not (math.isfinite(self.lat) and abs(self.lat) <= 90):
            raise BadQuery("near", "the latitude must be from -90 to 90")
        if not (math.isfinite(self.lon) and abs(self.lon) <= 180):
            raise BadQuery("near", "the longitude must be from -180 to 180")
        if self.radius_m is not None and not 0 < self.radius_m <= MAX_RADIUS_M:
            raise BadQuery("radius", f"must be more than 0 and at most {MAX_RADIUS_M:.0f} metres")


@dataclass(frozen=True, slots=True)
class Query:
    """What a reader asks for.

    Empty text asks for everything that passes the filters: by distance when `near` is given, else by id. With a text,
    results come by relevance.

    :param text: any string; nothing in it is query syntax.
    :param language: the reader's language tag; its texts count for more.
    :param tags: all of them must be there.
    :param near: with a text, what is nearer counts more.
    :param but: the id of a document to leave out.
    :param open_hours: of the hours that documents have, those that hold now.
    :param open_now: only what has one of those.
    :param order: `distance` sorts by it whatever the text; it needs `near`.
    :param after: where a page before ended, as its `Results.next` says; `offset` then has no meaning.
    :raises BadQuery: naming the field that is out of bounds.
    """

    text: str
    language: str
    kind: str | None = None
    district: str | None = None
    tags: tuple[str, ...] = ()
    near: Near | None = None
    but: str | None = None
    bookable: bool | None = None
    price: int | None = None
    open_hours: tuple[str, ...] = ()
    open_now: bool = False
    order: Order = "relevance"
    limit: int = 20
    offset: int = 0
    after: str | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.limit <= MAX_LIMIT:
            raise BadQuery("limit", f"must be from 1 to {MAX_LIMIT}")
        if not 0 <= self.offset <= MAX_WINDOW - self.limit:
            raise BadQuery("offset", f"must be from 0 to {MAX_WINDOW - self.limit}")
        if self.order == "distance" and self.near is None:
            raise BadQuery("near", "a place is needed to sort by distance")

    @property
    def by(self) -> Literal["relevance", "distance", "id"]:
        """What results are sorted by: without a text there is no relevance."""
        if self.order == "distance" or (not self.text.strip() and self.near):
            return "distance"
        return "relevance" if self.text.strip() else "id"


class Segment(NamedTuple):
    """A piece of a highlighted text; `marked` when it is what was searched for."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """One result.

    :param language: the language tag of the text that matched.
    :param highlight: an extract of that text, in order; None when the listing has no text to show.
    :param distance_m: metres from `Query.near`, None without it or for a listing without a location.
    """

    id: str
    score: float
    language: str
    highlight: tuple[Segment, ...] | None = None
    distance_m: float | None = None


@dataclass(frozen=True, slots=True)
class Facets:
    """How many results each value would give.

    All but `tags` are counted as if their own filter were off, so a reader sees what else there is; `tags` narrow
    further, so they are counted within the results. `price` is by level.
    """

    kind: Mapping[str, int] = field(default_factory=dict)
    district: Mapping[str, int] = field(default_factory=dict)
    tags: Mapping[str, int] = field(default_factory=dict)
    price: Mapping[int, int] = field(default_factory=dict)
    open_now: int = 0
    bookable: int = 0


@dataclass(frozen=True, slots=True)
class Results:
    """One page of results.

    :param total: all results, over every page.
    :param match: how the results fit the text; other than `exact`, nothing was found for all of it as typed.
    :param suggestions: names that may have been meant; given when the words as typed found nothing and close spellings
        were shown instead.
    :param next: what `Query.after` takes for the next page; None on the last.
    :param degraded: the engine that should have answered could not, and another one did.
    """

    total: int
    hits: tuple[Hit, ...]
    facets: Facets
    backend: BackendName
    match: Match = "exact"
    suggestions: tuple[str, ...] = ()
    next: str | None = None
    degraded: bool = False


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A listing whose name completes what is being typed; `name` is in `language`."""

    id: str
    name: str
    language: str


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """What an engine serves.

    :param index: the name of the index (or generation) that serves.
    :param built_at: when it was built, ISO 8601 in UTC.
    :param fingerprint: of the analysis and mapping that it was built with.
    :param stale: this code would build it differently, so a rebuild is due.
    """

    backend: BackendName
    documents: int
    index: str
    built_at: str
    fingerprint: str
    stale: bool
