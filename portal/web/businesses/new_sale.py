"""Something more to sell, from as few questions as can be; the rest is as most have it, and is edited afterwards."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext, lazy_gettext

from portal.bookings.identities import FIRST_OPTION
from portal.bookings.schedule import WEEKDAYS
from portal.editing import sold_names, week
from portal.editing.document import Fields
from portal.web.businesses import sale_units
from portal.web.businesses.facts_form import CURRENCY, BadField, Form, line, minor
from portal.web.businesses.sale_schedule import number, put, times, weekdays

Json = dict[str, Any]
KINDS = {
    "START_TIME": lazy_gettext("At set times: a show, a tour, a sitting at table"),
    "OPENING_HOURS": lazy_gettext("For a day: guests come when they like, while you are open"),
    "NO_DATE": lazy_gettext("Without a date: a voucher for any day, never sold out"),
}
DURATION, CUTOFF, VALID_DAYS = 60, 30, 90
"""Minutes it lasts and before which sales end, and days a voucher is valid, until somebody says otherwise."""
CANCELLATION = {"amount": 1, "unit": "day"}
CHILD = {"min_age": 3, "max_age": 12}


def blank(fields: Fields) -> Form:
    """Return what the controls show at first: every day of the week, and the listing's own hours."""
    form: Form = Form({"kind": "START_TIME", "duration_minutes": str(DURATION)})
    form.setlist("weekdays", list(WEEKDAYS))
    known = week.parse(fields.get("facts/opening_hours") or "")
    spans = [span for hours in known.all_hours for span in hours] if known else []
    if spans:
        form["opens"], _, closes = spans[0].partition("-")
        form["closes"] = "00:00" if closes == "24:00" else closes
        open_days = [name.lower() for name in week.DAYS if known and known.days.get(name)]
        form.setlist("weekdays", open_days or list(WEEKDAYS))
    return form


def sent(form: Form, product_id: str, supplier: str, timezone: str, source: str) -> Json:
    """Return the terms of the product that a form describes.

    :raises BadField: for the first that cannot be.
    """
    name, kind = line(form, "name"), form.get("kind", "")
    if not name:
        raise BadField(gettext("Everything that is sold needs a name."))
    if kind not in KINDS:
        raise BadField(gettext("Choose when guests come."))
    names = sold_names.in_source(name, source)
    product: Json = {
        "id": product_id,
        "supplier": supplier,
        "names": names,
        "availability_type": "START_TIME" if kind == "START_TIME" else "OPENING_HOURS",
        "timezone": timezone,
        "currency": CURRENCY,
    }
    if kind == "NO_DATE":
        product |= {"freesale": True, "open_dated": {"valid_days": VALID_DAYS}}
    if form.get("asks"):
        product["instant_confirmation"] = False
    return {**product, "options": [_option(form, kind, dict(names), source)]}


def _option(form: Form, kind: str, names: dict[str, str], source: str) -> Json:
    option: Json = {"id": FIRST_OPTION, "names": names}
    if kind == "START_TIME":
        option["start_times"] = _needed(times(form.get("start_times", "")), gettext("Say at what times, as 10:00."))
        option["duration_minutes"] = number(form.get("duration_minutes", "")) or DURATION
    else:
        hours = [times(form.get(name, "")) for name in ("opens", "closes")]
        _needed(all(len(clock) == 1 for clock in hours), gettext("Say from when until when you are open."))
        option["opening_hours"] = {"from": hours[0][0], "to": hours[1][0]}
    days = weekdays(form, "weekdays")
    put(option, "weekdays", days if len(days) < len(WEEKDAYS) else None)
    if kind != "NO_DATE":
        option["capacity"] = _needed(number(form.get("capacity", "")), gettext("Say how many places there are."))
    return {**option, "cutoff_minutes": CUTOFF, "cancellation_cutoff": CANCELLATION, "units": _units(form, source)}


def _units(form: Form, source: str) -> list[Json]:
    price = _needed(line(form, "adult"), gettext("Say what it costs; 0 when it is free."))
    adult = sale_units.new("ADULT", "", (), source)
    units = [{**adult, "price": minor(price, CURRENCY)}]
    if reduced := line(form, "child"):
        child = sale_units.new("CHILD", "", (), source)
        units.append({**child, "price": minor(reduced, CURRENCY), **CHILD, "accompanied_by": [adult["id"]]})
    return units


def _needed(value: Any, otherwise: str) -> Any:
    if not value:
        raise BadField(otherwise)
    return value
