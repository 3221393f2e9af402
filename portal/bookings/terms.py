"""The terms of bookable products, as the `booking` list of a listing.yaml states them (docs/content.md)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from portal.bookings.schedule import Schedule, Terms
from portal.languages.names import Tag

ContactField = Literal[
    "firstName", "lastName", "emailAddress", "phoneNumber", "country", "notes", "locales", "postalCode"
]
"""What a booking's contact, or a ticket's, may have to tell."""


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
NamesFrom = Annotated[Mapping[Tag, Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{12}$")]], Field(exclude=True)]
"""Of translated names that the source has moved on from: the pin of what each was made from. Only editors want it."""
Zone = Annotated[str, AfterValidator(_known_zone)]


class CancellationCutoff(Terms):
    """How long before the start (or closing) a confirmed booking may still be cancelled."""

    amount: int = Field(ge=0, le=1000)
    unit: Literal["hour", "minute", "day"]


class RefundTerms(Terms):
    """What a cancellation gives back: all before `full_until`, then so many hundredths of the price."""

    full_until: CancellationCutoff
    later_percent: int = Field(ge=0, le=99)


class OpenDated(Terms):
    """Sold without a date: the guest comes on any day until this many days after the sale."""

    valid_days: int = Field(ge=1, le=3650)


class UnitTerms(Terms):
    """A kind of ticket. `price` is in minor units of the product's currency, `pax` the places it takes.

    `accompanied_by` are units of which a booking needs at least one beside this one, as a child needs an adult.
    """

    id: Identifier
    type: Literal["ADULT", "YOUTH", "CHILD", "INFANT", "FAMILY", "SENIOR", "STUDENT", "MILITARY", "OTHER"]
    names: Names
    names_from: NamesFrom = Field(default={})
    price: int = Field(ge=0, le=1_000_000_000)
    pax: int = Field(default=1, ge=0, le=100)
    min_age: int = Field(default=0, ge=0, le=130)
    max_age: int = Field(default=99, ge=0, le=130)
    min_quantity: int | None = Field(default=None, ge=1, le=1000)
    max_quantity: int | None = Field(default=None, ge=1, le=1000)
    accompanied_by: list[Identifier] = Field(default=[])
    id_required: bool = False
    required_contact_fields: list[ContactField] = Field(default=[])

    @model_validator(mode="after")
    def _bounds_in_order(self) -> UnitTerms:
        if self.min_age > self.max_age:
            raise ValueError(f"min_age {self.min_age} is above max_age {self.max_age}")
        if self.min_quantity and self.max_quantity and self.min_quantity > self.max_quantity:
            raise ValueError(f"min_quantity {self.min_quantity} is above max_quantity {self.max_quantity}")
        return self


class OptionTerms(Schedule):
    """A variant of a product with its own times and places.

    `capacity` counts places per departure (START_TIME) or day (OPENING_HOURS); with a `resource`, such as a boat, the
    places that all options of that resource take at the same time count together. `cutoff_minutes` before the start (or
    closing) sales end; `min_units` and `max_units` are how many a booking may have.
    """

    id: Identifier
    names: Names
    names_from: NamesFrom = Field(default={})
    duration_minutes: int | None = Field(default=None, ge=1, le=7 * 24 * 60)
    capacity: Annotated[int, Field(ge=1, le=100_000)] | None = None
    resource: Slug | None = None
    cutoff_minutes: int = Field(default=0, ge=0, le=60 * 24 * 60)
    cancellation_cutoff: CancellationCutoff
    refund: RefundTerms | None = None
    min_units: int = Field(default=1, ge=1, le=1000)
    max_units: int = Field(default=10, ge=1, le=1000)
    required_contact_fields: list[ContactField] = Field(default=[])
    units: list[UnitTerms] = Field(min_length=1)

    @model_validator(mode="after")
    def _no_repeats(self) -> OptionTerms:
        _refuse_repeats("unit", (unit.id for unit in self.units))
        _refuse_repeats("start time", self.start_times)
        _refuse_repeats("weekday", self.weekdays)
        if self.min_units > self.max_units:
            raise ValueError(f"min_units {self.min_units} is above max_units {self.max_units}")
        known = {unit.id for unit in self.units}
        for unit in self.units:
            if strangers := set(unit.accompanied_by) - known:
                raise ValueError(
                    f"unit {unit.id}: accompanied_by names {min(strangers)}, which is no unit of the option"
                )
        return self

    @property
    def lowest_price(self) -> int:
        """The least a ticket costs; free ones, such as an infant's, count only where all are."""
        prices = [unit.price for unit in self.units]
        return min(price for price in prices if price or not any(prices))

    def unit(self, unit_id: str) -> UnitTerms | None:
        """Return the unit of an id, if there is one."""
        return next((unit for unit in self.units if unit.id == unit_id), None)


class ProductTerms(Terms):
    """Something that can be booked. `supplier` names who runs it; without, the portal itself sells it.

    A `freesale` product is never sold out; an `open_dated` one may be sold without a date. Without
    `instant_confirmation` the business decides on each booking. `delivery` TICKET gives every ticket a code of its own.
    """

    id: Slug
    sample: bool = False
    supplier: Slug | None = None
    names: Names
    names_from: NamesFrom = Field(default={})
    availability_type: Literal["START_TIME", "OPENING_HOURS"]
    timezone: Zone
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    freesale: bool = False
    instant_confirmation: bool = True
    delivery: Literal["VOUCHER", "TICKET"] = "VOUCHER"
    open_dated: OpenDated | None = None
    options: list[OptionTerms] = Field(min_length=1)

    @model_validator(mode="after")
    def _options_fit(self) -> ProductTerms:
        _refuse_repeats("option", (option.id for option in self.options))
        for option in self.options:
            _check_times(self.availability_type, option)
            _check_capacity(option, freesale=self.freesale)
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
    hours = [option.opening_hours, *(season.opening_hours for season in option.seasons)]
    fields = {
        "start_times": (bool(option.all_start_times() if not by_start else option.start_times), by_start),
        "duration_minutes": (option.duration_minutes is not None, by_start),
        "opening_hours": (option.opening_hours is not None if not by_start else any(hours), not by_start),
    }
    for field, (given, wanted) in fields.items():
        if wanted and not given:
            raise ValueError(f"option {option.id}: {availability_type} needs {field}")
        if given and not wanted:
            raise ValueError(f"option {option.id}: {availability_type} takes no {field}")


def _check_capacity(option: OptionTerms, *, freesale: bool) -> None:
    others = [season.capacity for season in option.seasons] + [one.capacity for one in option.exceptions]
    limits = [option.capacity, *others]
    if freesale and (option.resource or any(limit is not None for limit in limits)):
        raise ValueError(f"option {option.id}: a freesale product takes no capacity and no resource")
    if not freesale and not option.capacity:
        raise ValueError(f"option {option.id}: expected a capacity of at least 1")
