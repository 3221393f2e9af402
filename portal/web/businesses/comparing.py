"""What changed between two states of a listing, in words a person reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext
from pydantic import ValidationError

from portal.catalog.facts import PICTURE_NAME, Focus
from portal.editing import week
from portal.editing.document import FACTS_ORDER, Fields
from portal.editing.uploads import images_of
from portal.editing.week import DAYS, HOLIDAY
from portal.editing.words import Change, difference
from portal.web.businesses.moves import Move, move
from portal.web.businesses.text_form import LABELS, as_text
from portal.web.context import languages
from portal.web.formats import day, in_reader_language, language_name, money

MONDAY = date(2024, 1, 1)


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


def fact_labels() -> dict[str, str]:
    """Return what the facts are called."""
    return {
        "subtype": gettext("Kind of place"),
        "district": gettext("District"),
        "location": gettext("On the map"),
        "opening_hours": gettext("Opening hours"),
        "price": gettext("Price"),
        "phones": gettext("Phone"),
        "website": gettext("Website"),
        "tags": gettext("Theme"),
        "accessibility": gettext("Accessibility"),
        "languages_spoken": gettext("Languages spoken"),
        "payment": gettext("Payment"),
        "passport_needed": gettext("Passport"),
        "images": gettext("Pictures"),
        "recurrence": gettext("When it comes round every year"),
        "approximate": gettext("Only the season is certain; the days are announced each year"),
        "days": gettext("How many days it takes"),
        "stops": gettext("Stops, in order"),
        "places": gettext("Places it leads to"),
        "booking": gettext("Prices and places"),
    }


def words(name: str, value: Any) -> str:
    """Return a field's value in words."""
    if value is None:
        return ""
    if name == "opening_hours":
        return hours_in_words(value)
    if name == "stops":
        return "\n".join(f"{stop.get('place')}: {stop.get('minutes')}" for stop in value if isinstance(stop, dict))
    if name == "location" and isinstance(value, dict):
        return f"{value.get('lat')}, {value.get('lon')} (WGS-84, ±{value.get('precision_m', 100)} m)"
    if name == "booking":
        return "\n".join(line for product in value for line in _product_in_words(product))
    return as_text(value)


def _product_in_words(product: dict[str, Any]) -> Iterator[str]:
    """Give a line for each thing that a business sets about a product."""
    for option in product["options"]:
        yield f"{in_reader_language(product['names'])} · {in_reader_language(option['names'])}"
        for unit in option["units"]:
            yield f"{in_reader_language(unit['names'])}: {money(unit['price'], product['currency'])}"
        for key, value in option.items():
            if key not in {"id", "names", "units"}:
                yield f"{key}: {as_text(value)}"


def hours_in_words(text: str) -> str:
    """Return opening hours a line a day, or as they are when a week does not show them."""
    shown = week.parse(text)
    if shown is None:
        return text
    lines = [f"{day_name(name)}: {_spans(shown.days.get(name, ()))}" for name in DAYS]
    if shown.holidays is not None:
        lines.append(f"{day_name(HOLIDAY)}: {_spans(shown.holidays)}")
    for item in shown.exceptions:
        until = "" if item.first == item.last else f" – {day(item.last, 'medium')}"
        lines.append(f"{day(item.first, 'medium')}{until}: {_spans(item.hours)}")
    return "\n".join(lines)


def day_name(name: str) -> str:
    """Return what a day of the week, or public holidays, are called."""
    if name == HOLIDAY:
        return str(gettext("Public holiday"))
    return day(MONDAY + timedelta(days=DAYS.index(name)), "EEEE")


def _spans(spans: tuple[str, ...]) -> str:
    return ", ".join(spans) or str(gettext("Closed"))


def _rank(key: str) -> tuple[int, int, str]:
    folder, _, name = key.partition("/")
    order: list[str] = list(FACTS_ORDER) if folder == "facts" else list(LABELS)
    tags = languages().tags
    first = -1 if folder == "facts" else tags.index(folder) if folder in tags else len(tags)
    return first, order.index(name) if name in order else len(order), name
