"""What changed between two states of a listing, in words a person reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from portal.catalog.facts import PICTURE_NAME, Focus
from portal.editing.document import FACTS_ORDER, Fields
from portal.editing.uploads import images_of
from portal.editing.words import Change, difference
from portal.web.businesses.in_words import fact_labels, words
from portal.web.businesses.moves import Move, move
from portal.web.businesses.text_form import LABELS
from portal.web.context import languages
from portal.web.formats import language_name


@dataclass(frozen=True)
class Row:
    """A field that changed. `tag` is its text's language; None of facts. Of pictures, those before and after.

    A pin has its `move` beside its numbers.
    """

    tag: str | None
    label: str
    stretches: list[tuple[Change, str]]
    pictures: tuple[list[Picture], list[Picture]] | None = None
    move: Move | None = None


@dataclass(frozen=True)
class Picture:
    """A picture as a comparison shows it, whatever a file broken by hand says of it."""

    file: str
    width: str
    height: str
    credit: str
    licence: str
    focus: Focus | None


def rows(before: Fields, after: Fields, only: Iterable[str] | None = None) -> list[Row]:
    """Return the fields that differ, facts first; pins are no words, and are left out."""
    keys = set(before) | set(after) if only is None else set(only)
    differing = (key for key in keys if "/" in key and before.get(key) != after.get(key))
    return [row(key, before.get(key), after.get(key)) for key in sorted(differing, key=_rank)]


def row(key: str, before: Any, after: Any) -> Row:
    """Return one field's change."""
    folder, _, name = key.partition("/")
    tag = None if folder == "facts" else folder
    if key == "facts/images":
        return Row(tag, label(key), [], (_pictures(before), _pictures(after)))
    moved = move(before, after) if key == "facts/location" else None
    return Row(tag, label(key), difference(words(name, before), words(name, after)), move=moved)


def _pictures(value: Any) -> list[Picture]:
    found = [image for image in images_of({"facts/images": value}) if PICTURE_NAME.match(str(image.get("file")))]
    return [
        Picture(
            file=image["file"],
            width=str(image.get("width", "")),
            height=str(image.get("height", "")),
            credit=str(image.get("credit", "")),
            licence=str(image.get("licence", "")),
            focus=_focus(image),
        )
        for image in found
    ]


def _focus(image: dict[str, Any]) -> Focus | None:
    try:
        return Focus.model_validate(image["focus"])
    except (KeyError, ValidationError):
        return None


def label(key: str) -> str:
    """Return what a field is called."""
    folder, _, name = key.partition("/")
    if folder == "facts":
        return fact_labels().get(name, name)
    return f"{LABELS.get(name, name)} · {language_name(folder)}"


def _rank(key: str) -> tuple[int, int, str]:
    folder, _, name = key.partition("/")
    order: list[str] = list(FACTS_ORDER) if folder == "facts" else list(LABELS)
    tags = languages().tags
    first = -1 if folder == "facts" else tags.index(folder) if folder in tags else len(tags)
    return first, order.index(name) if name in order else len(order), name
