"""The compiled catalog: one SQLite file, derived from the content directory and safe to delete at any time."""

from __future__ import annotations

import os
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

VERSION = 11
"""Part of the file's name: raise it when the tables or the models of portal.catalog.schema or facts change."""
MEMORY = ""
"""In place of a catalog's path: a private one that is thrown away; a large one goes to a temporary file by itself."""

TABLES = """
CREATE TABLE IF NOT EXISTS files (
  path TEXT PRIMARY KEY, unit TEXT NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, hash TEXT NOT NULL,
  value TEXT                        -- the last good one as JSON; NULL when there never was one
);
CREATE TABLE IF NOT EXISTS problems (
  path TEXT NOT NULL, unit TEXT NOT NULL, line INTEGER NOT NULL, field TEXT NOT NULL, message TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS changes (   -- when each listing last changed, by numbers that grow; also of those that went
  position INTEGER PRIMARY KEY,     -- which bit of bitmaps is the listing's, for as long as this catalog lasts
  listing TEXT NOT NULL UNIQUE, number INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS takers (   -- how far the products and each search index have come with the changes
  name TEXT PRIMARY KEY, number INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS documents (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS listings (   -- small rows, since lists go through many; facts are the value of listing.yaml
  id TEXT PRIMARY KEY, kind TEXT NOT NULL, slug TEXT NOT NULL, district TEXT, position INTEGER,
  cover TEXT,                       -- the listing whose picture its card shows
  bookable INTEGER NOT NULL, price INTEGER, hours TEXT, lat REAL, lon REAL,
  pinyin TEXT NOT NULL,             -- of the name in the source language, with tone marks
  modified TEXT NOT NULL, media_version TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS texts (
  listing TEXT NOT NULL, language TEXT NOT NULL, converted INTEGER NOT NULL, name TEXT NOT NULL, summary TEXT NOT NULL,
  value TEXT,                       -- of a converted text; that of another is the value of its file
  PRIMARY KEY (listing, language)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS shown (   -- which text readers of a language see of a listing, and where it stands in lists
  language TEXT NOT NULL, listing TEXT NOT NULL, kind TEXT NOT NULL, place INTEGER NOT NULL, sort_key TEXT NOT NULL,
  text_language TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS listing_facets (   -- of what a listing may have several: its tags, for one
  facet TEXT NOT NULL, value TEXT NOT NULL,
  id TEXT NOT NULL, kind TEXT NOT NULL, district TEXT    -- as in listings, so that few have to be looked up there
);
CREATE TABLE IF NOT EXISTS bitmaps (   -- which listings have a value of a facet, see portal.catalog.bitmaps
  facet TEXT NOT NULL, value NOT NULL, bits BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS search_fields (   -- what search indexes are made of; not all listings have it
  listing TEXT PRIMARY KEY,
  key TEXT NOT NULL,                -- of what it was made and how
  fields BLOB NOT NULL              -- compressed JSON
);
CREATE TABLE IF NOT EXISTS listing_places (   -- what an event, an itinerary or a guide leads to
  place TEXT NOT NULL, listing TEXT NOT NULL
);
"""
INDEXES = """
CREATE INDEX IF NOT EXISTS files_by_unit ON files (unit);
CREATE INDEX IF NOT EXISTS files_by_stamp ON files (path, size, mtime_ns);
CREATE INDEX IF NOT EXISTS changes_by_number ON changes (number);
CREATE INDEX IF NOT EXISTS problems_by_unit ON problems (unit);
CREATE INDEX IF NOT EXISTS listings_by_kind ON listings (kind, district, price);
CREATE INDEX IF NOT EXISTS listings_by_district ON listings (district, kind, price);
CREATE INDEX IF NOT EXISTS listings_by_place ON listings (lat, lon, kind);
CREATE INDEX IF NOT EXISTS listings_by_hours ON listings (hours, kind, district);
CREATE INDEX IF NOT EXISTS listings_bookable ON listings (kind, district) WHERE bookable;
CREATE INDEX IF NOT EXISTS shown_in_order ON shown (language, kind, place, sort_key, listing, text_language);
CREATE INDEX IF NOT EXISTS shown_of_all_kinds ON shown (language, place, sort_key, listing);
CREATE INDEX IF NOT EXISTS shown_by_name ON shown (language, kind, sort_key, listing);
CREATE INDEX IF NOT EXISTS shown_by_listing ON shown (listing, language, place, sort_key, text_language);
CREATE INDEX IF NOT EXISTS listing_facets_by_value ON listing_facets (facet, value, kind, district, id);
CREATE INDEX IF NOT EXISTS listing_facets_by_listing ON listing_facets (id, facet, value);
CREATE INDEX IF NOT EXISTS listing_places_by_place ON listing_places (place, listing);
CREATE INDEX IF NOT EXISTS listing_places_by_listing ON listing_places (listing);
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
    """Open the catalog for writing, making an empty one when it is not there."""
    connection = _open(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    with transaction(connection):
        _run(connection, TABLES + INDEXES)
    return connection


@contextmanager
def anew(path: Path) -> Iterator[sqlite3.Connection]:
    """Give an empty catalog to be filled; at the end it takes its place, all of it or nothing.

    It is written beside its place without a journal, and its indexes are built at the end, which is several times as
    fast. Should another process have put one in its place first, that one stays.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".catalog-", dir=path.parent) as folder:
        file = Path(folder, path.name)
        with closing(_open(file)) as connection:
            for setting in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -65536", "threads = 2"):
                connection.execute(f"PRAGMA {setting}")
            connection.execute("BEGIN")
            _run(connection, TABLES)
            yield connection
            _run(connection, INDEXES)
            connection.execute("COMMIT")
            connection.execute("PRAGMA analysis_limit = 1000")
            connection.execute("ANALYZE")
            connection.execute("PRAGMA journal_mode = WAL")
        _put(file, path)


def _put(file: Path, path: Path) -> None:
    """Let a catalog that is complete take its place, unless there is one."""
    with file.open("rb") as written:
        os.fsync(written.fileno())
    if not path.exists():  # what is left of one that was deleted belongs to those who have it open
        for rest in ("-wal", "-shm"):
            path.with_name(path.name + rest).unlink(missing_ok=True)
    with suppress(FileExistsError):
        os.link(file, path)


def _open(path: Path | str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    return connection


def _run(connection: sqlite3.Connection, statements: str) -> None:
    """Run statements one by one: `executescript` would end the transaction."""
    for statement in statements.split(";\n"):
        connection.execute(statement)


def connect_to_change(path: Path, patience_s: float = 30) -> sqlite3.Connection:
    """Open an existing catalog for a small change.

    :param patience_s: how long to wait for others who write.
    :raises sqlite3.OperationalError: when it is not there yet.
    """
    connection = sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, timeout=patience_s, isolation_level=None)
    connection.row_factory = sqlite3.Row
    return connection


def connect_to_read(path: Path) -> sqlite3.Connection:
    """Open an existing catalog for reading.

    :raises sqlite3.OperationalError: when it is not there yet.
    """
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    # not mapped into memory: each thread's share would count against a worker, and the kernel caches the file anyway
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
    now = time.time_ns() // 1_000_000 & 0x3FFFFFFF
    connection.execute(f"PRAGMA user_version = {max(generation(connection) + 1, now)}")


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
