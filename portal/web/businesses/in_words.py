"""The facts of a listing in words that a person reads: codes by their names, opening hours a line a day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from flask_babel import gettext

from portal.editing import week
from portal.editing.week import DAYS, HOLIDAY
from portal.web.businesses.text_form import as_text
from portal.web.context import services
from portal.web.formats import day, in_reader_language, language_names, money, names_of
from portal.web.wording import ACCESSIBILITY, PAYMENT, PRICES

MONDAY = date(2024, 1, 1)
CODES: Mapping[str, Callable[[], dict[Any, str]]] = MappingProxyType(
    {
        "tags": lambda: dict(names_of(services().catalog.tags())),
        "district": lambda: dict(names_of(services().catalog.districts())),
        "accessibility": lambda: {code: gettext(called) for code, called in ACCESSIBILITY.items()},
        "payment": lambda: {code: gettext(called) for code, called in PAYMENT.items()},
        "languages_spoken": lambda: dict(language_names()),
        "passport_needed": lambda: {True: gettext("Needed"), False: gettext("Not needed")},
        "approximate": lambda: {True: gettext("Yes"), False: gettext("No")},
    }
)
"""Facts that are kept as codes, and what the codes are called."""


def fact_labels() -> dict[str, str]:
    """Return what the facts are called."""
    return {
        "subtype": gettext("Kind of place"),
        "district": gettext("District"),
        "location": gettext("Place on the map"),
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
    """Return a field's value in words; one that a file broken by hand gives another form, as it is."""
    if name in CODES:
        return _codes_in_words(CODES[name](), value)
    form, told = IN_WORDS.get(name, (object, as_text))
    return told(value) if value is not None and isinstance(value, form) else as_text(value)


def _codes_in_words(known: dict[Any, str], value: Any) -> str:
    codes = value if isinstance(value, list) else [] if value is None else [value]
    return "\n".join(known.get(code, str(code)) if isinstance(code, str | bool) else str(code) for code in codes)


def _stops_in_words(stops: list[Any]) -> str:
    return "\n".join(f"{stop.get('place')}: {stop.get('minutes')}" for stop in stops if isinstance(stop, dict))


def _place_in_words(place: dict[str, Any]) -> str:
    return f"{place.get('lat')}, {place.get('lon')} (WGS-84, ±{place.get('precision_m', 100)} m)"


def _booking_in_words(products: list[Any]) -> str:
    return "\n".join(line for product in products for line in _product_in_words(product))


def _product_in_words(product: dict[str, Any]) -> Iterator[str]:
    """Give a line for each thing that a business sets about a product."""
    for option in product["options"]:
        yield f"{in_reader_language(product['names'])} · {in_reader_language(option['names'])}"
        for unit in option["units"]:
            yield f"{in_reader_language(unit['names'])}: {money(unit['price'], product['currency'])}"
        labels = _sale_labels()
        for key, value in option.items():
            if key not in {"id", "names", "names_from", "units"}:
                yield f"{labels.get(key, key)}: {_setting(value)}"


def _setting(value: Any) -> str:
    """Return a setting of what is sold, such as a span of hours or how long before the start, on one line."""
    if isinstance(value, dict) and value.keys() == {"amount", "unit"}:
        units = {"minute": gettext("minutes"), "hour": gettext("hours"), "day": gettext("days")}
        return f"{value['amount']} {units.get(value['unit'], value['unit'])}"
    if isinstance(value, dict):
        return ", ".join(f"{key} {_setting(one)}" for key, one in value.items())
    return ", ".join(map(_setting, value)) if isinstance(value, list) else as_text(value)


def _sale_labels() -> dict[str, str]:
    return {
        "capacity": gettext("Places"),
        "start_times": gettext("Departures, such as 10:00, 14:00"),
        "opening_hours": gettext("Opening hours"),
        "duration_minutes": gettext("Duration in minutes"),
        "weekdays": gettext("Days of the week"),
        "seasons": gettext("Seasons"),
        "closures": gettext("Closed every year, or for long"),
        "cutoff_minutes": gettext("Sales end so many minutes before"),
        "cancellation_cutoff": gettext("Free to cancel until so long before"),
        "min_units": gettext("Tickets in one booking, at least"),
        "max_units": gettext("Tickets in one booking, at most"),
    }


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


def _price_in_words(price: dict[str, Any]) -> str:
    level, lowest = price.get("level"), price.get("from")
    lines = [] if level is None else [str(gettext(PRICES[level])) if level in PRICES else str(level)]
    if isinstance(lowest, int):
        lines.append(f"{gettext('Lowest price')}: {money(lowest, str(price.get('currency', 'CNY')))}")
    return "\n".join(lines)


IN_WORDS: Mapping[str, tuple[type, Callable[[Any], str]]] = MappingProxyType(
    {
        "opening_hours": (str, hours_in_words),
        "price": (dict, _price_in_words),
        "location": (dict, _place_in_words),
        "stops": (list, _stops_in_words),
        "booking": (list, _booking_in_words),
    }
)
"""Facts with a form of their own: of which type they are, and what tells them."""
