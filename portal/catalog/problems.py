"""Mistakes in the content directory, and where they are."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """A mistake: `path` relative to the content directory, `line` from 1, `field` dotted (`location.lat`)."""

    path: str
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}"
        return f"{where}: {self.field}: {self.message}" if self.field else f"{where}: {self.message}"


class ContentError(Exception):
    """A file that cannot be used, with every mistake found in it."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def problems_in(db: sqlite3.Connection) -> Iterator[Problem]:
    """Yield every problem a catalog knows of, in the order of files and lines."""
    for row in db.execute("SELECT path, line, field, message FROM problems ORDER BY path, line, field"):
        yield Problem(**row)
