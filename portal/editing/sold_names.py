"""The names of what a listing sells, within its `booking`: given in the source language, translated, out of date.

A product with one option calls both alike until somebody says otherwise; such twins are named and translated together.
`names_from` pins a translation only once its source has moved on, so no pin means that it is current.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from portal.catalog.pins import digest
from portal.editing.document import Fields
from portal.editing.states import State
from portal.editing.takers import PRODUCTS
from portal.languages.scripts import CONVERTIBLE, traditional

Json = dict[str, Any]
PINS = "names_from"


@dataclass(frozen=True)
class Named:
    """Things of one name: a product, one of its options, a unit; `key` is how they are told apart."""

    key: str
    things: tuple[Json, ...]

    @property
    def names(self) -> dict[str, str]:
        """What they are called, by language."""
        names: dict[str, str] = self.things[0]["names"]
        return names


def everything_named(booking: Iterable[Json]) -> Iterator[Named]:
    """Give everything that has a name, in the order of the file."""
    for product in booking:
        twins = [option for option in product["options"] if are_twins(product, option)]
        yield Named(product["id"], (product, *twins))
        for option in product["options"]:
            at = f"{product['id']}/{option['id']}"
            if option not in twins:
                yield Named(at, (option,))
            for unit in option["units"]:
                yield Named(f"{at}/{unit['id']}", (unit,))


def are_twins(product: Json, option: Json) -> bool:
    """Tell whether a product and its only option are called alike, in every language."""
    return len(product["options"]) == 1 and option["names"] == product["names"]


def in_source(text: str, source: str) -> dict[str, str]:
    """Return names made of a text in the source language, with what a converter of scripts makes of it."""
    converted = {tag: traditional(text) for tag, origin in CONVERTIBLE.items() if origin == source}
    return {source: text, **converted}


def rename(thing: Json, text: str, source: str, *, minor: bool) -> None:
    """Call something anew in the source language; its translations are then out of date, unless the change is small.

    What a converter made of the old name, it makes of the new one.
    """
    before = thing["names"].get(source)
    if text == before:
        return
    converted = in_source(before, source) if before else {}
    names = thing["names"]
    made = {tag: new for tag, new in in_source(text, source).items() if names.get(tag) in (None, converted.get(tag))}
    pins = dict(thing.get(PINS) or {})
    others = names.keys() - made.keys() - {source}
    if minor and before:
        pins = {tag: pin for tag, pin in pins.items() if pin != digest(before)}
    elif before:
        pins = dict.fromkeys(others, digest(before)) | pins
    thing["names"] = {**names, **made, source: text}
    _pin(thing, {tag: pin for tag, pin in pins.items() if tag not in made and pin != digest(text)})


def translate(thing: Json, tag: str, text: str) -> None:
    """Call something so in another language than the source; with no text, there it has no name."""
    names = {**thing["names"], tag: text}
    thing["names"] = {language: name for language, name in names.items() if name}
    _pin(thing, {language: pin for language, pin in (thing.get(PINS) or {}).items() if language != tag})


def states(fields: Fields, source: str, tag: str) -> dict[str, State]:
    """Return the state of every name of what a listing sells; of a `booking` that has mistakes, none."""
    booking = fields.get("facts/booking") or []
    try:
        PRODUCTS.validate_python(booking)
    except ValidationError:
        return {}
    return {named.key: state(named, source, tag) for named in everything_named(booking)}


def state(named: Named, source: str, tag: str) -> State:
    """Return how the name in a language stands to the source's."""
    names, original = named.names, named.names.get(source)
    if not names.get(tag):
        return State.MISSING
    pin = (named.things[0].get(PINS) or {}).get(tag)
    if pin is not None and original and pin != digest(original):
        return State.STALE
    converted = original and in_source(original, source).get(tag)
    return State.CONVERTED if converted and names[tag] == converted else State.CURRENT


def _pin(thing: Json, pins: dict[str, str]) -> None:
    if pins:
        thing[PINS] = dict(sorted(pins.items()))
    else:
        thing.pop(PINS, None)
