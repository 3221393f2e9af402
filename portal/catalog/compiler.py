"""The content directory into the compiled catalog, reading again only the files that changed.

Each file's last good value is kept beside its hash. A file that breaks is reported and its last good value goes on
serving; one that is mended, added or removed touches its unit alone (a listing, a district, a tag, the site).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from portal.catalog import bell, bitmaps, changes, scan, store, writing
from portal.catalog.compilation import SITE, Compilation, Progress
from portal.catalog.facts import KINDS
from portal.catalog.model import CatalogUnavailable
from portal.catalog.problems import ContentError, Problem, problems_in
from portal.catalog.reading import Outcome
from portal.catalog.schema import Site
from portal.catalog.store import MEMORY


@dataclass(frozen=True)
class Report:
    """What a compilation did: units touched, and every problem the content has now."""

    changed: tuple[str, ...]
    problems: tuple[Problem, ...]

    @property
    def listings(self) -> tuple[str, ...]:
        """The ids of the listings that changed or went."""
        return tuple(unit for unit in self.changed if unit.partition("/")[0] in KINDS)


class Compiler:
    """Compiles one content directory into one catalog. Not for two threads at once.

    :param products: checks the `booking` list of a listing.yaml.
    """

    def __init__(self, content: Path, catalog: Path | str, products: TypeAdapter[Any]) -> None:
        self._content = content
        self._products = products
        self._path = catalog
        self._open()

    def _open(self) -> None:
        """Open the catalog, if there is one; a new one is made by the first compilation."""
        self._file = store.identity(self._path)
        self._opened = store.connect(self._path) if self._file or self._path == MEMORY else None

    @property
    def _db(self) -> sqlite3.Connection:
        if self._opened is None:
            raise CatalogUnavailable("the catalog has not been compiled yet")
        return self._opened

    def close(self) -> None:
        """Close the catalog."""
        if self._opened:
            self._opened.close()

    def compile(self, paths: Collection[str] | None = None, progress: Progress = lambda _done, _total: None) -> Report:
        """Bring the catalog up to the content directory, in one transaction.

        :param paths: files or folders, relative to the content directory, to which alone something happened; None to
            look at all of it.
        :raises ContentError: when there is no site.yaml that ever was good: without languages nothing can be read.
        """
        if self.lost():
            self.close()
            self._open()
            paths = None
        if not scan.unit(self._content, "site"):  # a folder that is not mounted must not empty the portal
            raise ContentError(self._report_missing_site())
        if self._opened:
            with store.transaction(self._db):
                report = self._compile(self._db, paths, progress)
        else:
            with store.anew(Path(self._path)) as db:
                report = self._compile(db, None, progress, anew=True)
            self._open()
        if report.changed and self._path != MEMORY:
            bell.ring(Path(self._path))
        return report

    def _compile(
        self, db: sqlite3.Connection, paths: Collection[str] | None, progress: Progress, *, anew: bool = False
    ) -> Report:
        compilation = Compilation(db, self._content, self._products, progress, anew=anew)
        compilation.run(paths, lambda: self._site(db))
        if compilation.touched:
            store.advance(db)
        report = Report(tuple(sorted(compilation.touched)), tuple(problems_in(db)))
        changes.note(db, {*report.listings, *_naming(db, compilation.touched)})
        bitmaps.refresh(db, report.listings)
        return report

    def lost(self) -> bool:
        """Tell whether the catalog's file was deleted, or another put in its place, since it was opened."""
        return self._path != MEMORY and (self._file is None or store.identity(self._path) != self._file)

    def site(self) -> Site:
        """Return the site's last good description.

        :raises ContentError: when there never was one.
        """
        return self._site(self._db)

    def _site(self, db: sqlite3.Connection) -> Site:
        row = db.execute("SELECT value FROM files WHERE path = ?", (SITE,)).fetchone()
        if row is None or row["value"] is None:
            raise ContentError(list(problems_in(db)) or [Problem(SITE, 1, "", f"not in {self._content}")])
        return Site.model_validate_json(row["value"])

    def _report_missing_site(self) -> list[Problem]:
        problem = Problem(SITE, 1, "", f"not in {self._content}; nothing is taken in without it")
        if self._opened:
            with store.transaction(self._opened):
                writing.write(self._opened, [Outcome("site", [], [problem], None)])
        return [problem]


def _naming(db: sqlite3.Connection, touched: Collection[str]) -> Iterator[str]:
    """Yield the listings whose district or tags were touched: indexes hold those names as well."""
    having = {
        "districts": "SELECT id FROM listings WHERE district = ?",
        "tags": "SELECT id FROM listing_facets WHERE facet = 'tag' AND value = ?",
    }
    for folder, _, slug in (unit.partition("/") for unit in touched):
        if folder in having:
            yield from (identity for (identity,) in db.execute(having[folder], (slug,)).fetchall())
