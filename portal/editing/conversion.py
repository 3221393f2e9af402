"""Texts that a converter of scripts can propose: Traditional Chinese out of Simplified."""

from __future__ import annotations

from typing import Any

from portal.catalog import pins
from portal.editing.document import Fields
from portal.languages.scripts import CONVERTIBLE, traditional

FIELDS = (*pins.FIELDS, "other_names")


def proposals(fields: Fields, source: str, tag: str) -> dict[str, Any]:
    """Return what a language's fields would be, converted from the source's; nothing where that makes no sense."""
    if CONVERTIBLE.get(tag) != source:
        return {}
    originals = {name: fields.get(f"{source}/{name}") for name in FIELDS}
    return {name: _converted(original) for name, original in originals.items() if original}


def _converted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _converted(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_converted(item) for item in value]
    return traditional(value) if isinstance(value, str) else value
