"""Opening hours as a week with exceptions, from OpenStreetMap syntax and back.

Only what a form can show is understood; anything else stays text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
HOLIDAY = "PH"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
TIMES = re.compile(r"^\d\d:\d\d-\d\d:\d\d(?:\s*,\s*\d\d:\d\d-\d\d:\d\d)*$")
DATES = re.compile(r"^(\d{4}) ([A-Z][a-z]{2}) (\d\d)(?:-(\d{4}) ([A-Z][a-z]{2}) (\d\d))?$")
CLOSED = frozenset({"off", "closed"})

Hours = tuple[str, ...]
"""Spans such as `09:00-17:00`; none when it is closed."""


@dataclass(frozen=True)
class SpecialDays:
    """What holds from a day to another, both included."""

    first: date
    last: date
    hours: Hours


@dataclass(frozen=True)
class Week:
    """Hours by day (`Mo` ... `Su`); of public holidays where they differ from the weekday; and exceptions."""

    days: dict[str, Hours] = field(default_factory=dict)
    holidays: Hours | None = None
    exceptions: tuple[SpecialDays, ...] = ()

    @property
    def all_hours(self) -> list[Hours]:
        """The hours of every day, of holidays and of exceptions."""
        return [*self.days.values(), self.holidays or (), *(item.hours for item in self.exceptions)]


def parse(text: str) -> Week | None:
    """Return a week, or None when the text says more than a form can show."""
    if text.strip() == "24/7":
        return Week(dict.fromkeys(DAYS, ("00:00-24:00",)))
    days: dict[str, Hours] = {}
    holidays: Hours | None = None
    exceptions: list[SpecialDays] = []
    for rule in filter(None, (part.strip() for part in text.split(";"))):
        read = _rule(rule)
        if read is None or (exceptions and not isinstance(read[0], tuple)):
            return None
        named, hours = read
        if isinstance(named, tuple):
            exceptions.append(SpecialDays(*named, hours))
            continue
        if HOLIDAY in named:
            holidays = hours
        elif holidays is not None:
            return None  # days after holidays would win over them
        days |= dict.fromkeys(named - {HOLIDAY}, hours)
    return Week({day: hours for day, hours in days.items() if hours}, holidays, tuple(exceptions))


def _rule(rule: str) -> tuple[set[str] | tuple[date, date], Hours] | None:
    selector, _, times = rule.rpartition(" ")
    if TIMES.match(rule):
        return set(DAYS), _spans(rule)
    match = re.match(r"^(.*?)\s+((?:\d\d:\d\d-.*)|off|closed)$", rule)
    if match is None:
        return None
    selector, times = match[1].rstrip(":"), match[2]
    if times not in CLOSED and not TIMES.match(times):
        return None
    named = _dates(selector) or _days(selector)
    return (named, () if times in CLOSED else _spans(times)) if named else None


def _spans(times: str) -> Hours:
    return tuple(span.strip() for span in times.split(","))


def _days(selector: str) -> set[str] | None:
    found: set[str] = set()
    for part in (part.strip() for part in selector.split(",")):
        first, dash, last = part.partition("-")
        if part == HOLIDAY or (first in DAYS and not dash):
            found.add(part)
        elif first in DAYS and last in DAYS:
            start, end = DAYS.index(first), DAYS.index(last)
            found.update(DAYS[n % 7] for n in range(start, end + 1 + (7 if end < start else 0)))
        else:
            return None
    return found


def _dates(selector: str) -> tuple[date, date] | None:
    match = DATES.match(selector)
    if match is None:
        return None
    try:
        first = date(int(match[1]), MONTHS.index(match[2]) + 1, int(match[3]))
        last = date(int(match[4]), MONTHS.index(match[5]) + 1, int(match[6])) if match[4] else first
    except ValueError:
        return None
    return first, last


def compose(week: Week) -> str:
    """Return a week in OpenStreetMap syntax; empty when it is never open."""
    return "; ".join(_rules(week))


def _rules(week: Week) -> Iterator[str]:
    by_hours: dict[Hours, list[str]] = {}
    for day in DAYS:
        if hours := week.days.get(day):
            by_hours.setdefault(hours, []).append(day)
    for hours, days in by_hours.items():
        yield f"{_named(days)} {','.join(hours)}"
    if not by_hours and not week.exceptions and not week.holidays:
        return
    if week.holidays is not None:
        yield f"{HOLIDAY} {','.join(week.holidays) or 'off'}"
    for item in week.exceptions:
        end = "" if item.last == item.first else f"-{_day(item.last)}"
        yield f"{_day(item.first)}{end} {','.join(item.hours) or 'off'}"


def _named(days: list[str]) -> str:
    runs = []
    for _, group in groupby(enumerate(DAYS.index(day) for day in days), lambda pair: pair[1] - pair[0]):
        run = [DAYS[n] for _, n in group]
        runs.append(",".join(run) if len(run) < 3 else f"{run[0]}-{run[-1]}")
    return ",".join(runs)


def _day(day: date) -> str:
    return f"{day.year} {MONTHS[day.month - 1]} {day.day:02d}"
