"""Events in lists: the next one first."""

from __future__ import annotations

from datetime import date

from portal.catalog import recurrence
from portal.catalog.facts import EventFacts
from portal.catalog.model import Card
from portal.catalog.recurrence import Occurrence
from portal.catalog.selection import Order, Selection
from portal.web.context import language, services, today

EVENTS = "events"


def coming(kind: str) -> dict[str, Occurrence]:
    """Return the next occurrence of each listing of a kind, by id; empty for kinds that do not recur."""
    if kind != EVENTS:
        return {}
    return services().catalog.remembered(f"coming {today()}", _all_coming)


def _all_coming() -> dict[str, Occurrence]:
    known = services().catalog.facts_of_kind(EVENTS)
    dates = {identity: occurrences(facts, 1) for identity, facts in known.items() if isinstance(facts, EventFacts)}
    return {identity: found[0] for identity, found in dates.items() if found}


def occurrences(facts: EventFacts, count: int) -> tuple[Occurrence, ...]:
    """Return the next `count` occurrences of an event, as the city's calendar stands today."""
    return recurrence.coming(facts.recurrence, facts.days, today(), count)


def in_order(selection: Selection, *, limit: int, offset: int = 0) -> list[Card]:
    """Return the cards of a selection of one kind, in the order of lists."""
    catalog = services().catalog
    if selection.kind != EVENTS or selection.order is not Order.RECOMMENDED:
        return catalog.cards(selection, language(), limit=limit, offset=offset)
    dates = coming(EVENTS)
    ids = catalog.ids_of(selection, language())
    ids.sort(key=lambda identity: dates[identity].first if identity in dates else date.max)
    page = tuple(ids[offset : offset + limit])
    return catalog.cards(Selection(ids=page, near=selection.near), language()) if page else []
