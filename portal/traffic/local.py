"""Counts that the processes of one machine share: a storage for the `limits` library in an SQLite file.

The counts are worth nothing after a crash, so nothing waits for the disk.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from itertools import count
from pathlib import Path

from limits.storage import Storage

TIDY = 1000
"""After so many counts of a process, those whose time is over are removed."""

_SCHEMA = "CREATE TABLE IF NOT EXISTS counts (key TEXT PRIMARY KEY, n INTEGER, ends REAL) WITHOUT ROWID"
_COUNT = """
INSERT INTO counts (key, n, ends) VALUES (:key, :amount, :ends)
ON CONFLICT (key) DO UPDATE SET
  n = CASE WHEN ends <= :now THEN excluded.n ELSE n + excluded.n END,
  ends = CASE WHEN ends <= :now THEN excluded.ends ELSE ends END
RETURNING n
"""


class LocalStorage(Storage):
    """Counts in a file; `file` is made when it is first used."""

    STORAGE_SCHEME = ["portal-file"]  # noqa: RUF012 - as the library declares it

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file
        self._mine = threading.local()
        self._counted = count(1)

    @property
    def base_exceptions(self) -> type[Exception]:
        """What goes wrong in here."""
        return sqlite3.Error

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count `amount` more under a key whose time ends `expiry` seconds after its first count; return the sum."""
        now = time.time()
        if next(self._counted) % TIDY == 0:
            self._connection.execute("DELETE FROM counts WHERE ends <= ?", (now,))
        row = self._connection.execute(_COUNT, {"key": key, "amount": amount, "ends": now + expiry, "now": now})
        return int(row.fetchall()[0][0])

    def get(self, key: str) -> int:
        """Return the sum under a key."""
        return int(self._row(key)[0])

    def get_expiry(self, key: str) -> float:
        """Return when the time of a key ends, in seconds since 1970; now, when nothing was counted."""
        return float(self._row(key)[1])

    def check(self) -> bool:
        """Tell whether the file can be used."""
        try:
            self._connection.execute("SELECT 1")
        except sqlite3.Error:
            return False
        return True

    def reset(self) -> int:
        """Forget every count; return how many keys there were."""
        return self._connection.execute("DELETE FROM counts").rowcount

    def clear(self, key: str) -> None:
        """Forget the count of a key."""
        self._connection.execute("DELETE FROM counts WHERE key = ?", (key,))

    def _row(self, key: str) -> tuple[int, float]:
        now = time.time()
        found = self._connection.execute("SELECT n, ends FROM counts WHERE key = ? AND ends > ?", (key, now))
        rows: list[tuple[int, float]] = found.fetchall()
        return rows[0] if rows else (0, now)

    @property
    def _connection(self) -> sqlite3.Connection:
        """The connection of this thread."""
        known: sqlite3.Connection | None = getattr(self._mine, "connection", None)
        if known is None:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            known = sqlite3.connect(self._file, timeout=1, isolation_level=None)
            known.execute("PRAGMA journal_mode = WAL")
            known.execute("PRAGMA synchronous = OFF")
            known.execute(_SCHEMA)
            self._mine.connection = known
        return known
