"""One compilation: what differs between disk and catalog, read and written. Runs within a transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator
from heapq import merge
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from portal.catalog import files, scan, workers, writing
from portal.catalog.reading import Job, Outcome, Reader, read_file
from portal.catalog.scan import Stamp, Stamps
from portal.catalog.schema import Site
from portal.catalog.units import FACTS_FILE, Rows, Value

SITE = "site.yaml"
PAGE = 10_000
"""How many files' stamps are read from the catalog at a time."""
REPORTED = 64
"""After so many units progress is told."""
Progress = Callable[[int, int], None]
"""Called now and then with how many units have been looked at, and about how many there are."""
NOTHING: Stamps = {}
Look = tuple[str, Stamps, Stamps]
"""A unit, its files on disk, and its files as the catalog knows them."""


class Compilation:
    """Brings a catalog up to its content directory, once.

    :param anew: the catalog is empty.
    :ivar touched: the units whose value changed.
    """

    def __init__(
        self, db: sqlite3.Connection, content: Path, products: TypeAdapter[Any], progress: Progress, *, anew: bool
    ) -> None:
        self.touched: set[str] = set()
        self._db = db
        self._content = content
        self._products = products
        self._progress = progress
        self._anew = anew
        self._everything = False
        self._gone: set[str] = set()
        self._came = False
        self._broken: dict[str, set[str]] = {}
        for unit, path in db.execute("SELECT unit, path FROM problems"):
            self._broken.setdefault(unit, set()).add(f"{unit}/{FACTS_FILE}" if path == unit else path)

    def run(self, paths: Collection[str] | None, site: Callable[[], Site]) -> None:
        """Look at everything, or only where `paths` point to; the site first, since it decides how others are read.

        :param site: gives the site's last good description.
        """
        if paths is None or SITE in paths:
            self._everything = self._take_in_site()
        reader = Reader(self._content, self._products, site().spoken)
        looks = self._named(paths) if paths is not None and not self._everything else self._all()
        self._carry_out(reader, self._jobs(looks))
        again = self._referring()
        if paths is not None and self._came:  # what was missing may be there now
            again |= self._broken.keys()
        self._carry_out(reader, self._reread(again))

    def _take_in_site(self) -> bool:
        """Read the site; return whether it changed, so that every unit has to be made anew."""
        ((path, stamp),) = scan.unit(self._content, "site").items()
        before = self._before("site").get(path)
        value, problems = read_file(self._content, path, stamp, files.Known(self._products), before)
        row = (path, "site", *stamp, value.hash, value.json)
        changed = before is None or (before.hash, before.json) != (value.hash, value.json)
        outcome = Outcome("site", [row], problems, Rows(document=value.json) if changed else None)
        writing.write(self._db, [outcome])
        if changed:
            self.touched.add("site")
        return changed

    def _carry_out(self, reader: Reader, jobs: Iterable[Job]) -> None:
        for outcomes in workers.outcomes(reader, jobs):
            writing.write(self._db, outcomes, anew=self._anew)
            self.touched.update(outcome.unit for outcome in outcomes if outcome.rows is not None)

    def _jobs(self, looks: Iterable[Look]) -> Iterator[Job]:
        """Yield a job for each unit that differs, or was broken when it was last read."""
        for unit, found, known in looks:
            gone = known.keys() - found.keys()
            self._gone |= gone
            self._came |= bool(found.keys() - known.keys())
            writing.forget(self._db, gone)
            read = tuple((path, stamp) for path, stamp in found.items() if self._is_due(unit, path, stamp, known))
            if read or gone or self._everything:
                yield Job(unit, read, self._before(unit) if known else {}, changed=bool(gone) or self._everything)

    def _is_due(self, unit: str, path: str, stamp: Stamp, known: Stamps) -> bool:
        if self._everything and (
            path.endswith(".md") or path.startswith("synonyms/")
        ):  # in a language it may not speak
            return True
        return known.get(path) != stamp or path in self._broken.get(unit, ())

    def _reread(self, units: Collection[str]) -> Iterator[Job]:
        """Yield jobs that read the facts of units once more, and what is broken of them."""
        for unit in sorted(units):
            found, broken = scan.unit(self._content, unit), self._broken.get(unit, set())
            read = tuple((path, at) for path, at in found.items() if path in broken or path.endswith(FACTS_FILE))
            if read:
                yield Job(unit, read, self._before(unit))

    def _before(self, unit: str) -> dict[str, Value]:
        rows = self._db.execute("SELECT path, mtime_ns, hash, value FROM files WHERE unit = ?", (unit,))
        return {path: Value(path, mtime, digest, json) for path, mtime, digest, json in rows.fetchall()}

    def _all(self) -> Iterator[Look]:
        """Yield every unit that is on disk or in the catalog."""
        total = scan.count(self._content)
        disk = ((scan.order(unit), unit, stamps, NOTHING) for unit, stamps in scan.units(self._content))
        known = ((scan.order(unit), unit, NOTHING, stamps) for unit, stamps in scan.grouped(self._stamps()))
        sides = groupby(merge(disk, known, key=itemgetter(0)), key=itemgetter(0))
        for done, (_, group) in enumerate(sides):
            if done % REPORTED == 0:
                self._progress(min(done, total), total)
            (_, unit, found, before), *other = group
            if unit != "site":
                yield unit, found or (other[0][2] if other else NOTHING), before or (other[0][3] if other else NOTHING)
        self._progress(total, total)

    def _stamps(self) -> Iterator[tuple[str, Stamp]]:
        """Yield the files the catalog knows, in the order of their paths. What is written meanwhile lies before."""
        last = ""
        while rows := self._db.execute(
            "SELECT path, size, mtime_ns FROM files WHERE path > ? ORDER BY path LIMIT ?", (last, PAGE)
        ).fetchall():
            yield from ((path, (size, mtime)) for path, size, mtime in rows)
            last = rows[-1]["path"]

    def _named(self, paths: Collection[str]) -> Iterator[Look]:
        """Yield the units that paths lie in, or that lie below them."""
        for unit in sorted(scan.named(paths, self._content, self._known_below(paths)) - {"site"}):
            rows = self._db.execute("SELECT path, size, mtime_ns FROM files WHERE unit = ?", (unit,)).fetchall()
            yield unit, scan.unit(self._content, unit), {path: (size, mtime) for path, size, mtime in rows}

    def _known_below(self, paths: Iterable[str]) -> Iterator[str]:
        """Yield what the catalog has below folders."""
        for path in paths:
            if files.unit_of(path) is None:
                below = (f"{path}/", f"{path}0")  # 0 is the character after the slash
                rows = self._db.execute("SELECT path FROM files WHERE path > ? AND path < ?", below).fetchall()
                yield from (row["path"] for row in rows)

    def _referring(self) -> set[str]:
        """Return the units whose facts name a file that went."""
        found: set[str] = set()
        for path in self._gone:
            unit = str(files.unit_of(path))
            folder, _, slug = unit.partition("/")
            sql, values = {
                "districts": ("SELECT id FROM listings WHERE district = ?", (slug,)),
                "tags": ("SELECT id FROM listing_facets WHERE facet = 'tag' AND value = ?", (slug,)),
            }.get(folder, ("SELECT listing FROM listing_places WHERE place = ? UNION SELECT ?", (unit, unit)))
            found.update(identity for (identity,) in self._db.execute(sql, values))
        return found
