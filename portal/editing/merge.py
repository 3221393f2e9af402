"""Changes of two people, or of a person and the disk, to the same fields: what goes together, and what does not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from portal.editing.document import Fields


@dataclass(frozen=True)
class Merged:
    """`taken` are the changes of mine that stand; `conflicts` the fields both sides changed, with the other's value;
    `news` the fields of mine that only the other changed, with their value.
    """

    taken: dict[str, Any] = field(default_factory=dict)
    conflicts: dict[str, Any] = field(default_factory=dict)
    news: dict[str, Any] = field(default_factory=dict)


def three_way(ancestor: Fields, theirs: Fields, mine: Fields) -> Merged:
    """Return which of my changes to `ancestor` stand on top of `theirs`. None in `mine` takes a field away."""
    merged = Merged()
    for key, value in mine.items():
        before, other = ancestor.get(key), theirs.get(key)
        if value in (before, other):  # nothing of mine, or the same on both sides
            if value != other:
                merged.news[key] = other
            continue
        if other == before:
            merged.taken[key] = value
        else:
            merged.conflicts[key] = other
    return merged
