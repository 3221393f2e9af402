"""When something departs or is open, and for how many: weekdays, seasons, closures, exceptions. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

Weekday = Literal["mo", "tu", "we", "th", "fr", "sa", "su"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)
LEAP_YEAR = 2024


def _day(text: str) -> str:
    try:
        date.fromisoformat(text if len(text) > 5 else f"{LEAP_YEAR}-{text}")
    except ValueError as error:
        raise ValueError("expected a day, such as 05-01 for every year or 2027-05-01 for one") from error
    return text


Clock = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
ClosingClock = Annotated[str, StringConstraints(pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$")]
Day = Annotated[str, StringConstraints(pattern=r"^(\d{4}-)?\d\d-\d\d$"), AfterValidator(_day)]
Capacity = Annotated[int, Field(ge=0, le=100_000)]


class Terms(BaseModel):
    """No coercion, no unknown keys, no change after the fact."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class OpeningHours(Terms):
    """When a day's doors are open, in local time. A closing time not after the opening one is the next day's."""

    opens: Clock = Field(alias="from")
    closes: ClosingClock = Field(alias="to")


class Days(Terms):
    """Local dates from one to another, both included: of every year (`05-01`), maybe over New Year, or of one."""

    first: Day = Field(alias="from")
    last: Day = Field(alias="to")

    @model_validator(mode="after")
    def _same_form(self) -> Days:
        if len(self.first) != len(self.last):
            raise ValueError("from and to: expected both with a year, or both without")
        if len(self.first) > 5 and self.first > self.last:
            raise ValueError(f"to: expected a day from {self.first} on")
        return self

    def __contains__(self, day: date) -> bool:
        """Tell whether a date is one of them."""
        known = day.isoformat()[-len(self.first) :]
        if self.first <= self.last:
            return self.first <= known <= self.last
        return known >= self.first or known <= self.last


class Season(Days):
    """A part of the year in which the option is on; what it states replaces what the option does."""

    weekdays: list[Weekday] | None = Field(default=None, min_length=1)
    start_times: list[Clock] | None = Field(default=None, min_length=1)
    opening_hours: OpeningHours | None = None
    capacity: Capacity | None = None


class SpecialDay(Terms):
    """Another capacity, or none at all, for a date or for weekdays; of some departures, or of all when none is named.

    A departure of a `date` that the rules do not have is added.
    """

    day: Day | None = Field(default=None, alias="date")
    weekdays: list[Weekday] | None = Field(default=None, min_length=1)
    start_times: list[Clock] = []
    capacity: Capacity | None = None
    closed: bool = False

    @model_validator(mode="after")
    def _says_one_thing(self) -> SpecialDay:
        if (self.day is None) == (self.weekdays is None):
            raise ValueError("expected either date or weekdays")
        if (self.capacity is None) != self.closed:
            raise ValueError("expected either capacity or closed: true")
        return self

    def concerns(self, on: date) -> bool:
        """Tell whether it changes anything on a date."""
        if self.day is not None:
            return on.isoformat().endswith(self.day)
        return WEEKDAYS[on.weekday()] in (self.weekdays or ())


@dataclass(frozen=True, slots=True)
class Planned:
    """A departure at `start`, or a day with `hours`; `capacity` None is without limit."""

    start: time | None
    hours: OpeningHours | None
    capacity: int | None


class Schedule(Terms):
    """When an option is on, in the product's time zone.

    Of `seasons` the first that has a date counts, and a date in none has nothing; without any, the whole year is one.
    `closures` win over all, later `exceptions` over earlier ones.
    """

    start_times: list[Clock] = []
    opening_hours: OpeningHours | None = None
    weekdays: list[Weekday] = Field(default=list(WEEKDAYS), min_length=1)
    capacity: Capacity | None = None
    seasons: list[Season] = []
    closures: list[Days] = []
    exceptions: list[SpecialDay] = []

    def plan(self, day: date) -> list[Planned]:
        """Return what the rules have on a local date, in order."""
        if any(day in closed for closed in self.closures):
            return []
        season = self._season(day)
        hours = (season and season.opening_hours) or self.opening_hours
        regular = self._regular(day, season)
        known: dict[str, int | None] = dict.fromkeys(regular, self._capacity(season))
        for one in self.exceptions:
            if one.concerns(day):
                _apply(one, known, always=[""] if self.opening_hours else self.start_times)
        return [
            Planned(time.fromisoformat(start) if start else None, None if start else hours, capacity)
            for start, capacity in sorted(known.items())
        ]

    def all_start_times(self) -> list[str]:
        """Return every local time at which something may depart, in order."""
        lists: Iterable[Sequence[str]] = (
            self.start_times,
            *(season.start_times or () for season in self.seasons),
            *(one.start_times for one in self.exceptions),
        )
        return sorted({start for starts in lists for start in starts})

    def _season(self, day: date) -> Season | None:
        return next((season for season in self.seasons if day in season), None)

    def _regular(self, day: date, season: Season | None) -> list[str]:
        if self.seasons and season is None:
            return []
        if WEEKDAYS[day.weekday()] not in ((season and season.weekdays) or self.weekdays):
            return []
        return [""] if self.opening_hours else ((season and season.start_times) or self.start_times)

    def _capacity(self, season: Season | None) -> int | None:
        return self.capacity if season is None or season.capacity is None else season.capacity


def _apply(one: SpecialDay, known: dict[str, int | None], always: Sequence[str]) -> None:
    """Change the departures of a day, by start; a date's exception may bring back what the rules leave out."""
    starts = one.start_times or (always if one.day and not known else list(known))
    for start in starts:
        if one.closed:
            known.pop(start, None)
        elif one.day or start in known:
            known[start] = one.capacity
