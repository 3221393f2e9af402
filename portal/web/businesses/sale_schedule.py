"""The part of the form of what a listing sells that says when, and how many: times, days, seasons, cut-offs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from portal.bookings.schedule import WEEKDAYS
from portal.web.businesses.facts_form import BadField, Form

Json = dict[str, Any]
NUMBERS = ("capacity", "duration_minutes", "cutoff_minutes", "min_units", "max_units")
SPARE = 2
"""How many empty rows a table has beside those in use."""
MOST_ROWS = 60
CLOCK = re.compile(r"([01]?\d|2[0-3])[:.：]([0-5]\d)")
SEPARATORS = re.compile(r"[\s,;、，；]+")


def shown(form: Form, at: str, option: Json) -> None:
    """Put an option's times and places into controls whose names begin with `at`."""
    for name in NUMBERS:
        form[f"{at}-{name}"] = str(option.get(name, ""))
    form[f"{at}-cancel"] = str(option["cancellation_cutoff"]["amount"])
    form[f"{at}-cancel_unit"] = option["cancellation_cutoff"]["unit"]
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


def sent(form: Form, at: str, option: Json, *, by_start: bool) -> None:
    """Take what the controls send into the option.

    :param by_start: whether it departs, rather than being open.
    :raises BadField: for the first that cannot be.
    """
    for name in NUMBERS:
        if f"{at}-{name}" in form:
            put(option, name, number(form[f"{at}-{name}"]))
    if (amount := number(form.get(f"{at}-cancel", ""))) is not None:
        put(option, "cancellation_cutoff", {"amount": amount, "unit": form.get(f"{at}-cancel_unit", "hour")})
    if by_start:
        put(option, "start_times", times(form.get(f"{at}-start_times", "")) or option.get("start_times"))
    elif form.get(f"{at}-opens") and form.get(f"{at}-closes"):
        put(option, "opening_hours", {"from": form[f"{at}-opens"], "to": form[f"{at}-closes"]})
    days = weekdays(form, f"{at}-weekdays")
    put(option, "weekdays", None if len(days) == len(WEEKDAYS) and "weekdays" not in option else days)
    put(option, "seasons", _seasons(form, at, option) or None)
    put(option, "closures", _spans(form, f"{at}-closure", rows(form, f"{at}-closures"), option.get("closures")) or None)


def weekdays(form: Form, name: str) -> list[str]:
    """Return the days of the week that are chosen.

    :raises BadField: when none is.
    """
    days: list[str] = [day for day in WEEKDAYS if day in form.getlist(name)]
    if not days:
        raise BadField(gettext("Choose at least one day of the week."))
    return days


def put(option: Json, name: str, value: Any) -> None:
    """Set a value, or take it away; where it is as before, nothing is touched."""
    if value is None:
        option.pop(name, None)
    elif option.get(name) != value:
        option[name] = value


def _seasons(form: Form, at: str, option: Json) -> list[Json]:
    found = _spans(form, f"{at}-season", rows(form, f"{at}-seasons"), option.get("seasons"))
    for season, n in zip(found, _used(form, f"{at}-season", rows(form, f"{at}-seasons")), strict=True):
        row = f"{at}-season-{n}"
        put(season, "capacity", number(form.get(f"{row}-capacity", "")))
        put(season, "start_times", times(form.get(f"{row}-start_times", "")) or None)
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


def number(text: str) -> int | None:
    """Return a number that was typed, None when there is none.

    :raises BadField: when it is something else.
    """
    text = text.strip()
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 6):
        raise BadField(gettext("This is no number: %(number)s", number=text[:40]))
    return int(text)


def times(text: str) -> list[str]:
    """Return the times of day in a text, in order.

    :raises BadField: when a word is none.
    """
    found = []
    for word in filter(None, SEPARATORS.split(text)):
        match = CLOCK.fullmatch(word)
        if match is None:
            raise BadField(gettext("This is no time: %(time)s", time=word[:40]))
        found.append(f"{int(match[1]):02}:{match[2]}")
    return sorted(set(found))
