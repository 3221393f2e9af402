"""The form of the facts of events, itineraries and guides: values into controls, and what was sent into values."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext

from portal.catalog import recurrence
from portal.catalog.facts import KINDS
from portal.catalog.recurrence import CHINESE
from portal.editing.document import Fields
from portal.web.businesses.facts_form import BadField, Form, line, location, location_shown

SPARE_ROWS = 3
"""How many empty rows a form has beside those in use."""
MOST_ROWS = 60
SIMPLE = re.compile(r"^(RSCALE=CHINESE;)?FREQ=YEARLY;BYMONTH=(\d+);BYMONTHDAY=(\d+)$")
"""A rule that a calendar, a month and a day show."""
LISTING = re.compile(r"(?:^|/)([a-z]+/[a-z0-9]+(?:-[a-z0-9]+)*)/?$")
"""The id of a listing, maybe at the end of its page's address."""


def shown(kind: str, fields: Fields) -> Form:
    """Return what the controls show of a listing's fields, as a browser would send it back."""
    form: Form = location_shown(fields)
    form.setlist("tags", list(fields.get("facts/tags") or []))
    form["district"] = fields.get("facts/district") or ""
    form["days"] = str(fields.get("facts/days", ""))
    stops = fields.get("facts/stops") or []
    places = [stop.get("place", "") for stop in stops] if kind == "itineraries" else fields.get("facts/places") or []
    form["rows"] = str(len(places) + SPARE_ROWS)
    for n, place in enumerate(places):
        form[f"place-{n}"] = place
    for n, stop in enumerate(stops):
        form[f"minutes-{n}"] = str(stop.get("minutes", ""))
    if kind == "events":
        form.update(_rule_shown(fields.get("facts/recurrence") or ""))
        form["approximate"] = "1" if fields.get("facts/approximate") else ""
    return form


def sent(kind: str, form: Form, fields: Fields) -> dict[str, Any]:
    """Return the fields that a form sends; what is empty is None.

    :raises BadField: for the first that cannot be.
    """
    values: dict[str, Any] = {
        "tags": [value for value in form.getlist("tags") if value] or None,
        "district": line(form, "district"),
        "location": location(form),
    }
    if kind != "guides":
        values["days"] = _number(form, "days")
    if kind == "itineraries":
        values["stops"] = [{"place": place, "minutes": minutes or 0} for place, minutes in _rows(form)] or None
    else:
        values["places"] = [place for place, _ in _rows(form)] or None
    if kind == "events":
        values["recurrence"] = _rule(form)
        never = False if fields.get("facts/approximate") is False else None
        values["approximate"] = True if form.get("approximate") else never
    return {f"facts/{name}": value for name, value in values.items()}


def rows_of(form: Form) -> int:
    """Return how many rows for places a form has."""
    number = form.get("rows", "0")
    return min(int(number), MOST_ROWS) if number.isascii() and number.isdecimal() and len(number) < 4 else 0


def _rule_shown(rule: str) -> Form:
    form = Form({"rule": rule, "rule_before": rule})
    simple = SIMPLE.match(rule)
    if simple or not rule:
        form["simple"] = "1"
        form["calendar"] = "chinese" if simple and simple[1] else ""
        form["month"], form["day"] = (simple[2], simple[3]) if simple else ("", "")
    return form


def _rule(form: Form) -> str | None:
    before, rule = form.get("rule_before", ""), line(form, "rule") or ""
    month, day = _number(form, "month"), _number(form, "day")
    if rule == before and form.get("simple") and (month or day):
        chinese = CHINESE if form.get("calendar") == "chinese" else ""
        rule = f"{chinese}FREQ=YEARLY;BYMONTH={month or 0};BYMONTHDAY={day or 0}"
    if not rule:
        return None
    try:
        return recurrence.check(rule)
    except ValueError:
        raise BadField(gettext("There is no such day in any year: %(rule)s", rule=rule[:200])) from None


def _rows(form: Form) -> list[tuple[str, int | None]]:
    rows = [(line(form, f"place-{n}"), _number(form, f"minutes-{n}")) for n in range(rows_of(form))]
    return [(_listing(place), minutes) for place, minutes in rows if place]


def _listing(text: str) -> str:
    match = LISTING.search(text)
    if match is None or match[1].partition("/")[0] not in KINDS:
        raise BadField(gettext("This is not a listing: %(address)s", address=text[:100]))
    return match[1]


def _number(form: Form, name: str) -> int | None:
    text = line(form, name)
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 5):
        raise BadField(gettext("This is not a whole number: %(number)s", number=text[:40]))
    return int(text)
