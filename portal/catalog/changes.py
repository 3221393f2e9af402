"""Which listings changed, for everyone who makes something of them: each keeps a place of its own in the sequence."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from portal.catalog import store
from portal.catalog.model import CatalogUnavailable


@dataclass(frozen=True, slots=True)
class Pending:
    """The listings that somebody has not taken yet, and the number of the last change among all."""

    listings: tuple[str, ...]
    number: int


class Changes:
    """The changes of one catalog. Each call opens the file anew, so any thread may use it, whatever file lies there."""

    def __init__(self, catalog: Path) -> None:
        self._catalog = catalog

    def since(self, taker: str) -> Pending:
        """Return what changed since `taker` last took something; all listings when it never did.

        :raises CatalogUnavailable: when there is no catalog.
        """
        with self._open() as db:
            rows = db.execute(
                "SELECT listing FROM changes"
                " WHERE number > coalesce((SELECT number FROM takers WHERE name = ?), 0) ORDER BY listing",
                (taker,),
            )
            listings = tuple(listing for (listing,) in rows)
            return Pending(listings, int(db.execute("SELECT coalesce(max(number), 0) FROM changes").fetchone()[0]))

    def taken(self, taker: str, number: int) -> None:
        """Note that `taker` has all changes up to a number. What changed meanwhile stays pending."""
        with self._open() as db, store.transaction(db):
            db.execute(
                "INSERT INTO takers (name, number) VALUES (?, ?)"
                " ON CONFLICT (name) DO UPDATE SET number = max(number, excluded.number)",
                (taker, number),
            )

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(store.connect_to_change(self._catalog)) as db:
                yield db
        except sqlite3.OperationalError as error:
            raise CatalogUnavailable(f"{self._catalog} cannot be read or written: {error}") from error


def note(db: sqlite3.Connection, listings: Iterable[str]) -> None:
    """Give listings that changed the next number, within the transaction that changes them."""
    (number,) = db.execute("SELECT coalesce(max(number), 0) + 1 FROM changes").fetchone()
    db.executemany(
        "INSERT INTO changes (listing, number) VALUES (?, ?)"
        " ON CONFLICT (listing) DO UPDATE SET number = excluded.number",
        [(listing, number) for listing in sorted(listings)],
    )
