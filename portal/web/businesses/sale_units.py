"""The part of the form of what a listing sells that says which tickets there are: kinds, prices, ages."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask_babel import gettext, lazy_gettext

from portal.bookings.identities import first_free
from portal.editing import sold_names
from portal.web.businesses.facts_form import BadField, Form, minor
from portal.web.businesses.sale_schedule import number, put, rows
from portal.web.context import languages
from portal.web.formats import decimal_amount
from portal.web.letters import speaking

Json = dict[str, Any]
KINDS = {
    "ADULT": lazy_gettext("Adult"),
    "CHILD": lazy_gettext("Child"),
    "YOUTH": lazy_gettext("Young person"),
    "INFANT": lazy_gettext("Infant"),
    "SENIOR": lazy_gettext("Senior"),
    "STUDENT": lazy_gettext("Student"),
    "FAMILY": lazy_gettext("Family"),
    "MILITARY": lazy_gettext("Member of the armed forces"),
    "OTHER": lazy_gettext("Something else"),
}
"""Kinds of tickets, the usual ones first."""
GROWN_UP = ("ADULT", "SENIOR", "FAMILY")
"""Kinds of whom one has to be there where a child does not go alone."""
NUMBERS = ("pax", "min_age", "max_age")


def shown(form: Form, at: str, option: Json, currency: str, source: str) -> None:
    """Put an option's units into rows of controls, and an empty row below them."""
    for u, unit in enumerate(option["units"]):
        row = f"{at}-{u}"
        form[f"{row}-id"], form[f"{row}-type"] = unit["id"], unit["type"]
        form[f"{row}-name"] = unit["names"].get(source, "")
        form[f"{row}-price"] = str(decimal_amount(unit["price"], currency))
        for name in NUMBERS:
            form[f"{row}-{name}"] = str(unit.get(name, ""))
        if unit.get("accompanied_by"):
            form[f"{row}-accompanied"] = "1"
    form[f"{at}-units"] = str(len(option["units"]) + 1)


def sent(form: Form, at: str, product: Json, option: Json, used: Collection[str], source: str) -> None:
    """Take what the rows send into the option's units: changed ones, new ones, those that go.

    :param used: ids of units that the option ever had.
    :raises BadField: for the first that cannot be.
    """
    known = {unit["id"]: unit for unit in option["units"]}
    accompanied = set()
    for u in range(rows(form, f"{at}-units")):
        row = f"{at}-{u}"
        unit = known.get(form.get(f"{row}-id", ""))
        if unit is None and form.get(f"{row}-price", "").strip() and not form.get(f"{row}-gone"):
            kind = form.get(f"{row}-type", "")
            unit = new(kind, form.get(f"{row}-name", ""), {*known, *used}, source)
            known[unit["id"]] = unit
        if unit is None:
            continue
        if form.get(f"{row}-gone"):
            del known[unit["id"]]
            continue
        _unit_sent(form, row, unit, product["currency"], source)
        if form.get(f"{row}-accompanied"):
            accompanied.add(unit["id"])
    if not known:
        raise BadField(gettext("At least one kind of ticket has to stay. To sell no more, take the whole off sale."))
    option["units"] = list(known.values())
    _accompany(option["units"], accompanied)


def _unit_sent(form: Form, row: str, unit: Json, currency: str, source: str) -> None:
    if text := form.get(f"{row}-price", "").strip():
        put(unit, "price", minor(text, currency))
    if form.get(f"{row}-type") in KINDS:
        put(unit, "type", form[f"{row}-type"])
    name = form.get(f"{row}-name")
    if name is not None and not name.strip() and unit["names"].get(source):
        unit["names"] = _called(unit["type"])
        unit.pop(sold_names.PINS, None)
    else:
        named(unit, name, source, minor_change=bool(form.get("minor")))
    for name in NUMBERS:
        if f"{row}-{name}" in form:
            put(unit, name, number(form[f"{row}-{name}"]))


def named(thing: Json, text: str | None, source: str, *, minor_change: bool) -> None:
    """Take the name that was sent of something, where one was.

    :raises BadField: it had a name in the source language, and has none now.
    """
    name = " ".join((text or "").replace("\x00", "").split())
    if name:
        sold_names.rename(thing, name, source, minor=minor_change)
    elif text is not None and thing["names"].get(source):
        raise BadField(gettext("Everything that is sold needs a name."))


def new(kind: str, name: str, taken: Collection[str], source: str) -> Json:
    """Return a unit that is not there yet; without a name, it is called as its kind is, in every language."""
    kind = kind if kind in KINDS else "OTHER"
    name = " ".join(name.replace("\x00", "").split())
    names = sold_names.in_source(name, source) if name and name != _called(kind).get(source) else _called(kind)
    return {"id": first_free(kind.lower(), taken), "type": kind, "names": names, "price": 0}


def _called(kind: str) -> dict[str, str]:
    names = {}
    for spoken in languages():
        with speaking(spoken):
            names[spoken.tag] = str(KINDS[kind])
    return names


def _accompany(units: list[Json], wanted: Collection[str]) -> None:
    """Have units need a grown-up in the same booking; those they need already stay, as far as they are there."""
    there = {unit["id"] for unit in units}
    for unit in units:
        others = [other for other in unit.get("accompanied_by", []) if other in there]
        grown_up = [other["id"] for other in units if other["type"] in GROWN_UP and other is not unit]
        put(unit, "accompanied_by", (others or grown_up or None) if unit["id"] in wanted else None)
