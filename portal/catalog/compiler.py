"""The content directory into the compiled catalog, reading again only the files that changed.

Each file's last good value is kept beside its hash. A file that breaks is reported and its last good value goes on
serving; one that is mended, added or removed touches its unit alone (a listing, a district, a tag, the site).
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from portal.catalog import files, store, units
from portal.catalog.facts import KINDS
from portal.catalog.problems import ContentError, Problem
from portal.catalog.schema import Site

SITE = "site.yaml"
MEMORY = ":memory:"
"""In place of a catalog's path: one that is thrown away."""
Stamp = tuple[int, int]
"""Size in bytes and modification time in nanoseconds: when both stay, the file is taken to be the same."""


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
        self._db = store.connect(self._path)
        self._file = store.identity(self._path)

    def close(self) -> None:
        """Close the catalog."""
        self._db.close()

    def compile(self) -> Report:
        """Bring the catalog up to the content directory, in one transaction.

        :raises ContentError: when there is no site.yaml that ever was good: without languages nothing can be read.
        """
        if self.lost():
            self.close()
            self._open()
        found = dict(scan(self._content))
        if SITE not in found:  # a folder that is not mounted must not empty the portal
            raise ContentError(self._report_missing_site())
        with store.transaction(self._db):
            stamps = self._stamps()
            changed = self._changed(found, stamps)
            touched = self._forget(found)
            if SITE in changed and self._take_in(SITE, found[SITE], files.Known(self._products)):
                touched.add("site")
            known = self._known(found)
            if "site" in touched:
                changed |= {path for path in found if path.endswith(".md")}  # in a language the site may speak or not
            changed |= _referring(stamps.keys() ^ found.keys(), found)
            for path in sorted(changed - {SITE}):
                if self._take_in(path, found[path], known):
                    touched.add(str(files.unit_of(path)))
            if "site" in touched:  # its languages decide what every unit shows
                touched.update(unit for (unit,) in self._db.execute("SELECT DISTINCT unit FROM files"))
            site = self.site()
            for unit in touched:
                units.assemble(self._db, unit, site)
            if touched:
                store.advance(self._db)
            report = Report(tuple(sorted(touched)), tuple(problems_in(self._db)))
            self._db.executemany("INSERT OR IGNORE INTO pending (listing) VALUES (?)", [(i,) for i in report.listings])
        return report

    def lost(self) -> bool:
        """Tell whether the catalog's file was deleted, or another put in its place, since it was opened."""
        return self._path != MEMORY and (self._file is None or store.identity(self._path) != self._file)

    def pending(self) -> list[str]:
        """Return the listings whose change has not been passed on yet; they outlive a crash."""
        return [listing for (listing,) in self._db.execute("SELECT listing FROM pending ORDER BY listing")]

    def passed_on(self, listings: Iterable[str]) -> None:
        """Forget that these listings were pending."""
        with store.transaction(self._db):
            self._db.executemany("DELETE FROM pending WHERE listing = ?", [(listing,) for listing in listings])

    def _stamps(self) -> dict[str, Stamp]:
        rows = self._db.execute("SELECT path, size, mtime_ns FROM files")
        return {path: (size, mtime) for path, size, mtime in rows}

    def _changed(self, found: Mapping[str, Stamp], stamps: Mapping[str, Stamp]) -> set[str]:
        """Return the paths to read: new, differing by stamp, or broken when last read."""
        broken = {path for (path,) in self._db.execute("SELECT path FROM problems")}
        return {path for path, stamp in found.items() if path in broken or stamps.get(path) != stamp}

    def _forget(self, found: Mapping[str, Stamp]) -> set[str]:
        """Drop the files that are gone and return their units."""
        rows = self._db.execute("SELECT path, unit FROM files").fetchall()
        gone = {path: unit for path, unit in rows if path not in found}
        for path in gone:
            self._db.execute("DELETE FROM files WHERE path = ?", (path,))
            self._db.execute("DELETE FROM problems WHERE path = ?", (path,))
        return set(gone.values())

    def _known(self, found: Mapping[str, Stamp]) -> files.Known:
        site = self.site()
        return files.Known(
            products=self._products,
            languages=frozenset(language.tag for language in site.languages),
            districts=frozenset(_names(found, "districts")),
            tags=frozenset(_names(found, "tags")),
            pictures=frozenset(path for path in found if Path(path).suffix in files.PICTURES),
            listings=frozenset(path.removesuffix("/listing.yaml") for path in found if path.endswith("/listing.yaml")),
        )

    def site(self) -> Site:
        """Return the site's last good description.

        :raises ContentError: when there never was one.
        """
        row = self._db.execute("SELECT value FROM files WHERE path = ?", (SITE,)).fetchone()
        if row is None or row["value"] is None:
            raise ContentError(list(problems_in(self._db)) or [Problem(SITE, 1, "", f"not in {self._content}")])
        return Site.model_validate_json(row["value"])

    def _take_in(self, path: str, stamp: Stamp, known: files.Known) -> bool:
        """Read one file; return whether its good value changed."""
        before = self._db.execute("SELECT hash, value FROM files WHERE path = ?", (path,)).fetchone()
        digest, value = (before["hash"], before["value"]) if before else ("", None)
        self._db.execute("DELETE FROM problems WHERE path = ?", (path,))
        try:
            content = self._read(path, stamp)
            digest = hashlib.sha256(content).hexdigest()
            value = files.parse(path, content, known).model_dump_json(by_alias=True, exclude_unset=True)
        except FileNotFoundError:  # gone since the scan; the next compilation sees it
            return False
        except ContentError as error:
            self._report(error.problems)
        self._db.execute(
            "INSERT OR REPLACE INTO files (path, unit, size, mtime_ns, hash, value) VALUES (?, ?, ?, ?, ?, ?)",
            (path, files.unit_of(path), *stamp, digest, value),
        )
        return before is None or (before["hash"], before["value"]) != (digest, value)

    def _read(self, path: str, stamp: Stamp) -> bytes:
        most = files.largest(path)
        if stamp[0] > most:
            raise ContentError([Problem(path, 1, "", f"expected at most {most} bytes, not {stamp[0]}")])
        try:
            return (self._content / path).read_bytes()
        except FileNotFoundError:
            raise
        except OSError as error:
            raise ContentError([Problem(path, 1, "", f"cannot be read: {error.strerror}")]) from error

    def _report_missing_site(self) -> list[Problem]:
        problem = Problem(SITE, 1, "", f"not in {self._content}; nothing is taken in without it")
        with store.transaction(self._db):
            self._db.execute("DELETE FROM problems WHERE path = ?", (SITE,))
            self._report([problem])
        return [problem]

    def _report(self, problems: Iterable[Problem]) -> None:
        self._db.executemany(
            "INSERT INTO problems (path, unit, line, field, message) VALUES (?, ?, ?, ?, ?)",
            [(p.path, files.unit_of(p.path), p.line, p.field, p.message) for p in problems],
        )


def problems_in(db: sqlite3.Connection) -> Iterator[Problem]:
    """Yield every problem a catalog knows of, in the order of files and lines."""
    for row in db.execute("SELECT path, line, field, message FROM problems ORDER BY path, line, field"):
        yield Problem(**row)


def scan(content: Path) -> Iterator[tuple[str, Stamp]]:
    """Yield the files of a content directory that belong to a unit, with their stamps; paths are POSIX, relative."""
    for folder, names, entries in os.walk(content):
        names[:] = sorted(name for name in names if not name.startswith("."))
        for entry in entries:
            path = Path(folder, entry)
            relative = path.relative_to(content).as_posix()
            if not relative.isprintable() or files.unit_of(relative) is None:  # bytes that are no UTF-8 are no name
                continue
            try:
                status = path.stat()
            except OSError:  # gone meanwhile, or a link that leads nowhere
                continue
            if stat.S_ISREG(status.st_mode):
                yield relative, (status.st_size, status.st_mtime_ns)


def _referring(moved: Iterable[str], found: Iterable[str]) -> set[str]:
    """Return the files that may name one that came or went: whether they do is looked at again."""
    moved = set(moved)
    named_by_all = any(path.startswith(("districts/", "tags/")) or path.endswith("/listing.yaml") for path in moved)
    folders = {path.rpartition("/")[0] for path in moved if Path(path).suffix in files.PICTURES}
    facts = (path for path in found if path.endswith("/listing.yaml"))
    return {path for path in facts if named_by_all or path.rpartition("/")[0] in folders}


def _names(found: Iterable[str], folder: str) -> Iterator[str]:
    return (path.removeprefix(f"{folder}/").removesuffix(".yaml") for path in found if path.startswith(f"{folder}/"))
