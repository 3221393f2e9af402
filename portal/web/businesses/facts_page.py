"""The page of a listing's facts: the form that its kind has, and what its controls offer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response

from portal.catalog.facts import PLACES
from portal.catalog.place_types import PLACE_TYPES
from portal.catalog.selection import Selection
from portal.editing import week
from portal.editing.document import Fields
from portal.web.businesses import beyond_places_form, facts_form
from portal.web.businesses.facts_form import Form
from portal.web.businesses.guard import page
from portal.web.businesses.in_words import day_name
from portal.web.businesses.listing import Work
from portal.web.context import language, services

MOST_PROPOSED = 500
"""How many listings a field for one proposes."""


def shown(kind: str, fields: Fields) -> Form:
    """Return what the controls of a kind's form show of a listing's fields."""
    return facts_form.shown(fields) if kind in PLACES else beyond_places_form.shown(kind, fields)


def sent(work: Work, form: Form) -> dict[str, Any]:
    """Return the fields that a form sends.

    :raises BadField: for the first that cannot be.
    """
    if work.kind in PLACES:
        values = facts_form.sent(form, services().catalog.site().country)
    else:
        values = beyond_places_form.sent(work.kind, form, work.fields)
    chosen = {f"facts/{name}" for name in facts_form.CHOICES} & values.keys()
    return values | {key: _in_order(work.fields.get(key) or [], values[key]) for key in chosen}


def _in_order(before: list[str], after: list[str] | None) -> list[str] | None:
    """Return what was ticked in the order it had, what is new last: a form's own order is no change."""
    if after is None:
        return None
    return [value for value in before if value in after] + [value for value in after if value not in before]


def page_of(work: Work, form: Form, problem: str | None = None, others: list[Any] | None = None) -> Response:
    """Return the page with the form."""
    return page(
        "facts" if work.kind in PLACES else "facts_beyond_places",
        422 if problem else 200,
        work=work,
        form=form,
        problem=problem,
        others=others or [],
        tags=services().catalog.tags(),
        datums=[(name, name) for name in facts_form.DATUMS],
        center=_center(form),
        **(_of_place(form) if work.kind in PLACES else _beyond_places(form)),
    )


def _of_place(form: Form) -> dict[str, Any]:
    return {
        "types": [(name, name) for name in sorted(PLACE_TYPES)],
        "days": [(day, day_name(day)) for day in (*week.DAYS, week.HOLIDAY)],
        "spans": facts_form.SPANS,
        "specials": facts_form.rows_of_exceptions(form),
    }


def _beyond_places(form: Form) -> dict[str, Any]:
    catalog = services().catalog
    found = [card for kind in PLACES for card in catalog.cards(Selection(kind=kind), language(), limit=MOST_PROPOSED)]
    return {"rows": beyond_places_form.rows_of(form), "proposals": found[:MOST_PROPOSED]}


def _center(form: Mapping[str, str]) -> str:
    """Return where the map begins that has no pin yet: the middle of the district."""
    districts = services().catalog.districts()
    district = districts.get(form.get("district", "")) or next(iter(districts.values()), None)
    return f"{district.center.lat},{district.center.lon}" if district else "0,0"
