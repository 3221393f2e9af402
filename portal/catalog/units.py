"""The values of a unit's files into the rows that pages read."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import PurePosixPath

from portal.catalog.facts import FACTS, KINDS, Facts, PlaceFacts
from portal.catalog.problems import Problem
from portal.catalog.schema import Site, Text
from portal.languages.scripts import CONVERTIBLE, sort_key, traditional


def assemble(db: sqlite3.Connection, unit: str, site: Site) -> None:
    """Make the rows of one unit anew from its files' last good values; without any the rows go."""
    rows = db.execute("SELECT path, mtime_ns, hash, value FROM files WHERE unit = ? ORDER BY path", (unit,)).fetchall()
    values = {PurePosixPath(row["path"]).name: row for row in rows if row["value"] is not None}
    kind, _, slug = unit.partition("/")
    if kind in KINDS:
        _clear_listing(db, unit)
        _listing(db, kind, slug, values, site)
    elif values:
        (row,) = values.values()
        db.execute("INSERT OR REPLACE INTO documents (name, value) VALUES (?, ?)", (unit, row["value"]))
    else:
        db.execute("DELETE FROM documents WHERE name = ?", (unit,))


def _clear_listing(db: sqlite3.Connection, unit: str) -> None:
    db.execute("DELETE FROM listings WHERE id = ?", (unit,))
    db.execute("DELETE FROM texts WHERE listing = ?", (unit,))
    db.execute("DELETE FROM listing_facets WHERE listing = ?", (unit,))
    db.execute("DELETE FROM listing_places WHERE listing = ?", (unit,))
    db.execute("DELETE FROM problems WHERE unit = ? AND path = unit", (unit,))


def _listing(db: sqlite3.Connection, kind: str, slug: str, values: Mapping[str, sqlite3.Row], site: Site) -> None:
    unit = f"{kind}/{slug}"
    if not values:
        return
    texts = {name.removesuffix(".md"): row for name, row in values.items() if name.endswith(".md")}
    texts = {tag: row for tag, row in texts.items() if tag in {language.tag for language in site.languages}}
    facts = values.get("listing.yaml")
    own = {tag: Text.model_validate_json(row["value"]) for tag, row in texts.items()}
    for problem in _shortcomings(unit, facts, own, site):
        db.execute(
            "INSERT INTO problems (path, unit, line, field, message) VALUES (?, ?, ?, ?, ?)",
            (problem.path, unit, problem.line, problem.field, problem.message),
        )
    if facts is None or not own:
        return
    parsed = FACTS[kind].model_validate_json(facts["value"])
    db.execute(
        "INSERT INTO listings (id, kind, slug, district, position, cover, bookable, price, hours, lat, lon,"
        " modified, media_version, facts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(unit, kind, slug, parsed.district, parsed.position, _cover(unit, parsed), bool(parsed.booking)),
            *(*_price_and_hours(parsed), *_point(parsed), _modified(values), _media(values), facts["value"]),
        ),
    )
    db.executemany(
        "INSERT OR IGNORE INTO listing_places (place, listing) VALUES (?, ?)",
        [(place, unit) for place in parsed.leads_to],
    )
    db.executemany(
        "INSERT OR IGNORE INTO listing_facets (facet, value, listing) VALUES (?, ?, ?)",
        [(facet, value, unit) for facet, value in _facets(parsed)],
    )
    for tag, text in own.items():
        _insert_text(db, unit, tag, text, converted=False)
    for target, source in CONVERTIBLE.items():
        if source in own and target not in own and target in {language.tag for language in site.languages}:
            _insert_text(db, unit, target, converted(own[source]), converted=True)


def _shortcomings(unit: str, facts: sqlite3.Row | None, texts: Mapping[str, Text], site: Site) -> Iterator[Problem]:
    """Yield what a unit lacks as a whole. Their path is the unit's, so that they are told from those of files."""
    if facts is None:
        yield Problem(unit, 1, "", "there is no good listing.yaml")
    if not texts:
        yield Problem(unit, 1, "", f"there is no good language file, such as {site.source_language}.md")
    if facts is None:
        return
    for image in FACTS[unit.partition("/")[0]].model_validate_json(facts["value"]).images:
        for tag, text in texts.items():
            if image.file not in text.alt:
                yield Problem(unit, 1, f"alt.{image.file}", f"{tag}.md does not say what the picture shows")


def _cover(unit: str, facts: Facts) -> str | None:
    """Return the id of the listing whose picture this one's card shows: its own, or that of where it leads first."""
    return unit if facts.images else next(iter(facts.leads_to), None)


def _price_and_hours(facts: Facts) -> tuple[int | None, str | None]:
    if not isinstance(facts, PlaceFacts):
        return None, None
    return facts.price.level if facts.price else None, facts.opening_hours


def _point(facts: Facts) -> tuple[float, float] | tuple[None, None]:
    return (facts.location.lat, facts.location.lon) if facts.location else (None, None)


def _facets(facts: Facts) -> Iterator[tuple[str, str]]:
    """Yield what the listing is found by, under the names of a selection."""
    yield from (("tag", tag) for tag in facts.tags)
    if isinstance(facts, PlaceFacts):
        yield from (("accessibility", aid) for aid in facts.accessibility)
        yield from (("speaks", tag) for tag in facts.languages_spoken)


def _modified(values: Mapping[str, sqlite3.Row]) -> str:
    newest = max(int(row["mtime_ns"]) for row in values.values())
    return datetime.fromtimestamp(newest / 1e9, UTC).date().isoformat()


def _media(values: Mapping[str, sqlite3.Row]) -> str:
    """Return a version of the unit's pictures, for addresses that may be cached for good."""
    hashes = "".join(row["hash"] for name, row in sorted(values.items()) if not name.endswith((".md", ".yaml")))
    return hashlib.sha256(hashes.encode()).hexdigest()[:10]


def _insert_text(db: sqlite3.Connection, unit: str, tag: str, text: Text, *, converted: bool) -> None:
    db.execute(
        "INSERT INTO texts (listing, language, converted, name, sort_key, summary, value) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            *(unit, tag, converted, text.name, sort_key(text.name, tag), text.summary),
            text.model_dump_json(exclude_unset=True),
        ),
    )


def converted(text: Text) -> Text:
    """Return a Simplified Chinese text in Traditional characters."""
    return text.model_copy(
        update={
            "name": traditional(text.name),
            "other_names": [traditional(name) for name in text.other_names],
            "summary": traditional(text.summary),
            "address": traditional(text.address),
            "directions": traditional(text.directions),
            "tips": [traditional(tip) for tip in text.tips],
            "alt": {file: traditional(words) for file, words in text.alt.items()},
            "translated_from": None,
            "body": traditional(text.body),
            "plain": traditional(text.plain),
        }
    )
