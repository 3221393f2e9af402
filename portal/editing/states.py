"""How each field of a translation stands to its source: missing, stale, current, converted or made by a machine."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from portal.catalog import pins
from portal.editing.conversion import proposals
from portal.editing.document import MACHINE, Fields, Files, read


class State(StrEnum):
    """How a translated field stands to its source."""

    MISSING = "missing"
    STALE = "stale"
    CURRENT = "current"
    CONVERTED = "converted"
    """As the converter of scripts writes it, in a file or, where a listing has none, on its page."""
    MACHINE = "machine"
    """Made by a machine from the present source, and looked at by nobody."""


UP_TO_DATE = frozenset({State.CURRENT, State.CONVERTED, State.MACHINE})


def states(fields: Fields, source: str, tag: str) -> dict[str, State]:
    """Return the state of every field that the source has."""
    converted = proposals(fields, source, tag)
    own = any(fields.get(f"{tag}/{name}") for name in pins.FIELDS)
    by_machine = fields.get(f"{tag}@{MACHINE}") or []
    found = {}
    for name in pins.FIELDS:
        original, text = fields.get(f"{source}/{name}"), fields.get(f"{tag}/{name}")
        if not original:
            continue
        if name in converted and (text == converted[name] or not own):
            found[name] = State.CONVERTED
        elif not text:
            found[name] = State.MISSING
        elif fields.get(f"{tag}@{name}") != pins.digest(original):
            found[name] = State.STALE
        else:
            found[name] = State.MACHINE if name in by_machine else State.CURRENT
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
