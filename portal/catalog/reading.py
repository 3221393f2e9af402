"""A unit's files read from disk into the rows the catalog keeps of it. Touches no database: any process may do it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from portal.catalog import files, units
from portal.catalog.problems import ContentError, Problem
from portal.catalog.scan import Stamp
from portal.catalog.units import Value
from portal.languages.model import Languages


@dataclass(frozen=True)
class Job:
    """A unit to bring up to the disk.

    :ivar read: the files to read, with their stamps.
    :ivar before: what is known of its files, by path; those that are gone are not among them.
    :ivar changed: whether its rows are to be made anew in any case: a file went, or the site changed.
    """

    unit: str
    read: tuple[tuple[str, Stamp], ...]
    before: Mapping[str, Value] = field(default_factory=dict)
    changed: bool = False


@dataclass(frozen=True)
class Outcome:
    """What became of a job.

    :ivar files: rows of what was read.
    :ivar problems: all the unit has now.
    :ivar rows: what pages read; None when no good value changed.
    """

    unit: str
    files: list[tuple[Any, ...]]
    problems: list[Problem]
    rows: units.Rows | None


@dataclass(frozen=True)
class Reader:
    """Reads units of one content directory.

    :param products: checks the `booking` list of a listing.yaml.
    :param spoken: the languages of the portal.
    """

    content: Path
    products: TypeAdapter[Any]
    spoken: Languages

    def read_all(self, jobs: Iterable[Job]) -> list[Outcome]:
        """Carry out several jobs."""
        known = files.Known(self.products, frozenset(self.spoken.tags), self._is_there)
        return [self._read(job, known) for job in jobs]

    def _read(self, job: Job, known: files.Known) -> Outcome:
        values, rows, problems, changed = dict(job.before), [], [], job.changed
        for path, stamp in job.read:
            before = values.get(path)
            try:
                value, found = read_file(self.content, path, stamp, known, before)
            except FileNotFoundError:  # gone since the scan; the next compilation sees it
                continue
            problems += found
            changed |= before is None or (value.hash, value.json) != (before.hash, before.json)
            values[path] = value
            rows.append((path, job.unit, *stamp, value.hash, value.json))
        made, lacking = units.rows(job.unit, values, self.spoken)
        return Outcome(job.unit, rows, [*problems, *lacking], made if changed else None)

    def _is_there(self, path: str) -> bool:
        return os.path.isfile(f"{self.content}/{path}")


def read_file(
    content: Path, path: str, stamp: Stamp, known: files.Known, before: Value | None
) -> tuple[Value, list[Problem]]:
    """Return a file's value, which is its last good one when it is wrong, and every mistake in it.

    :raises FileNotFoundError: when it is gone.
    """
    digest, json, model = (before.hash, before.json, before.model) if before else ("", None, None)
    problems: list[Problem] = []
    try:
        text = _bytes(content, path, stamp)
        digest = hashlib.sha256(text).hexdigest()
        model = files.parse(path, text, known)
        json = model.model_dump_json(by_alias=True, exclude_unset=True)
    except ContentError as error:
        problems = error.problems
    return Value(path, stamp[1], digest, json, model), problems


def _bytes(content: Path, path: str, stamp: Stamp) -> bytes:
    most = files.largest(path)
    if stamp[0] > most:
        raise ContentError([Problem(path, 1, "", f"expected at most {most} bytes, not {stamp[0]}")])
    try:
        with open(f"{content}/{path}", "rb", buffering=0) as file:
            return file.read()
    except FileNotFoundError:
        raise
    except OSError as error:
        raise ContentError([Problem(path, 1, "", f"cannot be read: {error.strerror}")]) from error
