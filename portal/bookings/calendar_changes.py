"""A business changes its calendar: days closed and opened, departures closed, resized, added."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from portal.bookings import overrides, stock
from portal.bookings.availability import Slot, days_between, slots
from portal.bookings.model import Clock
from portal.bookings.overrides import WHOLE_DAY, Override
from portal.bookings.products import locked, option_of, product_on_sale, republish, stated_terms
from portal.database import Database

LONGEST = 370
"""The most days that are changed at once."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A departure of a day, or the day itself of an option with opening hours.

    :ivar start: local time as `HH:MM`; empty for the day.
    :ivar planned: the capacity that the terms state; None where they have no such departure, or for no limit.
    :ivar regular: whether the terms have it.
    :ivar open: whether it is on, with `capacity` places, of which `sold` are sold or held.
    :ivar decided: whether that was decided here.
    """

    start: str
    regular: bool
    planned: int | None
    open: bool
    capacity: int | None
    sold: int
    decided: bool


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A local date with its departures, in order; `closed` when the whole day was closed here."""

    day: date
    closed: bool
    cells: tuple[Cell, ...]


def month(database: Database, clock: Clock, product_id: str, option_id: str, days: Sequence[date]) -> list[CalendarDay]:
    """Return days of an option: what the terms plan, what was decided, what is sold.

    :param days: local dates, in order.
    :raises InvalidProduct, InvalidOption: there is no such thing on sale.
    """
    with database.read() as connection:
        now = clock()
        terms = product_on_sale(connection, product_id).terms
        stated = stated_terms(connection, product_id)
        decided = overrides.of_product(connection, product_id).get(option_id, [])
        option, regular = option_of(terms, option_id), stated.option(option_id)
        sold = stock.sold_between(connection, terms, option, days[0], days[-1], now)
    planned = _by_day(slots(stated, regular, days, {}, now) if regular else [])
    on = _by_day(slots(terms, option, days, {}, now))
    booked: dict[date, dict[str, int]] = {}
    for starts_at, places in sold.items():
        local = starts_at.astimezone(terms.zone)
        booked.setdefault(local.date(), {})[_start(local, all_day=option.opening_hours is not None)] = places
    of_day = {day: [one for one in decided if one.day == day] for day in days}
    return [_day(day, planned.get(day, {}), on.get(day, {}), of_day[day], booked.get(day, {})) for day in days]


def decide(
    database: Database,
    clock: Clock,
    option: tuple[str, str],
    days: Sequence[date],
    decided: Sequence[Override],
    after: Callable[[Connection, datetime], None],
) -> None:
    """Make `decided` all that holds for days of an option, given as product and option id.

    :param after: what belongs to it, such as noting who did it; in the same transaction.
    :raises CapacityBelowSold: a departure would have fewer places than are sold; nothing changes then.
    :raises InvalidProduct, InvalidOption: there is no such thing on sale.
    """
    with database.write() as connection:
        row = locked(connection, option[0])
        now = clock()
        option_of(product_on_sale(connection, option[0]).terms, option[1])
        overrides.store(connection, option, days, decided, now)
        republish(connection, row, now)
        after(connection, now)


def closed(first: date, last: date) -> tuple[list[date], list[Override]]:
    """Return the days from one to another, and what closes each whole one."""
    days = days_between(first, last)
    return days, [Override(day, WHOLE_DAY, None) for day in days]


def _by_day(found: Sequence[Slot]) -> dict[date, dict[str, Slot]]:
    days: dict[date, dict[str, Slot]] = {}
    for slot in found:
        days.setdefault(slot.starts_at.date(), {})[_start(slot.starts_at, all_day=slot.all_day)] = slot
    return days


def _start(local: datetime, *, all_day: bool) -> str:
    return WHOLE_DAY if all_day else f"{local:%H:%M}"


def _day(
    day: date,
    planned: dict[str, Slot],
    on: dict[str, Slot],
    decided: Sequence[Override],
    booked: dict[str, int],
) -> CalendarDay:
    here = {one.start for one in decided}
    whole = WHOLE_DAY in here
    all_day = WHOLE_DAY in planned or WHOLE_DAY in on
    starts = sorted({*planned, *on, *booked, *(here if all_day else here - {WHOLE_DAY})})
    cells = [
        Cell(
            start=start,
            regular=start in planned,
            planned=planned[start].capacity if start in planned else None,
            open=start in on,
            capacity=on[start].capacity if start in on else None,
            sold=booked.get(start, 0),
            decided=whole or start in here,
        )
        for start in starts
    ]
    closed_here = any(one.start == WHOLE_DAY and one.capacity is None for one in decided)
    return CalendarDay(day, closed_here, tuple(cells))
