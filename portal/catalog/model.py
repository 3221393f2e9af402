"""What the catalog gives to pages: values only."""

from __future__ import annotations

from dataclasses import dataclass, field

from portal.catalog.facts import Facts, Image
from portal.catalog.schema import Location, Text


class CatalogUnavailable(Exception):
    """The catalog has not been compiled yet."""


@dataclass(frozen=True)
class Cover:
    """The picture on a card, and the listing it belongs to."""

    kind: str
    slug: str
    image: Image
    media_version: str


@dataclass(frozen=True)
class Card:
    """A listing as lists show it. `language` is the one its words are in, which may be a fallback.

    `hours` are opening hours in OpenStreetMap syntax, `price` a level from 1 to 4.
    """

    id: str
    kind: str
    slug: str
    district: str | None
    bookable: bool
    name: str
    summary: str
    language: str
    local_name: str | None
    cover: Cover | None
    location: Location | None
    hours: str | None
    price: int | None
    distance_m: float | None = field(default=None, compare=False)

    def __hash__(self) -> int:
        """Return a hash at little cost: what pages are put together from is remembered by card."""
        return hash((self.id, self.language))


@dataclass(frozen=True)
class Listing:
    """A listing as its own page shows it: `text` in `language`, `local` in the city's own.

    :ivar pinyin: the local name as it is spoken, with tone marks; empty where that language has no pinyin.
    :ivar unpublished: the pictures that only a preview has.
    """

    id: str
    kind: str
    slug: str
    facts: Facts
    text: Text
    language: str
    converted: bool
    local: Text
    local_language: str
    pinyin: str
    translations: tuple[str, ...]
    modified: str
    media_version: str
    unpublished: frozenset[str] = frozenset()
