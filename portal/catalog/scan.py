"""What lies in the content directory, unit by unit: by one walk through all of it, or only where something was named.

Units come in the order of their paths, on disk as in the catalog, so that both can be gone through side by side and
no more than one of them is in memory.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path

from portal.catalog import files
from portal.catalog.facts import KINDS

Stamp = tuple[int, int]
"""Size in bytes and modification time in nanoseconds: when both stay, the file is taken to be the same."""
Stamps = Mapping[str, Stamp]
"""The files of a unit, by their path relative to the content directory."""


def order(unit: str) -> str:
    """Return what units are sorted by: as the paths of their files are."""
    return f"{unit}/" if unit.partition("/")[0] in KINDS else f"{unit}.yaml"


def units(content: Path) -> Iterator[tuple[str, Stamps]]:
    """Yield every unit of a content directory with its files, in order."""
    return grouped(_walk(os.fspath(content), ""))


def unit(content: Path, name: str) -> Stamps:
    """Return the files of one unit, without looking at any other; empty when it has none."""
    root = os.fspath(content)
    if name.partition("/")[0] in KINDS:
        return dict(_entries(root, f"{name}/"))
    path = f"{name}.yaml"
    stamp = _stamp(f"{root}/{path}")
    return {path: stamp} if stamp else {}


def named(paths: Iterable[str], content: Path, known: Iterable[str] = ()) -> set[str]:
    """Return the units that paths lie in, or that lie below them: a folder may have come or gone as a whole.

    :param known: files the catalog has below those paths.
    """
    found = {files.unit_of(path) for path in known}
    for path in paths:
        own = files.unit_of(path)
        found.add(own)
        if own is None and path.count("/") < 2:
            found.update(files.unit_of(below) for below, _ in _walk(os.fspath(content), f"{path}/"))
    return {name for name in found if name}


def count(content: Path) -> int:
    """Return about how many units there are, from the number of folders and files that could be one."""
    folders = (content / name for name in (*KINDS, "districts", "tags", "synonyms"))
    return 2 + sum(len(os.listdir(folder)) for folder in folders if folder.is_dir())


def grouped(stamps: Iterable[tuple[str, Stamp]]) -> Iterator[tuple[str, Stamps]]:
    """Yield files that come in order as units."""
    for name, group in groupby(stamps, key=lambda item: files.unit_of(item[0])):
        if name is not None:
            yield name, dict(group)


def _walk(root: str, below: str) -> Iterator[tuple[str, Stamp]]:
    """Yield the files below a folder that belong to a unit, in the order of their paths."""
    if below.count("/") == 2:
        yield from _entries(root, below)
        return
    try:
        with os.scandir(os.path.join(root, below)) as entries:
            names = sorted(entry.name + "/" * entry.is_dir() for entry in entries if _may_belong(entry.name, below))
    except OSError:  # gone meanwhile
        return
    for name in names:
        path = below + name
        if name.endswith("/"):
            yield from _walk(root, path)
        elif files.unit_of(path) and (stamp := _stamp(f"{root}/{path}")):
            yield path, stamp


def _may_belong(name: str, below: str) -> bool:
    """Tell whether anything of that name can belong to a unit: bytes that are no UTF-8 are no name."""
    return name.isprintable() and not name.startswith(".") and (below != "" or name in AT_ROOT)


AT_ROOT = frozenset({*KINDS, *files.BESIDE_LISTINGS})


def _entries(root: str, folder: str) -> Iterator[tuple[str, Stamp]]:
    """Yield the files of a listing's folder."""
    try:
        names = sorted(os.listdir(os.path.join(root, folder)))
    except OSError:
        return
    for name in names:
        path = folder + name
        if name.isprintable() and files.is_listing_file(name) and (stamp := _stamp(f"{root}/{path}")):
            yield path, stamp


def _stamp(path: str) -> Stamp | None:
    try:
        status = os.stat(path)
    except OSError:  # gone meanwhile, or a link that leads nowhere
        return None
    return (status.st_size, status.st_mtime_ns) if stat.S_ISREG(status.st_mode) else None
