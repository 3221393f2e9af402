"""What the catalog gives to pages: values only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.catalog.schema import Facts, Image, Text
from portal.languages.model import Language


class CatalogUnavailable(Exception):
    """The catalog has not been compiled yet."""


@dataclass(frozen=True)
class Card:
    """A listing as lists show it. `language` is the one its words are in, which may be a fallback."""

    id: str
    kind: str
    slug: str
    district: str
    bookable: bool
    name: str
    summary: str
    language: str
    local_name: str | None
    image: Image | None
    alt: str
    media_version: str
    location: tuple[float, float] | None


@dataclass(frozen=True)
class Listing:
    """A listing as its own page shows it: `text` in `language`, `local` in the city's own."""

    id: str
    kind: str
    slug: str
    facts: Facts
    text: Text
    language: str
    converted: bool
    local: Text
    local_language: str
    translations: tuple[str, ...]
    modified: str
    media_version: str


@dataclass(frozen=True)
class Selection:
    """Which listings a list shows; None or empty selects all."""

    kind: str | None = None
    district: str | None = None
    tag: str | None = None
    ids: tuple[str, ...] = ()


def name_in(names: Mapping[str, str], languages: Sequence[Language]) -> str:
    """Return the first of `names` (by tag) that one of the languages has, else any."""
    return next((names[step.tag] for step in languages if step.tag in names), next(iter(names.values())))
