"""A month of a calendar: weeks as the reader's region begins them, days with what can be booked on them. Pure."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from babel import Locale
from babel.core import get_global
from babel.dates import get_day_names

from portal.bookings.availability import Day, Status

LONGEST_WEEKDAY = 5


@dataclass(frozen=True, slots=True)
class Cell:
    """A day; `known` is None where nothing is sold so early or so late."""

    date: date
    known: Day | None

    @property
    def state(self) -> str:
        """`free`, `few`, `sold-out`, `closed` or `beyond`."""
        if self.known is None:
            return "beyond"
        if self.known.status is Status.CLOSED:
            return "closed"
        if self.known.status is Status.SOLD_OUT:
            return "sold-out"
        return "few" if self.known.few else "free"


@dataclass(frozen=True, slots=True)
class Month:
    """A month in weeks, None where a week has days of another month. `before` and `after` are None where sales end.

    Weeks that have gone by are left out.
    """

    first: date
    weeks: tuple[tuple[Cell | None, ...], ...]
    weekdays: tuple[tuple[str, str], ...]
    before: date | None
    after: date | None

    @property
    def states(self) -> frozenset[str]:
        """The states its days have."""
        return frozenset(cell.state for week in self.weeks for cell in week if cell)

    @property
    def has_room(self) -> bool:
        """Whether anything can be booked in it."""
        return not self.states.isdisjoint({"free", "few"})


def month(first: date, days: Iterable[Day], sold_from: date, sold_to: date, locale: Locale) -> Month:
    """Return the month that begins on `first`.

    :param days: what is known of its days between the two dates at which sales begin and end.
    """
    known = {one.date: one for one in days}
    begins = first_week_day(locale)
    weeks = calendar.Calendar(begins).monthdatescalendar(first.year, first.month)
    short, long = _short_day_names(locale), get_day_names("wide", locale=locale)
    order = [(begins + at) % 7 for at in range(7)]
    before, after = previous(first), following(first)
    return Month(
        first=first,
        weeks=tuple(
            tuple(Cell(day, known.get(day)) if day.month == first.month else None for day in week)
            for week in weeks
            if week[-1] >= sold_from or following(first) <= sold_from
        ),
        weekdays=tuple((short[day], long[day]) for day in order),
        before=before if following(before) > sold_from else None,
        after=after if after <= sold_to else None,
    )


def _short_day_names(locale: Locale) -> Mapping[int, str]:
    """Return names of weekdays that fit a phone's column: letters where a language does not shorten them."""
    names: Mapping[int, str] = get_day_names("abbreviated", locale=locale)
    return names if max(map(len, names.values())) <= LONGEST_WEEKDAY else get_day_names("narrow", locale=locale)


def first_week_day(locale: Locale) -> int:
    """Return the day weeks begin with, 0 for Monday, in the region a language is mostly spoken in."""
    likely = get_global("likely_subtags").get(str(locale)) if locale.territory is None else None
    return (Locale.parse(likely) if likely else locale).first_week_day


def span(first: date, sold_from: date, sold_to: date) -> tuple[date, date] | None:
    """Return the first and last day of a month on which anything may be on sale; None when sales never touch it."""
    start, end = max(first, sold_from), min(following(first) - timedelta(days=1), sold_to)
    return (start, end) if start <= end else None


def following(first: date) -> date:
    """Return the first day of the next month."""
    return (first + timedelta(days=31)).replace(day=1)


def previous(first: date) -> date:
    """Return the first day of the month before."""
    return (first - timedelta(days=1)).replace(day=1)
