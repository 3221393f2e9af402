"""The form of a listing's text in one language: values into controls, and what was sent into values."""

from __future__ import annotations

from collections.abc import Set
from typing import Any

from flask_babel import gettext, lazy_gettext
from werkzeug.datastructures import MultiDict

from portal.catalog.facts import PLACES
from portal.catalog.pins import FIELDS
from portal.editing.document import MACHINE, Fields
from portal.editing.states import UP_TO_DATE, State, pinned, states

Form = MultiDict[str, str]
LONGEST_TEXT = 50_000
LABELS = {
    "name": lazy_gettext("Name (of a thing)"),
    "other_names": lazy_gettext("Other names, one a line"),
    "summary": lazy_gettext("In short"),
    "address": lazy_gettext("Address"),
    "directions": lazy_gettext("Getting there"),
    "tips": lazy_gettext("Good to know, one a line"),
    "alt": lazy_gettext("What the picture shows"),
    "body": lazy_gettext("Text"),
}
LISTS = frozenset({"other_names", "tips"})
OF_PLACES = frozenset({"address", "directions"})


def names(kind: str) -> list[str]:
    """Return the fields that a text of a kind of listing has, in the order of the form."""
    return [name for name in LABELS if kind in PLACES or name not in OF_PLACES]


def as_text(value: Any) -> str:
    """Return a field's value as it is edited and compared: a line an item."""
    if isinstance(value, dict):
        return "\n".join(f"{key}: {words}" for key, words in value.items())
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value or "")


def shown(fields: Fields, tag: str, kind: str, pictures: list[str]) -> Form:
    """Return what the controls show, as a browser would send it back."""
    form: Form = MultiDict({name: as_text(fields.get(f"{tag}/{name}")) for name in names(kind) if name != "alt"})
    words = fields.get(f"{tag}/alt") or {}
    form.update({f"alt-{file}": words.get(file, "") for file in pictures})
    return form


def sent(form: Form, tag: str, kind: str, pictures: list[str]) -> dict[str, Any]:
    """Return the fields that a form sends; what is empty is None."""
    values: dict[str, Any] = {}
    for name in names(kind):
        text = form.get(name, "").replace("\x00", "").replace("\r\n", "\n")[:LONGEST_TEXT].strip()
        if name == "alt":
            words = {file: " ".join(form.get(f"alt-{file}", "").replace("\x00", "").split()) for file in pictures}
            values[name] = {file: text for file, text in words.items() if text}
        elif name in LISTS:
            values[name] = [line for line in (" ".join(line.split()) for line in text.splitlines()) if line]
        else:
            values[name] = text if name == "body" else " ".join(text.split())
    return {f"{tag}/{name}": value or None for name, value in values.items()}


def pins_of(fields: Fields, values: Fields, source: str, tag: str, form: Form, base: Fields) -> dict[str, Any]:
    """Return the pins that go with what was sent.

    Of a translation: the fields that were changed, and those that need no change. Of the source, when its change is
    small: every translation that was current stays so.

    :param base: the listing's fields as they are published. A translation that is current there was so before somebody
        began to type, and the draft was saved while they did.
    """
    after = {**fields, **values}
    if tag != source:
        touched = {name for name in FIELDS if values.get(f"{tag}/{name}") != fields.get(f"{tag}/{name}")}
        touched |= {name for name in FIELDS if form.get(f"keep-{name}") or _takes(form, name)}
        return pinned(after, source, tag, touched) | _marks(fields, tag, touched)
    if not form.get("minor"):
        return {}
    pins: dict[str, Any] = {}
    for other in {key.partition("/")[0] for key in fields if "/" in key} - {source, "facts"}:
        published = {key: value for key, value in base.items() if key.startswith(f"{source}/")}
        before = [states(fields, source, other), states({**fields, **published}, source, other)]
        current = {name for found in before for name, state in found.items() if state in UP_TO_DATE}
        pins |= pinned(after, source, other, {name for name in current if fields.get(f"{other}/{name}")})
    return pins


def taken(form: Form, values: Fields, proposed: Fields, tag: str) -> dict[str, Any]:
    """Return the fields for which the converted text is to be taken, of those that the form has."""
    return {
        f"{tag}/{name}": text for name, text in proposed.items() if f"{tag}/{name}" in values and _takes(form, name)
    }


def _takes(form: Form, name: str) -> bool:
    return bool(form.get("take-all") or form.get(f"take-{name}"))


def _marks(fields: Fields, tag: str, touched: Set[str]) -> dict[str, Any]:
    """Return what is still marked as made by a machine when a person has changed or approved some fields."""
    marked = fields.get(f"{tag}@{MACHINE}") or []
    left = [name for name in marked if name not in touched]
    return {f"{tag}@{MACHINE}": left or None} if left != marked else {}


def state_words() -> dict[State, str]:
    """Return what the states of a field are called."""
    return {
        State.MISSING: gettext("missing"),
        State.STALE: gettext("out of date"),
        State.CURRENT: gettext("up to date"),
        State.CONVERTED: gettext("converted"),
        State.MACHINE: gettext("translated by a machine"),
    }
