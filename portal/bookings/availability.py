"""What can be booked when: terms and sold places in, slots out. Pure.

A slot is a departure (START_TIME) or a day (OPENING_HOURS) of one option. Its id is its local start with offset.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from portal.bookings.schedule import Planned
from portal.bookings.terms import OptionTerms, ProductTerms

HORIZON = timedelta(days=550)
"""How far ahead places are sold."""

FIRST_DATE, LAST_DATE = date(1900, 1, 1), date(2999, 12, 31)
"""Dates outside are refused: at the ends of the calendar there is no next day, and no other time zone."""

Sold = Mapping[datetime, int]
"""Places sold or held, by the slot's start; of an option with a resource, all that are taken of that meanwhile."""

Taken = tuple[datetime, datetime, int]
"""From when to when so many places of a resource are taken."""


class Status(StrEnum):
    """OCTO's word for how a slot stands."""

    FREESALE = "FREESALE"
    AVAILABLE = "AVAILABLE"
    LIMITED = "LIMITED"
    SOLD_OUT = "SOLD_OUT"
    CLOSED = "CLOSED"


BOOKABLE = frozenset({Status.FREESALE, Status.AVAILABLE, Status.LIMITED})


@dataclass(frozen=True, slots=True)
class Slot:
    """A departure or a day. Starts and ends are local, with offset; `cutoff` is the instant sales end.

    :ivar opening_hours: opening and closing time as `HH:MM`, for OPENING_HOURS.
    :ivar vacancies: places left, 0 when closed; None, as `capacity`, without limit.
    """

    id: str
    starts_at: datetime
    ends_at: datetime
    closes_at: datetime
    cutoff: datetime
    opening_hours: tuple[str, str] | None
    status: Status
    vacancies: int | None
    capacity: int | None
    max_units: int

    @property
    def few(self) -> bool:
        """Whether so little is left that one should hurry."""
        return self.available and is_few(self.vacancies, self.capacity)

    @property
    def all_day(self) -> bool:
        """Whether any time of the day will do."""
        return self.opening_hours is not None

    @property
    def available(self) -> bool:
        """Whether it can be booked now."""
        return self.status in BOOKABLE


@dataclass(frozen=True, slots=True)
class Span:
    """When a slot is on, local with offset, and the moment it closes: the start itself for a departure."""

    starts_at: datetime
    ends_at: datetime
    closes_at: datetime
    planned: Planned

    @property
    def id(self) -> str:
        """What its slot is called."""
        return self.starts_at.isoformat()


@dataclass(frozen=True, slots=True)
class Day:
    """The slots of a local date, summed up as a calendar shows them; `vacancies` is the most any slot has.

    Without slots, `capacity` is what the option has when it is on.
    """

    date: date
    status: Status
    vacancies: int | None
    capacity: int | None
    opening_hours: tuple[str, str] | None

    @property
    def available(self) -> bool:
        """Whether any slot of the day can be booked now."""
        return self.status in BOOKABLE

    @property
    def few(self) -> bool:
        """Whether so little is left, even in the emptiest slot, that one should hurry."""
        return self.available and is_few(self.vacancies, self.capacity)


def is_few(vacancies: int | None, capacity: int | None) -> bool:
    """Tell whether places left are few: at most a fifth of them."""
    return vacancies is not None and bool(capacity) and vacancies * 5 <= (capacity or 0)


def slots(
    product: ProductTerms, option: OptionTerms, days: Sequence[date], sold: Sold, now: datetime, places: int = 1
) -> list[Slot]:
    """Return the slots that start on local `days`, in order.

    :param places: how many are asked for; a slot with fewer left is SOLD_OUT for this party.
    """
    # By id: where clocks jump forward, 02:30 and 03:30 are one departure.
    found = {span.id: span for span in spans(product, option, days)}
    return [slot_of(option, span, sold, now, places) for span in found.values()]


def find_slot(
    product: ProductTerms, option: OptionTerms, slot_id: str, sold: Sold, now: datetime, places: int = 1
) -> Slot | None:
    """Return the slot of an id, if the terms have one."""
    span = find_span(product, option, slot_id)
    return None if span is None else slot_of(option, span, sold, now, places)


def find_span(product: ProductTerms, option: OptionTerms, slot_id: str) -> Span | None:
    """Return when the slot of an id is on, if the terms have one."""
    day = date_of(slot_id)
    found = [] if day is None else spans(product, option, [day])
    return next((span for span in reversed(found) if span.id == slot_id), None)


def open_slot(product: ProductTerms, option: OptionTerms, sold_at: datetime, until: datetime) -> Slot:
    """Return what stands for the departure or day in a booking without a date: the time it is valid for."""
    starts_at, ends_at = sold_at.astimezone(product.zone), until.astimezone(product.zone)
    return Slot(
        id="",
        starts_at=starts_at,
        ends_at=ends_at,
        closes_at=ends_at,
        cutoff=until,
        opening_hours=None,
        status=Status.FREESALE,
        vacancies=None,
        capacity=None,
        max_units=option.max_units,
    )


def open_until(product: ProductTerms, sold_at: datetime) -> datetime:
    """Return when a booking without a date ends: at midnight after its last day."""
    days = product.open_dated.valid_days if product.open_dated else 0
    return _local(sold_at.astimezone(product.zone).date() + timedelta(days=days + 1), time(0), product.zone)


def spans(product: ProductTerms, option: OptionTerms, days: Iterable[date]) -> list[Span]:
    """Return when things depart, or are open, on local `days`, in order."""
    return [_span(option, planned, day, product.zone) for day in days for planned in option.plan(day)]


def peak(taken: Iterable[Taken], starts_at: datetime, ends_at: datetime) -> int:
    """Return the most places that are taken at any one moment from a start to before an end."""
    meanwhile = [(start, end, places) for start, end, places in taken if start < ends_at and end > starts_at]
    moments = {starts_at, *(start for start, _, _ in meanwhile if start > starts_at)}
    return max(sum(places for start, end, places in meanwhile if start <= moment < end) for moment in moments)


def date_of(slot_id: str) -> date | None:
    """Return the local date a slot's id starts with, if it does and is one that can be counted with."""
    try:
        day = date.fromisoformat(slot_id[:10])
    except ValueError:
        return None
    return day if FIRST_DATE <= day <= LAST_DATE else None


def calendar(
    product: ProductTerms, option: OptionTerms, days: Sequence[date], sold: Sold, now: datetime, places: int = 1
) -> list[Day]:
    """Return one `Day` for each of `days`; one without slots is CLOSED."""
    return [_sum_up(day, option, slots(product, option, [day], sold, now, places)) for day in days]


def days_between(first: date, last: date) -> list[date]:
    """Return the dates from `first` to `last`, both included."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def slot_of(option: OptionTerms, span: Span, sold: Sold, now: datetime, places: int = 1) -> Slot:
    """Return how a slot stands at `now`."""
    hours, capacity = span.planned.hours, span.planned.capacity
    cutoff = _shift(span.closes_at, minutes=-option.cutoff_minutes)
    left = None if capacity is None else max(0, capacity - sold.get(span.starts_at, 0))
    status = _status(left, capacity, places, open_now=now < cutoff and span.starts_at <= now + HORIZON)
    return Slot(
        id=span.id,
        starts_at=span.starts_at,
        ends_at=span.ends_at,
        closes_at=span.closes_at,
        cutoff=cutoff.astimezone(UTC),
        opening_hours=(hours.opens, hours.closes) if hours else None,
        status=status,
        vacancies=0 if status is Status.CLOSED else left,
        capacity=capacity,
        max_units=option.max_units,
    )


def _span(option: OptionTerms, planned: Planned, day: date, zone: ZoneInfo) -> Span:
    if planned.hours is None:
        start = _local(day, planned.start or time(0), zone)
        return Span(start, _shift(start, minutes=option.duration_minutes or 0), start, planned)
    midnight, next_day = time(0), day + timedelta(days=1)
    opens, closes = planned.hours.opens, planned.hours.closes
    if closes == "24:00":
        closing = _local(next_day, midnight, zone)
    else:
        closing = _local(day if closes > opens else next_day, time.fromisoformat(closes), zone)
    return Span(_local(day, midnight, zone), _local(next_day, midnight, zone), closing, planned)


def _local(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """Return a local time that exists: one skipped by a clock change moves on by as much."""
    return datetime.combine(day, clock, zone).astimezone(UTC).astimezone(zone)


def _shift(moment: datetime, minutes: int) -> datetime:
    """Return a moment so many real minutes away, in the same zone. Local arithmetic would miss a clock change."""
    return (moment.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(moment.tzinfo)


def _status(left: int | None, capacity: int | None, places: int, *, open_now: bool) -> Status:
    if not open_now:
        return Status.CLOSED
    if left is None or capacity is None:
        return Status.FREESALE
    if left < max(1, places):
        return Status.SOLD_OUT
    return Status.LIMITED if left * 2 < capacity else Status.AVAILABLE


def _sum_up(day: date, option: OptionTerms, of_day: list[Slot]) -> Day:
    order = (Status.FREESALE, Status.AVAILABLE, Status.LIMITED, Status.SOLD_OUT)
    status = next((known for known in order if any(slot.status is known for slot in of_day)), Status.CLOSED)
    vacancies = [slot.vacancies for slot in of_day if slot.vacancies is not None]
    capacities = [slot.capacity for slot in of_day if slot.capacity is not None]
    return Day(
        date=day,
        status=status,
        vacancies=None if status is Status.FREESALE else max(vacancies, default=0),
        capacity=max(capacities, default=option.capacity),
        opening_hours=of_day[0].opening_hours if of_day else None,
    )
