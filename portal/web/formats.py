"""Values as the reader's language writes them: money, dates, times, distances, phone numbers, names of kinds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache, wraps
from typing import Any, ParamSpec, Protocol

import phonenumbers
from babel.dates import format_date, format_interval, format_skeleton
from babel.numbers import format_currency, format_decimal, get_currency_precision, get_currency_symbol
from babel.units import format_unit
from flask import Flask

from portal.catalog.facts import PLACES, Facts
from portal.catalog.model import Card
from portal.catalog.recurrence import Occurrence
from portal.languages.model import Language
from portal.languages.names import name_in
from portal.languages.quantities import unit_text
from portal.web.context import language, languages


class Named(Protocol):
    """What has names by language."""

    @property
    def names(self) -> Mapping[str, str]:
        """The names by language tag."""
        ...


Parameters = ParamSpec("Parameters")


def per_language(format_: Callable[Parameters, str]) -> Callable[Parameters, str]:
    """Remember what a format gave in each language: working it out takes a good part of a page's time."""

    @lru_cache(maxsize=16_384)
    def remembered(_language: Language, *args: Any) -> str:
        return format_(*args)  # type: ignore[call-arg]

    @wraps(format_)
    def given(*args: Parameters.args, **kwargs: Parameters.kwargs) -> str:
        return format_(*args, **kwargs) if kwargs else remembered(language(), *args)

    return given


def init_app(app: Flask) -> None:
    """Give templates the formats as filters, and the names as globals."""
    for function in (
        money,
        day,
        month_name,
        clock_time,
        days,
        duration,
        distance,
        phone,
        language_name,
        count,
        in_reader_language,
        clock_text,
        lowest_price,
        away_from,
    ):
        app.add_template_filter(function)
    app.jinja_env.globals.update(PLACES=PLACES)
    app.jinja_env.globals.update(names_of=names_of, language_names=language_names)


def decimal_amount(minor: int, currency: str) -> Decimal:
    """Return an amount given in minor units in the currency's own unit, with as many decimals as it has."""
    return Decimal(minor).scaleb(-get_currency_precision(currency))


@per_language
def money(minor: int, currency: str) -> str:
    """Return an amount given in minor units (fen, cents)."""
    text = format_currency(decimal_amount(minor, currency), currency, locale=language().conventions)
    if language().direction == "rtl":  # or the letters and the sign of CN¥ change places
        symbol = get_currency_symbol(currency, language().conventions)
        text = text.replace(symbol, f"\u2066{symbol}\u2069")
    return text


@per_language
def count(value: int) -> str:
    """Return a whole number with the reader's digits and separators."""
    return str(format_decimal(value, locale=language().conventions))


@per_language
def day(value: date, form: str = "full") -> str:
    """Return a date; `form` is one of Babel's (short, medium, long, full) or a pattern."""
    return format_date(value, form, locale=language().conventions)


@per_language
def month_name(value: date) -> str:
    """Return a month with its year."""
    return str(format_skeleton("yMMMM", value, locale=language().conventions))


@per_language
def days(occurrence: Occurrence) -> str:
    """Return the day, or the first and the last day, of an event."""
    if occurrence.first == occurrence.last:
        return day(occurrence.first, "long")
    return str(format_interval(occurrence.first, occurrence.last, "yMMMd", locale=language().conventions))


@per_language
def duration(minutes: int) -> str:
    """Return a length of time in hours and minutes."""
    hours, rest = divmod(minutes, 60)
    units = ((hours, "duration-hour"), (rest, "duration-minute"))
    return " ".join(unit_text(value, unit, language().conventions) for value, unit in units if value)


@per_language
def clock_time(value: time) -> str:
    """Return a time of day as clocks and signs in the city have it: of 24 hours, without seconds."""
    return str(format_skeleton("Hm", datetime.combine(date.min, value), locale=language().conventions))


def clock_text(value: str) -> str:
    """Return a time of day given as `HH:MM`; 24:00 is midnight."""
    return clock_time(time(int(value[:2]) % 24, int(value[3:])))


def lowest_price(product: Mapping[str, Any]) -> int:
    """Return the lowest price of a bookable product as its listing states it, in minor units."""
    prices = [unit["price"] for option in product["options"] for unit in option["units"]]
    return int(min(price for price in prices if price or not any(prices)))


def distance(metres: float, *, exact: bool = False) -> str:
    """Return a distance in metres, or in kilometres from one kilometre on; rounded as a walker needs it, or exact."""
    if metres < 1000:
        return _length(round(metres, 0 if exact else -1 if metres < 200 else -2), "length-meter")
    return _length(round(metres / 1000, 1), "length-kilometer")


@per_language
def _length(value: float, unit: str) -> str:
    return format_unit(value, unit, "short", locale=language().conventions)


def away_from(card: Card, facts: Facts) -> float | None:
    """Return how far a card's place is from another, in metres; None when the two are not known well enough to say."""
    if card.distance_m is None or card.location is None or facts.location is None:
        return None
    doubt = card.location.precision_m + facts.location.precision_m
    return card.distance_m if card.distance_m >= doubt else None


def phone(e164: str) -> str:
    """Return a phone number in international form."""
    return phonenumbers.format_number(phonenumbers.parse(e164), phonenumbers.PhoneNumberFormat.INTERNATIONAL)


@per_language
def language_name(tag: str) -> str:
    """Return a language's name in the reader's language."""
    known = languages().get(tag)
    return (known.locale.get_display_name(language().locale) if known else None) or tag


def language_names() -> list[tuple[str, str]]:
    """Return the portal's languages and what the reader calls them."""
    return [(known.tag, language_name(known.tag)) for known in languages()]


def names_of(things: Mapping[str, Named]) -> list[tuple[str, str]]:
    """Return districts or tags by slug with their names in the reader's language."""
    return [(slug, in_reader_language(thing.names)) for slug, thing in things.items()]


def in_reader_language(names: Mapping[str, str]) -> str:
    """Return the name in the reader's language, or the next best."""
    return name_in(names, languages().fallback_tags(language()))
