"""Opening hours in OpenStreetMap syntax: the days of a week, and when a place is open.

The parser knows neither which days are public holidays nor which weekends are worked, so each day is asked for by
itself: on a holiday, `PH` stands for its weekday; a weekend day that is worked has the hours of the Wednesday nearest
to it in its month, since no place is known by what it does on Wednesdays. Times are local to the place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from opening_hours import OpeningHours, validate

from portal.catalog.working_days import DayKind, WorkingDays

PUBLIC_HOLIDAY = re.compile(r"\bPH\b")
WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
WEDNESDAY = 2
ONE_DAY = timedelta(days=1)
HORIZON = 14
"""How many days ahead it is looked for the next opening."""


@dataclass(frozen=True)
class Span:
    """From opening to closing, which may be on the next day."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class Day:
    """What opens on one day; `holiday` tells that it is a public one."""

    date: date
    hours: tuple[Span, ...]
    holiday: bool = False

    @property
    def all_day(self) -> bool:
        """Whether the doors never close that day."""
        midnight = datetime.combine(self.date, time())
        return self.hours == (Span(midnight, midnight + ONE_DAY),)


@dataclass(frozen=True)
class Spell:
    """A stretch of time in which a place is open, or is not. `end` is None when it lasts beyond what is known."""

    start: datetime
    end: datetime | None
    open: bool


@lru_cache(maxsize=4096)
def check(hours: str) -> str:
    """Return the hours.

    :raises ValueError: when they are not in OpenStreetMap syntax, or name public holidays where no weekday can stand.
    """
    if not validate(hours):
        raise ValueError("expected opening hours in OpenStreetMap syntax, such as Mo-Su 09:00-17:00")
    if not all(validate(PUBLIC_HOLIDAY.sub(weekday, hours)) for weekday in WEEKDAYS):
        raise ValueError("expected PH in a list of days, such as Mo-Fr,PH 09:00-17:00 or PH off")
    return hours


@lru_cache(maxsize=1024)
def week(hours: str, first: date, calendar: WorkingDays) -> tuple[Day, ...]:
    """Return seven days from `first`."""
    days = (first + timedelta(days=n) for n in range(7))
    return tuple(_day(hours, day, calendar.kind(day)) for day in days)


def spells(hours: str, since: datetime, calendar: WorkingDays) -> tuple[Spell, ...]:
    """Return the stretches of the coming days without a gap, the one that `since` lies in first."""
    until = datetime.combine(since.date(), time()) + timedelta(days=HORIZON)
    found: list[Spell] = []
    at = since
    for span in _merged(hours, since.date(), calendar):
        if span.end <= since:
            continue
        if span.start > at:
            found.append(Spell(at, span.start, open=False))
        end = None if span.end >= until else span.end
        found.append(Spell(max(span.start, since), end, open=True))
        if end is None:
            return tuple(found)
        at = end
    return (*found, Spell(at, None, open=False))


def is_open(hours: str, moment: datetime, calendar: WorkingDays) -> bool:
    """Tell whether a place is open at a moment."""
    days = (moment.date() - ONE_DAY, moment.date())  # what opened yesterday may close today
    return any(span.start <= moment < span.end for day in days for span in _day(hours, day, calendar.kind(day)).hours)


def _merged(hours: str, first: date, calendar: WorkingDays) -> Iterator[Span]:
    """Yield from the day before `first` on what is open without a break, in order."""
    last: Span | None = None
    for n in range(-1, HORIZON):
        day = first + timedelta(days=n)
        for span in _day(hours, day, calendar.kind(day)).hours:
            if last and span.start <= last.end:
                last = Span(last.start, max(last.end, span.end))
                continue
            if last:
                yield last
            last = span
    if last:
        yield last


@lru_cache(maxsize=65_536)
def _day(hours: str, day: date, kind: DayKind) -> Day:
    asked = _wednesday(day) if kind is DayKind.WORKED else day
    weekday = WEEKDAYS[day.weekday()] if kind is DayKind.HOLIDAY else None
    start = datetime.combine(asked, time())
    spans = []
    for since, until, state, _comments in _parsed(hours, weekday).intervals(start - ONE_DAY, start + 2 * ONE_DAY):
        if str(state) != "open" or until <= start or since >= start + ONE_DAY:
            continue
        if since >= start:
            spans.append(Span(since, until))
        elif until >= start + ONE_DAY:  # open since before; what only runs over from yesterday belongs to yesterday
            spans.append(Span(start, start + ONE_DAY))
    moved = day - asked
    hours_of_day = tuple(Span(span.start + moved, span.end + moved) for span in spans)
    return Day(day, hours_of_day, holiday=kind is DayKind.HOLIDAY)


@lru_cache(maxsize=8192)
def _parsed(hours: str, holiday: str | None) -> OpeningHours:
    return OpeningHours(PUBLIC_HOLIDAY.sub(holiday, hours) if holiday else hours)


def _wednesday(day: date) -> date:
    before = day - timedelta(days=day.weekday() - WEDNESDAY)
    return before if before.month == day.month else before + timedelta(days=7)
