"""The compiled catalog: one SQLite file, derived from the content directory and safe to delete at any time."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

VERSION = 4
"""Part of the file's name: raise it when the tables or the models of portal.catalog.schema or facts change."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS files (
  path TEXT PRIMARY KEY, unit TEXT NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, hash TEXT NOT NULL,
  value TEXT                        -- the last good one as JSON; NULL when there never was one
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS files_by_unit ON files (unit);
CREATE TABLE IF NOT EXISTS problems (
  path TEXT NOT NULL, unit TEXT NOT NULL, line INTEGER NOT NULL, field TEXT NOT NULL, message TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS pending (   -- listings whose change the search index and the products have yet to take in
  listing TEXT PRIMARY KEY
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS documents (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS listings (
  id TEXT PRIMARY KEY, kind TEXT NOT NULL, slug TEXT NOT NULL, district TEXT, position INTEGER,
  cover TEXT,                       -- the listing whose picture its card shows
  bookable INTEGER NOT NULL, price INTEGER, hours TEXT, lat REAL, lon REAL,
  modified TEXT NOT NULL, media_version TEXT NOT NULL, facts TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS listings_by_kind ON listings (kind, district);
CREATE INDEX IF NOT EXISTS listings_by_district ON listings (district);
CREATE INDEX IF NOT EXISTS listings_by_place ON listings (lat, lon);
CREATE INDEX IF NOT EXISTS listings_by_hours ON listings (hours);
CREATE TABLE IF NOT EXISTS listing_facets (   -- of what a listing may have several: its tags, for one
  facet TEXT NOT NULL, value TEXT NOT NULL, listing TEXT NOT NULL REFERENCES listings (id),
  PRIMARY KEY (facet, value, listing)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS listing_facets_by_listing ON listing_facets (listing);
CREATE TABLE IF NOT EXISTS listing_places (   -- what an event, an itinerary or a guide leads to
  place TEXT NOT NULL, listing TEXT NOT NULL REFERENCES listings (id), PRIMARY KEY (place, listing)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS listing_places_by_listing ON listing_places (listing);
CREATE TABLE IF NOT EXISTS texts (
  listing TEXT NOT NULL REFERENCES listings (id), language TEXT NOT NULL, converted INTEGER NOT NULL,
  name TEXT NOT NULL, sort_key TEXT NOT NULL, summary TEXT NOT NULL, value TEXT NOT NULL,
  PRIMARY KEY (listing, language)
) WITHOUT ROWID;
"""


def path_in(state: Path) -> Path:
    """Return where the catalog lies under the state folder."""
    return state / f"catalog-{VERSION}.sqlite"


def identity(path: Path | str) -> tuple[int, int] | None:
    """Return which file lies at a path (device and inode), so that one that took its place is known; None for none."""
    try:
        stat = os.stat(path)
    except OSError:
        return None
    return stat.st_dev, stat.st_ino


def connect(path: Path | str) -> sqlite3.Connection:
    """Open the catalog for writing, making it when it is not there. `:memory:` makes one that is thrown away."""
    if isinstance(path, Path):
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():  # what is left of one that was deleted belongs to those who have it open
            for rest in ("-wal", "-shm"):
                path.with_name(path.name + rest).unlink(missing_ok=True)
    connection = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    with transaction(connection):
        for statement in SCHEMA.split(";\n"):
            connection.execute(statement)
    return connection


def connect_to_read(path: Path) -> sqlite3.Connection:
    """Open an existing catalog for reading.

    :raises sqlite3.OperationalError: when it is not there yet.
    """
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA mmap_size = 268435456")
    return connection


def generation(connection: sqlite3.Connection) -> int:
    """Return which generation a catalog is of; 0 until it is compiled."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def is_compiled(path: Path) -> bool:
    """Tell whether the file at a path is a catalog that pages can be made from."""
    try:
        with closing(connect_to_read(path)) as connection:
            return generation(connection) > 0
    except sqlite3.Error:
        return False


def advance(connection: sqlite3.Connection) -> None:
    """Give the catalog its next generation. A new catalog begins at the time, so that it takes none an old one had."""
    connection.execute(f"PRAGMA user_version = {max(generation(connection) + 1, int(time.time()) & 0x3FFFFFFF)}")


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """One write transaction: all of it or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
