"""The form of what a listing sells: products' terms into controls, and what was sent into terms.

Values are those of `booking` in listing.yaml; what no control shows stays as it is.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from portal.bookings.schedule import WEEKDAYS
from portal.web.businesses.facts_form import BadField, Form, minor
from portal.web.formats import decimal_amount

Json = dict[str, Any]
NUMBERS = ("capacity", "duration_minutes", "cutoff_minutes", "max_units")
SPARE = 2
"""How many empty rows a table has beside those in use."""
MOST_ROWS = 60
CLOCK = re.compile(r"([01]?\d|2[0-3])[:.：]([0-5]\d)")
SEPARATORS = re.compile(r"[\s,;、，；]+")


def shown(booking: list[Json]) -> Form:
    """Return what the controls show, as a browser would send it back."""
    form: Form = Form()
    for p, product in enumerate(booking):
        for o, option in enumerate(product["options"]):
            at = f"{p}-{o}"
            _option_shown(form, at, option)
            for u, unit in enumerate(option["units"]):
                form[f"{at}-{u}-price"] = str(decimal_amount(unit["price"], product["currency"]))
    return form


def _option_shown(form: Form, at: str, option: Json) -> None:
    for name in NUMBERS:
        form[f"{at}-{name}"] = str(option.get(name, ""))
    _times_shown(form, at, option)
    form.setlist(f"{at}-weekdays", option.get("weekdays", WEEKDAYS))
    for n, season in enumerate(option.get("seasons", [])):
        row = f"{at}-season-{n}"
        form[f"{row}-from"], form[f"{row}-to"] = season["from"], season["to"]
        form[f"{row}-capacity"] = str(season.get("capacity", ""))
        form[f"{row}-start_times"] = ", ".join(season.get("start_times", []))
    form[f"{at}-seasons"] = str(len(option.get("seasons", [])) + SPARE)
    for n, closure in enumerate(option.get("closures", [])):
        form[f"{at}-closure-{n}-from"], form[f"{at}-closure-{n}-to"] = closure["from"], closure["to"]
    form[f"{at}-closures"] = str(len(option.get("closures", [])) + SPARE)


def _times_shown(form: Form, at: str, option: Json) -> None:
    form[f"{at}-start_times"] = ", ".join(option.get("start_times", []))
    hours = option.get("opening_hours") or {}
    form[f"{at}-opens"], form[f"{at}-closes"] = hours.get("from", ""), hours.get("to", "")


def sent(form: Form, booking: list[Json]) -> list[Json]:
    """Return the terms that a form sends, made from those it showed.

    :raises BadField: for the first that cannot be.
    """
    changed = copy.deepcopy(booking)
    for p, product in enumerate(changed):
        for o, option in enumerate(product["options"]):
            at = f"{p}-{o}"
            _option_sent(form, at, product, option)
            for u, unit in enumerate(option["units"]):
                if text := form.get(f"{at}-{u}-price", "").strip():
                    unit["price"] = minor(text, product["currency"])
    return changed


def _option_sent(form: Form, at: str, product: Json, option: Json) -> None:
    for name in NUMBERS:
        if f"{at}-{name}" in form:
            _put(option, name, _number(form[f"{at}-{name}"]))
    if product["availability_type"] == "START_TIME":
        _put(option, "start_times", _times(form.get(f"{at}-start_times", "")) or option.get("start_times"))
    elif form.get(f"{at}-opens") and form.get(f"{at}-closes"):
        _put(option, "opening_hours", {"from": form[f"{at}-opens"], "to": form[f"{at}-closes"]})
    days = [day for day in WEEKDAYS if day in form.getlist(f"{at}-weekdays")]
    if not days:
        raise BadField(gettext("Choose at least one day of the week."))
    _put(option, "weekdays", None if len(days) == len(WEEKDAYS) and "weekdays" not in option else days)
    _put(option, "seasons", _seasons(form, at, option) or None)
    _put(
        option, "closures", _spans(form, f"{at}-closure", rows(form, f"{at}-closures"), option.get("closures")) or None
    )


def _put(option: Json, name: str, value: Any) -> None:
    """Set a value, or take it away; where it is as before, nothing is touched."""
    if value is None:
        option.pop(name, None)
    elif option.get(name) != value:
        option[name] = value


def _seasons(form: Form, at: str, option: Json) -> list[Json]:
    found = _spans(form, f"{at}-season", rows(form, f"{at}-seasons"), option.get("seasons"))
    for season, n in zip(found, _used(form, f"{at}-season", rows(form, f"{at}-seasons")), strict=True):
        row = f"{at}-season-{n}"
        _put(season, "capacity", _number(form.get(f"{row}-capacity", "")))
        _put(season, "start_times", _times(form.get(f"{row}-start_times", "")) or None)
    return found


def _spans(form: Form, name: str, number: int, before: list[Json] | None) -> list[Json]:
    """Return the rows that have a first day; one that was there keeps what no control shows."""
    found = []
    for n in _used(form, name, number):
        first = form[f"{name}-{n}-from"].strip()
        last = form.get(f"{name}-{n}-to", "").strip() or first
        known = (before or [])[n] if n < len(before or []) else {}
        found.append({**known, "from": first, "to": last})
    return found


def _used(form: Form, name: str, number: int) -> list[int]:
    return [n for n in range(number) if form.get(f"{name}-{n}-from", "").strip()]


def rows(form: Mapping[str, str], name: str) -> int:
    """Return how many rows of a kind a form has."""
    text = form.get(name, "0")
    return min(int(text), MOST_ROWS) if text.isascii() and text.isdecimal() and len(text) < 4 else 0


def _number(text: str) -> int | None:
    text = text.strip()
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 6):
        raise BadField(gettext("This is no number: %(number)s", number=text[:40]))
    return int(text)


def _times(text: str) -> list[str]:
    found = []
    for word in filter(None, SEPARATORS.split(text)):
        match = CLOCK.fullmatch(word)
        if match is None:
            raise BadField(gettext("This is no time: %(time)s", time=word[:40]))
        found.append(f"{int(match[1]):02}:{match[2]}")
    return sorted(set(found))
