"""Opening hours in OpenStreetMap syntax as the days of a week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from opening_hours import OpeningHours


@dataclass(frozen=True)
class Day:
    """One day's opening hours; an `end` of 24:00 is written as 00:00 of the next day."""

    date: date
    hours: tuple[tuple[time, time], ...]

    @property
    def all_day(self) -> bool:
        """Whether the doors never close that day."""
        return self.hours == ((time(0), time(0)),)


@lru_cache(maxsize=4096)
def week(hours: str, first: date) -> tuple[Day, ...]:
    """Return seven days from `first`; times are local to the place."""
    parsed = OpeningHours(hours)
    return tuple(_day(parsed, first + timedelta(days=n)) for n in range(7))


def _day(parsed: OpeningHours, day: date) -> Day:
    start = datetime.combine(day, time(0))
    end = start + timedelta(days=1)
    spans = []
    for since, until, state, _comments in parsed.intervals(start, end):
        if str(state) == "open":
            spans.append((max(since, start).time(), min(until or end, end).time()))
    return Day(day, tuple(spans))
