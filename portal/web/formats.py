"""Values as the reader's language writes them: money, dates, times, distances, phone numbers, names of kinds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import phonenumbers
from babel.dates import format_date, format_datetime, format_time
from babel.numbers import format_currency, format_decimal, get_currency_precision, get_currency_symbol
from babel.units import format_unit
from flask import Flask
from flask_babel import lazy_gettext

from portal.catalog.model import name_in
from portal.web.context import language, languages

KIND_NAMES = {
    "attractions": lazy_gettext("Attractions"),
    "dining": lazy_gettext("Dining"),
    "entertainment": lazy_gettext("Entertainment"),
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
        moment,
        distance,
        phone,
        language_name,
        count,
        in_reader_language,
        clock_text,
        lowest_price,
    ):
        app.add_template_filter(function)
    app.jinja_env.globals.update(KIND_NAMES=KIND_NAMES, ACCESSIBILITY=ACCESSIBILITY, PAYMENT=PAYMENT)


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


def moment(value: datetime) -> str:
    """Return a date and time, in the zone the value carries."""
    return format_datetime(value, "long", tzinfo=value.tzinfo, locale=language().locale)


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
    return name_in(names, languages().fallbacks(language()))
