"""What became of units, written into the catalog: a statement a table, whatever the number of units."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

from portal.catalog.problems import Problem
from portal.catalog.reading import Outcome
from portal.catalog.units import Rows

COLUMNS = {
    "files": "path, unit, size, mtime_ns, hash, value",
    "listings": (
        "id, kind, slug, district, position, cover, bookable, price, hours, lat, lon, pinyin, modified, media_version"
    ),
    "texts": "listing, language, converted, name, summary, value",
    "shown": "language, listing, kind, place, sort_key, text_language",
    "listing_facets": "facet, value, id, kind, district",
    "listing_places": "place, listing",
    "problems": "path, unit, line, field, message",
}
OF_LISTING = {"listings": "id", "texts": "listing", "shown": "listing", "listing_facets": "id"}
OF_LISTING |= {"listing_places": "listing"}
"""The tables that hold a listing's rows, and their column of its id."""


def write(db: sqlite3.Connection, outcomes: Sequence[Outcome], *, anew: bool = False) -> None:
    """Put the rows of units in the place of those they had.

    :param anew: the catalog is new, so that there is nothing to take away.
    """
    made = [(outcome.unit, outcome.rows) for outcome in outcomes if outcome.rows is not None]
    if not anew:
        _delete(db, "problems", "unit", [outcome.unit for outcome in outcomes])
        for table, column in OF_LISTING.items():
            _delete(db, table, column, [unit for unit, _ in made])
        _delete(db, "documents", "name", [unit for unit, _ in made])
        _delete(db, "search_fields", "listing", [unit for unit, _ in made])
    _insert(db, "files", (row for outcome in outcomes for row in outcome.files))
    for table in OF_LISTING:
        _insert(db, table, (row for _, rows in made for row in getattr(rows, table)))
    _insert(db, "problems", ((p.path, outcome.unit, *_place(p)) for outcome in outcomes for p in outcome.problems))
    db.executemany("INSERT INTO documents (name, value) VALUES (?, ?)", _documents(made))


def forget(db: sqlite3.Connection, paths: Iterable[str]) -> None:
    """Drop files that are gone."""
    _delete(db, "files", "path", paths)


def _documents(made: Iterable[tuple[str, Rows]]) -> Iterable[tuple[str, str]]:
    return ((unit, rows.document) for unit, rows in made if rows.document is not None)


def _place(problem: Problem) -> tuple[int, str, str]:
    return problem.line, problem.field, problem.message


def _delete(db: sqlite3.Connection, table: str, column: str, values: Iterable[str]) -> None:
    db.executemany(f"DELETE FROM {table} WHERE {column} = ?", ((value,) for value in values))


def _insert(db: sqlite3.Connection, table: str, rows: Iterable[Sequence[Any]]) -> None:
    columns = COLUMNS[table]
    marks = ", ".join("?" * (columns.count(",") + 1))
    db.executemany(f"INSERT OR REPLACE INTO {table} ({columns}) VALUES ({marks})", rows)
