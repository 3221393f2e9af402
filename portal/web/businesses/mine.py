"""The listings that are somebody's own, through a business."""

from __future__ import annotations

from collections.abc import Iterable

from flask import abort

from portal.catalog.model import Card
from portal.catalog.selection import Selection
from portal.web.businesses.guard import me
from portal.web.context import language, services


def cards() -> dict[str, Card]:
    """Return the cards of one's own listings, by id."""
    return _cards(me().listings)


def names(listings: Iterable[str | None]) -> dict[str, str]:
    """Return what listings are called in the reader's language, or the next best; of those that are published."""
    return {id_: card.name for id_, card in _cards(filter(None, listings)).items()}


def _cards(listings: Iterable[str]) -> dict[str, Card]:
    ids = tuple(sorted(set(listings)))
    found = services().catalog.cards(Selection(ids=ids), language(), limit=len(ids)) if ids else []
    return {card.id: card for card in found}


def guests_of() -> frozenset[str]:
    """Return the listings whose guests one may see: owners and staff only, whatever else somebody is."""
    own = frozenset(me().listings)
    if not own:
        abort(404)
    return own
