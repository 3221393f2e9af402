"""What search indexes are made of, kept in the catalog until the listing changes."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import structlog

from portal.catalog import store
from search.ready import Kept

log = structlog.get_logger()

PATIENCE_S = 1.0
"""How long it is waited for another who writes into the catalog; then it is not kept this time."""


class CatalogShelf:
    """Keeps fields in one catalog, which does without them as well. Each call opens the file anew, for any thread."""

    def __init__(self, catalog: Path) -> None:
        self._catalog = catalog

    def take(self, keys: Mapping[str, str]) -> Mapping[str, bytes]:
        """Return what is kept of listings under these keys, by id; nothing when the catalog cannot be read."""
        try:
            with closing(store.connect_to_read(self._catalog)) as db:
                rows = db.execute(
                    "SELECT listing, key, fields FROM search_fields WHERE listing IN (SELECT value FROM json_each(?))",
                    (json.dumps([*keys]),),
                )
                return {row["listing"]: row["fields"] for row in rows if row["key"] == keys[row["listing"]]}
        except sqlite3.Error as error:
            log.warning("search fields not read", reason=str(error))
            return {}

    def put(self, made: Sequence[Kept]) -> None:
        """Keep fields of listings that the catalog has; not if it cannot be written at the moment."""
        if not made:
            return
        try:
            with self._writing() as db:
                db.executemany(
                    "INSERT OR REPLACE INTO search_fields (listing, key, fields)"
                    " SELECT id, ?, ? FROM listings WHERE id = ?",
                    [(one.key, one.fields, one.id) for one in made],
                )
        except sqlite3.Error as error:
            log.warning("search fields not kept", reason=str(error))

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with closing(store.connect_to_change(self._catalog, PATIENCE_S)) as db:
            db.execute("PRAGMA synchronous = NORMAL")  # what a power cut takes is made again
            with store.transaction(db):
                yield db
