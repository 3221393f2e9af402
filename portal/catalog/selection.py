"""Which listings a list shows, in which order, as SQL over the compiled catalog; pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import cos, radians

from portal.catalog.facts import PLACES

Value = str | int | float
Clause = tuple[str, list[Value]]
"""SQL and its values."""


class Order(StrEnum):
    """How a list is sorted: as its editors have it, by name, by distance, or the cheapest first."""

    RECOMMENDED = "recommended"
    NAME = "name"
    NEAREST = "nearest"
    PRICE = "price"


@dataclass(frozen=True)
class Selection:
    """Which listings a list shows; None, False or empty selects all.

    :ivar place: the id of a place they lead to.
    :ivar price: level 1 to 4.
    :ivar open_at: local time at which they are open.
    :ivar accessibility: all of these.
    :ivar mapped: only places whose location is known.
    :ivar near: a point they have a distance from, WGS-84 latitude and longitude.
    """

    kind: str | None = None
    district: str | None = None
    tag: str | None = None
    place: str | None = None
    ids: tuple[str, ...] = ()
    price: int | None = None
    open_at: datetime | None = None
    accessibility: tuple[str, ...] = ()
    speaks: str | None = None
    bookable: bool = False
    near: tuple[float, float] | None = None
    mapped: bool = False
    order: Order = Order.RECOMMENDED

    @property
    def narrows(self) -> bool:
        """Whether it asks for more than a kind's whole list in its usual order."""
        return self != Selection(kind=self.kind)


FACETS = ("tag", "accessibility", "speaks")
"""Facets of which a listing may have several values, kept in `listing_facets`; their names are those of a selection."""
SINGLE = ("kind", "district", "price")
"""Facets of which a listing has one value at most, columns of `listings`."""

HAVING = "SELECT id FROM listing_facets WHERE facet = ? AND value = ?"


def where(selection: Selection, open_hours: Collection[str] = ()) -> Clause:
    """Return the condition of a selection over `listings l`.

    :param open_hours: opening hours that hold at `open_at`.
    """
    conditions = list(_conditions(selection, open_hours))
    text = " AND ".join(condition for condition, _ in conditions)
    return text or "TRUE", [value for _, values in conditions for value in values]


def _conditions(selection: Selection, open_hours: Collection[str]) -> Iterator[Clause]:
    for name in SINGLE:
        if (value := getattr(selection, name)) is not None:
            yield f"l.{name} = ?", [value]
    # said of the values as well: those of one district are a sixteenth of them
    within = {name: value for name in ("kind", "district") if (value := getattr(selection, name)) is not None}
    also = "".join(f" AND {name} = ?" for name in within)
    for name, values in (
        ("tag", [selection.tag] if selection.tag else []),
        ("accessibility", selection.accessibility),
        ("speaks", [selection.speaks] if selection.speaks else []),
    ):
        for value in values:
            yield f"l.id IN ({HAVING}{also})", [name, value, *within.values()]
    if selection.place:
        yield "l.id IN (SELECT listing FROM listing_places WHERE place = ?)", [selection.place]
    if selection.bookable:
        yield "l.bookable", []
    if selection.mapped:
        yield f"l.lat IS NOT NULL AND l.kind IN ({_marks(PLACES)})", [*PLACES]
    if selection.ids:
        yield f"l.id IN ({_marks(selection.ids)})", [*selection.ids]
    if selection.open_at is not None:
        yield f"l.hours IN ({_marks(open_hours)})", [*open_hours]


def order_by(selection: Selection) -> Clause:
    """Return the ORDER BY of a selection over `listings l` as they are shown, `s`."""
    usual = "s.place, s.sort_key, s.listing"
    match selection.order:
        case Order.NAME:
            return "s.sort_key, s.listing", []
        case Order.PRICE:
            return f"l.price IS NULL, l.price, {usual}", []
        case Order.NEAREST if selection.near:
            lat, lon = selection.near
            # flat enough for a city; a degree of longitude is shorter away from the equator
            narrow = cos(radians(lat)) ** 2
            squared = "(l.lat - ?) * (l.lat - ?) + (l.lon - ?) * (l.lon - ?) * ?"
            return f"l.lat IS NULL, {squared}, l.id", [lat, lat, lon, lon, narrow]
    return usual, []


def _marks(values: Collection[object]) -> str:
    return ", ".join("?" * len(values))
