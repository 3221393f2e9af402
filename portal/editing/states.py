"""How each field of a translation stands to its source: missing, stale or current."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from portal.catalog import pins
from portal.editing.document import Fields, Files, read


class State(StrEnum):
    """How a translated field stands to its source."""

    MISSING = "missing"
    STALE = "stale"
    CURRENT = "current"


def states(fields: Fields, source: str, tag: str) -> dict[str, State]:
    """Return the state of every field that the source has."""
    found = {}
    for name in pins.FIELDS:
        original = fields.get(f"{source}/{name}")
        if not original:
            continue
        if not fields.get(f"{tag}/{name}"):
            found[name] = State.MISSING
        elif fields.get(f"{tag}@{name}") == pins.digest(original):
            found[name] = State.CURRENT
        else:
            found[name] = State.STALE
    return found


def pinned(fields: Fields, source: str, tag: str, names: Iterable[str]) -> dict[str, Any]:
    """Return the changes that pin fields of a translation to the source as it is in `fields`."""
    present = {name: fields.get(f"{source}/{name}") for name in names if name in pins.FIELDS}
    return {f"{tag}@{name}": pins.digest(original) for name, original in present.items() if original}


def made_from(pin: str | None, name: str, source: str, versions: Iterable[Files]) -> Any:
    """Return the source's value that a pin stands for, looked for in versions of the listing; None when it is lost."""
    for texts in versions:
        value = read({f"{source}.md": texts.get(f"{source}.md", "")}).get(f"{source}/{name}")
        if value and pins.digest(value) == pin:
            return value
    return None
