"""Cards as lists show them: what they are read from, and what rows of it are."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

from portal.catalog.facts import Image
from portal.catalog.model import Card, Cover
from portal.catalog.schema import Location
from search.geo import distance_m

QUERY = """
SELECT l.id, l.kind, l.slug, l.district, l.bookable, l.price, l.hours,
    (SELECT value FROM files WHERE path = l.id || '/listing.yaml') -> '$.location' AS location,
    t.language, t.name, t.summary, o.name AS local_name,
    c.kind AS cover_kind, c.slug AS cover_slug, c.media_version,
    (SELECT value FROM files WHERE path = l.cover || '/listing.yaml') -> '$.images[0]' AS image
FROM shown s
JOIN listings l ON l.id = s.listing
JOIN texts t ON t.listing = s.listing AND t.language = s.text_language
LEFT JOIN texts o ON o.listing = s.listing AND o.language = ?
LEFT JOIN listings c ON c.id = l.cover
WHERE s.listing IN (SELECT value FROM json_each(?)) AND s.language = ?
"""
"""Takes the language of local names, a JSON list of ids, and the reader's language."""


def card(row: sqlite3.Row) -> Card:
    """Return the card that a row of `QUERY` is."""
    location = Location.model_validate_json(row["location"]) if row["location"] else None
    return Card(
        id=row["id"],
        kind=row["kind"],
        slug=row["slug"],
        district=row["district"],
        bookable=bool(row["bookable"]),
        name=row["name"],
        summary=row["summary"],
        language=row["language"],
        local_name=row["local_name"],
        cover=_cover(row),
        location=location,
        hours=row["hours"],
        price=row["price"],
    )


def away(card: Card, point: tuple[float, float]) -> Card:
    """Return a card with its distance from a point (degrees), where it has a place."""
    place = card.location
    return replace(card, distance_m=distance_m(point, (place.lat, place.lon))) if place else card


def _cover(row: sqlite3.Row) -> Cover | None:
    if row["image"] is None:
        return None
    image = Image.model_validate_json(row["image"])
    return Cover(row["cover_kind"], row["cover_slug"], image, row["media_version"])
