"""The form of a place's facts: values into controls, and what was sent into values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import phonenumbers
from babel.numbers import get_currency_precision
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from portal.catalog import hours
from portal.catalog.datum import bd09, gcj02, wgs84
from portal.editing import week
from portal.editing.document import Fields
from portal.editing.week import DAYS, SpecialDays, Week

Form = MultiDict[str, str]
CHOICES = ("tags", "accessibility", "languages_spoken", "payment")
LINES = ("subtype", "district", "website")
SPECIALS = 3
"""How many empty rows for exceptions a form has beside those in use."""
MOST_SPECIALS = 60
SPANS = ("1", "2")
DATUMS = {"WGS-84": None, "GCJ-02": gcj02, "BD-09": bd09}
"""How points of a datum are moved back: maps of China have their own."""
CURRENCY = "CNY"


class BadField(Exception):
    """A field has a value it cannot have; the message says so in the reader's language."""


def shown(fields: Fields) -> Form:
    """Return what the controls show of a listing's fields, as a browser would send it back."""
    form: Form = MultiDict()
    for name in CHOICES:
        form.setlist(name, list(fields.get(f"facts/{name}") or []))
    for name in LINES:
        form[name] = fields.get(f"facts/{name}") or ""
    form["phones"] = "\n".join(fields.get("facts/phones") or [])
    passport = fields.get("facts/passport_needed")
    form["passport_needed"] = "" if passport is None else "yes" if passport else "no"
    price = fields.get("facts/price") or {}
    form["currency"] = price.get("currency", CURRENCY)
    form["level"] = str(price.get("level") or "")
    lowest = price.get("from")
    form["from"] = "" if lowest is None else str(Decimal(lowest).scaleb(-get_currency_precision(form["currency"])))
    form.update(location_shown(fields))
    form.update(_week_shown(fields.get("facts/opening_hours") or ""))
    return form


def location_shown(fields: Fields) -> Form:
    """Return what the controls of a place on the map show."""
    place = fields.get("facts/location") or {}
    form: Form = MultiDict({name: str(place.get(name, "")) for name in ("lat", "lon", "precision_m")})
    form["datum"] = "WGS-84"
    return form


def _week_shown(text: str) -> Form:
    form: Form = MultiDict({"hours": text, "hours_before": text})
    shown_week = week.parse(text) if text else Week()
    if shown_week is None or any(len(spans) > len(SPANS) for spans in shown_week.all_hours):
        return form
    form["week"] = "1"
    for day in DAYS:
        _spans_shown(form, day, shown_week.days.get(day, ()))
    form["PH"] = "" if shown_week.holidays is None else "own" if shown_week.holidays else "off"
    _spans_shown(form, "PH", shown_week.holidays or ())
    for n, item in enumerate(shown_week.exceptions):
        form[f"special-{n}-first"], form[f"special-{n}-last"] = item.first.isoformat(), item.last.isoformat()
        _spans_shown(form, f"special-{n}", item.hours)
    form["specials"] = str(len(shown_week.exceptions) + SPECIALS)
    return form


def _spans_shown(form: Form, name: str, spans: tuple[str, ...]) -> None:
    for number, span in zip(SPANS, spans, strict=False):
        form[f"{name}-open-{number}"], _, end = span.partition("-")
        form[f"{name}-close-{number}"] = "00:00" if end == "24:00" else end


def sent(form: Form, country: str) -> dict[str, Any]:
    """Return the fields that a form sends; what is empty is None.

    :param country: whose phone numbers may leave out the country's code, such as `CN`.
    :raises BadField: for the first that cannot be.
    """
    values: dict[str, Any] = {name: line(form, name) for name in LINES}
    values |= {name: [value for value in form.getlist(name) if value] or None for name in CHOICES}
    values["phones"] = _phones(form.get("phones", ""), country)
    values["passport_needed"] = {"yes": True, "no": False}.get(form.get("passport_needed", ""))
    values["price"] = _price(form)
    values["location"] = location(form)
    values["opening_hours"] = _hours(form)
    return {f"facts/{name}": value for name, value in values.items()}


def line(form: Mapping[str, str], name: str) -> str | None:
    """Return what was sent of a field of one line, None when it is empty."""
    return " ".join(form.get(name, "").replace("\x00", "").split()) or None


def _phones(text: str, country: str) -> list[str] | None:
    found = []
    for line in filter(None, (line.strip() for line in text.replace("\x00", "").splitlines())):
        try:
            number = phonenumbers.parse(line, country)
        except phonenumbers.NumberParseException:
            number = None
        if number is None or not phonenumbers.is_valid_number(number):
            raise BadField(gettext("This is no phone number: %(number)s", number=line[:40]))
        found.append(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    return list(dict.fromkeys(found)) or None


def _price(form: Form) -> dict[str, Any] | None:
    currency = (line(form, "currency") or CURRENCY).upper()
    price: dict[str, Any] = {}
    level = form.get("level", "")
    if level in {"1", "2", "3", "4"}:
        price["level"] = int(level)
    if text := line(form, "from"):
        price["from"] = minor(text, currency)
    return {**price, "currency": currency} if price else None


def minor(text: str, currency: str) -> int:
    """Return an amount as it is typed in minor units of its currency.

    :raises BadField: when it is none.
    """
    try:
        amount = Decimal(text.replace(",", ".")).scaleb(get_currency_precision(currency))
        if not 0 <= amount <= 10**9 or amount != int(amount):
            raise InvalidOperation
    except (InvalidOperation, ValueError, OverflowError):
        raise BadField(gettext("This is no amount of money: %(amount)s", amount=text[:40])) from None
    return int(amount)


def location(form: Mapping[str, str]) -> dict[str, Any] | None:
    """Return the place that a form gives in one of the datums, in WGS-84; None when it gives none.

    Both numbers may stand in the first field, as maps give them to be copied, those of China with the east first.

    :raises BadField: when it is no place on Earth.
    """
    texts = [line(form, name) for name in ("lat", "lon")]
    pair = re.split(r"[,;，\s]+", texts[0] or "")
    pasted = texts[1] is None and len(pair) == 2
    if pasted:
        texts = [*pair]
    if texts == [None, None]:
        return None
    try:
        lat, lon = (float(text or "") for text in texts)
        precision = int(line(form, "precision_m") or 100)
    except (ValueError, OverflowError):
        raise BadField(gettext("Enter latitude and longitude in degrees, such as 39.1 and 117.2.")) from None
    if pasted and abs(lat) > 90:
        lat, lon = lon, lat
    if not (-90 <= lat <= 90 and -180 <= lon <= 180 and 1 <= precision <= 50_000):
        raise BadField(gettext("Enter latitude and longitude in degrees, such as 39.1 and 117.2."))
    shift = DATUMS.get(form.get("datum", ""))
    if shift is not None:
        lat, lon = (round(degrees, 6) for degrees in wgs84((lat, lon), shift))
    return {"lat": lat, "lon": lon, "precision_m": precision}


def _hours(form: Form) -> str | None:
    before, text = form.get("hours_before", ""), " ".join(form.get("hours", "").replace("\x00", "").split())
    if text == before and form.get("week"):
        planned = _week(form)
        text = before if before and planned == week.parse(before) else week.compose(planned)
    if not text:
        return None
    try:
        return hours.check(text)
    except ValueError:
        raise BadField(gettext("These opening hours cannot be read: %(hours)s", hours=text[:200])) from None


def _week(form: Form) -> Week:
    days = {day: _spans(form, day) for day in DAYS}
    rule = form.get("PH", "")
    holidays = {"off": (), "own": _spans(form, "PH")}.get(rule)
    specials = [_special(form, f"special-{n}") for n in range(rows_of_exceptions(form))]
    kept = {day: spans for day, spans in days.items() if spans}
    return Week(kept, holidays, tuple(item for item in specials if item is not None))


def rows_of_exceptions(form: Form) -> int:
    """Return how many rows for exceptions a form has."""
    number = form.get("specials", "0")
    return min(int(number), MOST_SPECIALS) if number.isascii() and number.isdecimal() and len(number) < 4 else 0


def _special(form: Form, name: str) -> SpecialDays | None:
    first, last = form.get(f"{name}-first", ""), form.get(f"{name}-last", "")
    if not first:
        return None
    try:
        days = date.fromisoformat(first), date.fromisoformat(last or first)
    except ValueError:
        days = date.max, date.min
    if days[1] < days[0]:
        raise BadField(gettext("These days cannot be: %(first)s – %(last)s", first=first[:20], last=last[:20]))
    return SpecialDays(*days, _spans(form, name))


def _spans(form: Mapping[str, str], name: str) -> tuple[str, ...]:
    pairs = [(form.get(f"{name}-open-{n}", ""), form.get(f"{name}-close-{n}", "")) for n in SPANS]
    return tuple(f"{start}-{'24:00' if end == '00:00' else end}" for start, end in pairs if start and end)
