"""Which days a country has off, and which weekend days it works to make up for them.

The library `holidays` knows the days of each year as they were announced, `content/closures.yaml` has the last word.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import Enum
from functools import lru_cache

from holidays import country_holidays

from portal.catalog.schema import Closures

SATURDAY = 5


class DayKind(Enum):
    """What a day is to opening hours."""

    ORDINARY = "ordinary"
    HOLIDAY = "holiday"
    WORKED = "worked"
    """A weekend day worked to make up for a holiday."""


class WorkingDays:
    """The working calendar of a country.

    :param country: two letters of ISO 3166-1; one the library does not know has no public holidays of its own.
    """

    def __init__(self, country: str, closures: Closures | None = None) -> None:
        self._country = country
        closures = closures or Closures()
        self._corrected: dict[date, DayKind] = {
            **dict.fromkeys(map(date.fromisoformat, closures.ordinary_days), DayKind.ORDINARY),
            **dict.fromkeys(map(date.fromisoformat, closures.working_days), DayKind.WORKED),
            **dict.fromkeys(map(date.fromisoformat, closures.holidays), DayKind.HOLIDAY),
        }

    def kind(self, day: date) -> DayKind:
        """Return what a day is."""
        known = _days_of_year(self._country, day.year).get(day, DayKind.ORDINARY)
        return self._corrected.get(day, known)


@lru_cache(maxsize=64)
def _days_of_year(country: str, year: int) -> dict[date, DayKind]:
    """Return the days of a year that are no ordinary ones.

    The library lists weekdays off; a break also takes in the weekend days that touch it, unless they are worked.
    """
    try:
        known = country_holidays(country, years=(year - 1, year, year + 1))
    except NotImplementedError:
        return {}
    worked = {day for day in getattr(known, "weekend_workdays", ()) if day.year == year}
    off = {day for day in known if day not in worked}
    first, last = date(year, 1, 1), date(year, 12, 31)
    for step in (timedelta(days=1), timedelta(days=-1)):
        day = first if step.days > 0 else last
        while first <= day <= last:
            if day.weekday() >= SATURDAY and day not in worked and day - step in off:
                off.add(day)
            day += step
    found = dict.fromkeys((day for day in off if day.year == year), DayKind.HOLIDAY)
    return found | dict.fromkeys(worked, DayKind.WORKED)
