"""The form of what a listing sells: products' terms into controls, and what was sent into terms.

Values are those of `booking` in listing.yaml; what no control shows stays as it is. Rows carry the ids of what they
show, so that a form made before somebody else added or removed something still means the right things.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext

from portal.bookings.identities import first_free
from portal.editing import sold_names
from portal.web.businesses import sale_schedule, sale_units
from portal.web.businesses.facts_form import BadField, Form
from portal.web.businesses.sale_schedule import number, put, rows
from portal.web.businesses.sale_units import named

Json = dict[str, Any]
Used = Callable[[str], Mapping[str, set[str]]]
"""Returns the ids of units that a product ever had, by option."""
LONGEST_NAME = 200


def shown(booking: list[Json], source: str) -> Form:
    """Return what the controls show, as a browser would send it back."""
    form: Form = Form()
    for p, product in enumerate(booking):
        form[f"{p}-id"], form[f"{p}-name"] = product["id"], product["names"].get(source, "")
        for name, on in (("sample", product.get("sample")), ("asks", not product.get("instant_confirmation", True))):
            if on:
                form[f"{p}-{name}"] = "1"
        if product.get("open_dated"):
            form[f"{p}-valid_days"] = str(product["open_dated"]["valid_days"])
        for o, option in enumerate(product["options"]):
            at = f"{p}-{o}"
            form[f"{at}-id"] = option["id"]
            if not sold_names.are_twins(product, option):
                form[f"{at}-name"] = option["names"].get(source, "")
            sale_schedule.shown(form, at, option)
            sale_units.shown(form, at, option, product["currency"], source)
        form[f"{p}-options"] = str(len(product["options"]))
    form["products"] = str(len(booking))
    return form


def sent(form: Form, booking: list[Json], used: Used, source: str) -> list[Json]:
    """Return the terms that a form sends, made from those it showed; what it did not show stays.

    :raises BadField: for the first that cannot be.
    """
    known = {product["id"]: product for product in copy.deepcopy(booking)}
    for p in range(rows(form, "products")):
        product = _found(known, form.get(f"{p}-id", ""))
        if form.get(f"{p}-gone"):
            del known[product["id"]]
        else:
            _product_sent(form, str(p), product, used(product["id"]), source)
    return list(known.values())


def _found(known: Mapping[str, Json], name: str) -> Json:
    if name not in known:
        raise BadField(gettext("Somebody else changed this meanwhile. Look at it again."))
    return known[name]


def _product_sent(form: Form, at: str, product: Json, used: Mapping[str, set[str]], source: str) -> None:
    for thing in [product, *(one for one in product["options"] if sold_names.are_twins(product, one))]:
        named(thing, form.get(f"{at}-name"), source, minor_change=bool(form.get("minor")))
    _switch(product, "sample", on=bool(form.get(f"{at}-sample")), default=False)
    _switch(product, "instant_confirmation", on=not form.get(f"{at}-asks"), default=True)
    if days := number(form.get(f"{at}-valid_days", "")):
        put(product, "open_dated", {"valid_days": days})
    known = {option["id"]: option for option in product["options"]}
    for o in range(rows(form, f"{at}-options")):
        option = _found(known, form.get(f"{at}-{o}-id", ""))
        if form.get(f"{at}-{o}-gone"):
            del known[option["id"]]
        else:
            _option_sent(form, f"{at}-{o}", product, option, used, source)
    if not known:
        raise BadField(gettext("At least one variant has to stay. To sell no more, take the whole off sale."))
    if name := " ".join(form.get(f"{at}-another", "").replace("\x00", "").split()):
        new = another(list(known.values()), name, used, source)
        known[new["id"]] = new
    product["options"] = list(known.values())


def _option_sent(form: Form, at: str, product: Json, option: Json, used: Mapping[str, set[str]], source: str) -> None:
    named(option, form.get(f"{at}-name"), source, minor_change=bool(form.get("minor")))
    sale_schedule.sent(form, at, option, by_start=product["availability_type"] == "START_TIME")
    sale_units.sent(form, at, product, option, used.get(option["id"], set()), source)


def another(options: list[Json], name: str, used: Mapping[str, set[str]], source: str) -> Json:
    """Return one more variant: as the last one is, under a name and an id of its own."""
    taken = {option["id"] for option in options} | used.keys()
    names = sold_names.in_source(name[:LONGEST_NAME], source)
    copied = {key: value for key, value in copy.deepcopy(options[-1]).items() if key != sold_names.PINS}
    return {**copied, "id": first_free("option", taken), "names": names}


def _switch(thing: Json, name: str, *, on: bool, default: bool) -> None:
    """Set a yes or no; where it is as it was, nothing is touched."""
    if bool(thing.get(name, default)) != on:
        put(thing, name, None if on == default else on)
