"""When yearly events happen: rules of RFC 5545 in the common calendar, or in the Chinese one by RFC 7529."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice

from borax.calendars.lunardate import LunarDate
from dateutil.rrule import rrulestr

CHINESE = "RSCALE=CHINESE;"
LUNAR_PARTS = frozenset({"FREQ", "BYMONTH", "BYMONTHDAY"})
EXPECTED = (
    "expected a rule of RFC 5545 such as FREQ=YEARLY;BYMONTH=10;BYMONTHDAY=1, or one of RFC 7529 in the Chinese"
    " calendar, RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=15"
)
LAST_YEAR = 2099
"""The Chinese calendar has been worked out in advance until then."""


@dataclass(frozen=True)
class Occurrence:
    """One time of an event: its first and its last day."""

    first: date
    last: date


def check(rule: str) -> str:
    """Return the rule.

    :raises ValueError: when it is none, or names no day.
    """
    if next(_starts(rule, date(2020, 1, 1)), None) is None:
        raise ValueError(EXPECTED)
    return rule


@lru_cache(maxsize=1024)
def coming(rule: str, days: int, today: date, count: int) -> tuple[Occurrence, ...]:
    """Return the next `count` occurrences of `days` days each, one that is going on `today` among them."""
    length = timedelta(days=days - 1)
    return tuple(Occurrence(first, first + length) for first in islice(_starts(rule, today - length), count))


def _starts(rule: str, since: date) -> Iterator[date]:
    """Yield the first days from `since` on, in order."""
    if rule.startswith(CHINESE):
        return _lunar(_parts(rule.removeprefix(CHINESE)), since)
    return _common(rule, since)


def _common(rule: str, since: date) -> Iterator[date]:
    if not rule.startswith("FREQ=YEARLY;"):
        raise ValueError(EXPECTED)
    try:
        found = rrulestr(rule, dtstart=datetime.combine(since.replace(month=1, day=1), time()))
    except (ValueError, KeyError) as error:
        raise ValueError(EXPECTED) from error
    return (moment.date() for moment in found.xafter(datetime.combine(since, time()), inc=True))


def _parts(rule: str) -> Mapping[str, int]:
    pairs = dict(part.partition("=")[::2] for part in rule.split(";"))
    if pairs.keys() != LUNAR_PARTS or pairs.pop("FREQ") != "YEARLY" or not all(map(str.isdecimal, pairs.values())):
        raise ValueError(EXPECTED)
    return {name: int(value) for name, value in pairs.items()}


def _lunar(parts: Mapping[str, int], since: date) -> Iterator[date]:
    """Yield the day of each lunar year; a year whose month is too short is left out (RFC 7529, `SKIP=OMIT`)."""
    month, day = parts["BYMONTH"], parts["BYMONTHDAY"]
    if not (1 <= month <= 12 and 1 <= day <= 30):
        raise ValueError(EXPECTED)
    for year in range(since.year - 1, LAST_YEAR + 1):
        try:
            found = LunarDate(year, month, day).to_solar_date()
        except ValueError:
            continue
        if found >= since:
            yield found
