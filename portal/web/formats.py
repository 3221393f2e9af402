"""Values as the reader's language writes them: money, dates, times, distances, phone numbers, names of kinds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from typing import Any

import phonenumbers
from babel.dates import format_date, format_interval, format_time
from babel.numbers import format_currency, format_decimal, get_currency_precision, get_currency_symbol
from babel.units import format_unit
from flask import Flask
from flask_babel import lazy_gettext

from portal.catalog.facts import PLACES
from portal.catalog.recurrence import Occurrence
from portal.languages.names import name_in
from portal.web.context import language, languages

KIND_NAMES = {
    "attractions": lazy_gettext("Attractions"),
    "dining": lazy_gettext("Dining"),
    "entertainment": lazy_gettext("Entertainment"),
    "events": lazy_gettext("Events"),
    "itineraries": lazy_gettext("Itineraries"),
    "guides": lazy_gettext("Guides"),
}
ACCESSIBILITY = {
    "step-free": lazy_gettext("Step-free access"),
    "accessible-toilet": lazy_gettext("Accessible toilet"),
    "lift": lazy_gettext("Lift"),
    "wheelchair-loan": lazy_gettext("Wheelchairs on loan"),
    "hearing-loop": lazy_gettext("Hearing loop"),
}
PAYMENT = {
    "alipay": lazy_gettext("Alipay"),
    "wechat-pay": lazy_gettext("WeChat Pay"),
    "cash": lazy_gettext("Cash"),
    "unionpay": lazy_gettext("UnionPay"),
    "foreign-card": lazy_gettext("International bank cards"),
}


def init_app(app: Flask) -> None:
    """Give templates the formats as filters, and the names as globals."""
    for function in (
        money,
        day,
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
    ):
        app.add_template_filter(function)
    app.jinja_env.globals.update(KIND_NAMES=KIND_NAMES, PLACES=PLACES, ACCESSIBILITY=ACCESSIBILITY, PAYMENT=PAYMENT)


def money(minor: int, currency: str) -> str:
    """Return an amount given in minor units (fen, cents)."""
    amount = Decimal(minor).scaleb(-get_currency_precision(currency))
    text = format_currency(amount, currency, locale=language().locale)
    if language().direction == "rtl":  # or the letters and the sign of CN¥ change places
        symbol = get_currency_symbol(currency, language().locale)
        text = text.replace(symbol, f"\u2066{symbol}\u2069")
    return text


def count(value: int) -> str:
    """Return a whole number with the reader's digits and separators."""
    return str(format_decimal(value, locale=language().locale))


def day(value: date, form: str = "full") -> str:
    """Return a date; `form` is one of Babel's (short, medium, long, full) or a pattern."""
    return format_date(value, form, locale=language().locale)


def days(occurrence: Occurrence) -> str:
    """Return the day, or the first and the last day, of an event."""
    if occurrence.first == occurrence.last:
        return day(occurrence.first, "long")
    return str(format_interval(occurrence.first, occurrence.last, "yMMMd", locale=language().locale))


def duration(minutes: int) -> str:
    """Return a length of time in hours and minutes."""
    hours, rest = divmod(minutes, 60)
    units = ((hours, "duration-hour"), (rest, "duration-minute"))
    return " ".join(format_unit(value, unit, "long", locale=language().locale) for value, unit in units if value)


def clock_time(value: time) -> str:
    """Return a time of day, without its seconds."""
    return format_time(value, "short", locale=language().locale)


def clock_text(value: str) -> str:
    """Return a time of day given as `HH:MM`; 24:00 is midnight."""
    return clock_time(time(int(value[:2]) % 24, int(value[3:])))


def lowest_price(product: Mapping[str, Any]) -> str:
    """Return the lowest price of a bookable product as its listing states it."""
    prices = [unit["price"] for option in product["options"] for unit in option["units"]]
    return money(min(price for price in prices if price or not any(prices)), product["currency"])


def distance(metres: float) -> str:
    """Return a distance in metres, or in kilometres from one kilometre on."""
    if metres < 1000:
        return format_unit(round(metres, -1), "length-meter", "short", locale=language().locale)
    return format_unit(round(metres / 1000, 1), "length-kilometer", "short", locale=language().locale)


def phone(e164: str) -> str:
    """Return a phone number in international form."""
    return phonenumbers.format_number(phonenumbers.parse(e164), phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def language_name(tag: str) -> str:
    """Return a language's name in the reader's language."""
    known = languages().get(tag)
    return (known.locale.get_display_name(language().locale) if known else None) or tag


def in_reader_language(names: Mapping[str, str]) -> str:
    """Return the name in the reader's language, or the next best."""
    return name_in(names, [step.tag for step in languages().fallbacks(language())])
