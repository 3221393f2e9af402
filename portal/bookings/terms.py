"""The terms of bookable products, as the `booking` list of a listing.yaml states them (docs/content.md)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import time
from typing import Annotated, Literal, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from portal.languages.names import Tag

Weekday = Literal["mo", "tu", "we", "th", "fr", "sa", "su"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError) as error:
        raise ValueError("expected an IANA time zone, such as Asia/Shanghai") from error
    return name


Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]+([_-][A-Za-z0-9]+)*$", max_length=40)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\n\r]+$")]
Names = Annotated[Mapping[Tag, Name], Field(min_length=1)]
Clock = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
ClosingClock = Annotated[str, StringConstraints(pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$")]
Zone = Annotated[str, AfterValidator(_known_zone)]


class Terms(BaseModel):
    """No coercion, no unknown keys, no change after the fact."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class OpeningHours(Terms):
    """When a day's doors are open, in local time. A closing time not after the opening one is the next day's."""

    opens: Clock = Field(alias="from")
    closes: ClosingClock = Field(alias="to")


class CancellationCutoff(Terms):
    """How long before the start (or closing) a confirmed booking may still be cancelled."""

    amount: int = Field(ge=0, le=1000)
    unit: Literal["hour", "minute", "day"]


class UnitTerms(Terms):
    """A kind of ticket. `price` is in minor units of the product's currency, `pax` the places it takes."""

    id: Identifier
    type: Literal["ADULT", "YOUTH", "CHILD", "INFANT", "FAMILY", "SENIOR", "STUDENT", "MILITARY", "OTHER"]
    names: Names
    price: int = Field(ge=0, le=1_000_000_000)
    pax: int = Field(default=1, ge=0, le=100)
    min_age: int = Field(default=0, ge=0, le=130)
    max_age: int = Field(default=99, ge=0, le=130)

    @model_validator(mode="after")
    def _ages_in_order(self) -> UnitTerms:
        if self.min_age > self.max_age:
            raise ValueError(f"min_age {self.min_age} is above max_age {self.max_age}")
        return self


class OptionTerms(Terms):
    """A variant of a product with its own times and places.

    `capacity` counts places per departure (START_TIME) or day (OPENING_HOURS); `cutoff_minutes` before the start (or
    closing) sales end; `max_units` is the most one booking may have.
    """

    id: Identifier
    names: Names
    start_times: list[Clock] = []
    duration_minutes: int | None = Field(default=None, ge=1, le=7 * 24 * 60)
    opening_hours: OpeningHours | None = None
    weekdays: list[Weekday] = Field(default=list(WEEKDAYS), min_length=1)
    capacity: int = Field(ge=1, le=100_000)
    cutoff_minutes: int = Field(default=0, ge=0, le=60 * 24 * 60)
    cancellation_cutoff: CancellationCutoff
    max_units: int = Field(default=10, ge=1, le=1000)
    units: list[UnitTerms] = Field(min_length=1)

    @model_validator(mode="after")
    def _no_repeats(self) -> OptionTerms:
        _refuse_repeats("unit", (unit.id for unit in self.units))
        _refuse_repeats("start time", self.start_times)
        _refuse_repeats("weekday", self.weekdays)
        return self

    def unit(self, unit_id: str) -> UnitTerms | None:
        """Return the unit of an id, if there is one."""
        return next((unit for unit in self.units if unit.id == unit_id), None)

    @property
    def times(self) -> list[time]:
        """The departures of a day, in order."""
        return sorted(time.fromisoformat(text) for text in self.start_times)


class ProductTerms(Terms):
    """Something that can be booked. `supplier` names who runs it; without, the portal itself sells it."""

    id: Slug
    sample: bool = False
    supplier: Slug | None = None
    names: Names
    availability_type: Literal["START_TIME", "OPENING_HOURS"]
    timezone: Zone
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    options: list[OptionTerms] = Field(min_length=1)

    @model_validator(mode="after")
    def _options_fit(self) -> ProductTerms:
        _refuse_repeats("option", (option.id for option in self.options))
        for option in self.options:
            _check_times(self.availability_type, option)
        return self

    def option(self, option_id: str) -> OptionTerms | None:
        """Return the option of an id, if there is one."""
        return next((option for option in self.options if option.id == option_id), None)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone its local times are in."""
        return ZoneInfo(self.timezone)


def _refuse_repeats(what: str, values: Iterable[str]) -> None:
    seen: set[str] = set()
    for value in values:
        if value in seen:
            raise ValueError(f"{what} {value} is there twice")
        seen.add(value)


def _check_times(availability_type: str, option: OptionTerms) -> None:
    by_start = availability_type == "START_TIME"
    fields = {
        "start_times": (bool(option.start_times), by_start),
        "duration_minutes": (option.duration_minutes is not None, by_start),
        "opening_hours": (option.opening_hours is not None, not by_start),
    }
    for field, (given, wanted) in fields.items():
        if wanted and not given:
            raise ValueError(f"option {option.id}: {availability_type} needs {field}")
        if given and not wanted:
            raise ValueError(f"option {option.id}: {availability_type} takes no {field}")
