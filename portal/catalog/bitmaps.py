"""A bitmap index of what lists are narrowed by: whatever is counted takes a millisecond, however many listings.

A set of listings is a whole number: bit n stands for the listing whose position in `changes` is n. The compiler keeps
the sets of all values in the catalog, and each process reads them once after a compilation.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property, lru_cache, reduce
from operator import or_

from portal.catalog.facts import PLACES
from portal.catalog.selection import SINGLE, Selection, Value

Sets = Mapping[str, Mapping[Value, int]]
"""By facet and value, the set of those that have it."""
OF_ONE_VALUE = """
SELECT c.position, l.kind, l.district, l.price, l.hours, nullif(l.bookable, 0) AS bookable,
    CASE WHEN l.lat IS NOT NULL THEN 1 END AS located
FROM json_each(?) j CROSS JOIN changes c ON c.listing = j.value LEFT JOIN listings l ON l.id = c.listing
"""
OF_SEVERAL = """
SELECT c.position, f.facet, f.value
FROM listing_facets f CROSS JOIN changes c ON c.listing = f.id WHERE f.id IN (SELECT value FROM json_each(?))
"""
"""Both take a JSON list of ids. A new catalog has no index of facets by listing yet: they are gone through once."""


class Bitmaps:
    """Answers how many listings a selection has, and would have with other values. Immutable, shared by threads."""

    def __init__(self, sets: Sets) -> None:
        self._sets = sets
        self._any_of = lru_cache(16)(self._united)

    def count(self, selection: Selection, open_hours: Collection[str] = ()) -> int:
        """Return how many listings a selection has.

        :param open_hours: opening hours that hold at its `open_at`.
        """
        return self._selected(selection, open_hours).bit_count()

    def counts(self, facet: str, selection: Selection, open_hours: Collection[str] = ()) -> dict[Value, int]:
        """Return how many a selection would have with each value of a facet; values that none would have are left out.

        Of a facet with one choice the present choice is left out; further aids to accessibility narrow it more.
        """
        among = self._selected(selection, open_hours, without=None if facet == "accessibility" else facet)
        found = ((value, (having & among).bit_count()) for value, having in self._of(facet).items())
        return {value: count for value, count in found if count}

    def has_hours(self, selection: Selection) -> bool:
        """Tell whether any listing of a selection states its opening hours."""
        return bool(self._selected(selection, ()) & self._with_hours)

    def hours(self) -> Collection[str]:
        """Return all opening hours that listings have."""
        return [str(value) for value in self._of("hours")]

    def _selected(self, selection: Selection, open_hours: Collection[str], without: str | None = None) -> int:
        if selection.place or selection.ids:
            raise ValueError("what is asked for by id or place is not counted")
        found = self._everything
        for facet, values in _wanted(selection, open_hours):
            if facet != without:
                found &= self._any_of(facet, values)
        return found

    def _united(self, facet: str, values: tuple[Value, ...]) -> int:
        having = self._of(facet)
        return reduce(or_, (having.get(value, 0) for value in values), 0)

    def _of(self, facet: str) -> Mapping[Value, int]:
        return self._sets.get(facet, {})

    @cached_property
    def _everything(self) -> int:
        return reduce(or_, self._of("kind").values(), 0)

    @cached_property
    def _with_hours(self) -> int:
        return reduce(or_, self._of("hours").values(), 0)


def _wanted(selection: Selection, open_hours: Collection[str]) -> Iterator[tuple[str, tuple[Value, ...]]]:
    """Yield what a selection asks for: facets, and the values of which a listing has to have one."""
    for facet in (*SINGLE, "tag", "speaks"):
        if (value := getattr(selection, facet)) is not None:
            yield facet, (value,)
    for aid in selection.accessibility:
        yield "accessibility", (aid,)
    if selection.bookable:
        yield "bookable", (1,)
    if selection.mapped:
        yield "located", (1,)
        yield "kind of place", PLACES
    if selection.open_at is not None:
        yield "hours", tuple(open_hours)


def read(rows: Iterable[sqlite3.Row]) -> Bitmaps:
    """Return the index that rows of `bitmaps` are."""
    sets: defaultdict[str, dict[Value, int]] = defaultdict(dict)
    for facet, value, bits in rows:
        sets[facet][value] = int.from_bytes(bits, "little")
    # places are told by their kinds, whatever the facet `kind` leaves out
    sets["kind of place"] = {kind: having for kind, having in sets["kind"].items() if kind in PLACES}
    return Bitmaps(sets)


def refresh(db: sqlite3.Connection, listings: Collection[str]) -> None:
    """Have the stored sets tell what listings are now, within the transaction that changed and noted them."""
    if not listings:
        return
    asked = json.dumps(sorted(listings))
    (last,) = db.execute("SELECT max(position) FROM changes").fetchone()
    size = last // 8 + 1
    told, now = bytearray(size), defaultdict[tuple[str, Value], bytearray](lambda: bytearray(size))
    for position, having in _present(db, asked):
        byte, bit = position >> 3, 1 << (position & 7)
        told[byte] |= bit
        for key in having:
            now[key][byte] |= bit
    others = ~int.from_bytes(told, "little")
    for row in db.execute("SELECT rowid, facet, value, bits FROM bitmaps").fetchall():
        before = int.from_bytes(row["bits"], "little")
        after = (before & others) | int.from_bytes(now.pop((row["facet"], row["value"]), b""), "little")
        if not after:
            db.execute("DELETE FROM bitmaps WHERE rowid = ?", (row["rowid"],))
        elif after != before:
            bits = after.to_bytes(size, "little")
            db.execute("UPDATE bitmaps SET bits = ? WHERE rowid = ?", (bits, row["rowid"]))
    db.executemany(
        "INSERT INTO bitmaps (facet, value, bits) VALUES (?, ?, ?)", ((*key, bits) for key, bits in now.items())
    )


def _present(db: sqlite3.Connection, asked: str) -> Iterator[tuple[int, list[tuple[str, Value]]]]:
    """Yield positions with what holds there; nothing holds of a listing that is gone."""
    for position, *values in db.execute(OF_ONE_VALUE, (asked,)):
        named = zip((*SINGLE, "hours", "bookable", "located"), values, strict=True)
        yield position, [(facet, value) for facet, value in named if value is not None]
    for position, facet, value in db.execute(OF_SEVERAL, (asked,)):
        yield position, [(facet, value)]
