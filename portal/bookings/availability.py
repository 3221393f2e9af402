"""What can be booked when: terms and sold places in, slots out. Pure.

A slot is a departure (START_TIME) or a day (OPENING_HOURS) of one option. Its id is its local start with offset.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from portal.bookings.terms import WEEKDAYS, OptionTerms, ProductTerms

HORIZON = timedelta(days=550)
"""How far ahead places are sold."""

FIRST_DATE, LAST_DATE = date(1900, 1, 1), date(2999, 12, 31)
"""Dates outside are refused: at the ends of the calendar there is no next day, and no other time zone."""

Sold = Mapping[datetime, int]
"""Places sold or held, by the slot's start."""


class Status(StrEnum):
    """OCTO's word for how a slot stands."""

    AVAILABLE = "AVAILABLE"
    LIMITED = "LIMITED"
    SOLD_OUT = "SOLD_OUT"
    CLOSED = "CLOSED"


BOOKABLE = frozenset({Status.AVAILABLE, Status.LIMITED})


@dataclass(frozen=True, slots=True)
class Slot:
    """A departure or a day. Starts and ends are local, with offset; `cutoff` is the instant sales end.

    :ivar opening_hours: opening and closing time as `HH:MM`, for OPENING_HOURS.
    :ivar vacancies: places left, 0 when closed.
    """

    id: str
    starts_at: datetime
    ends_at: datetime
    closes_at: datetime
    cutoff: datetime
    opening_hours: tuple[str, str] | None
    status: Status
    vacancies: int
    capacity: int
    max_units: int

    @property
    def all_day(self) -> bool:
        """Whether any time of the day will do."""
        return self.opening_hours is not None

    @property
    def available(self) -> bool:
        """Whether it can be booked now."""
        return self.status in BOOKABLE


@dataclass(frozen=True, slots=True)
class Day:
    """The slots of a local date, summed up as a calendar shows them; `vacancies` is the most any slot has."""

    date: date
    status: Status
    vacancies: int
    capacity: int
    opening_hours: tuple[str, str] | None

    @property
    def available(self) -> bool:
        """Whether any slot of the day can be booked now."""
        return self.status in BOOKABLE


def slots(
    product: ProductTerms, option: OptionTerms, days: Sequence[date], sold: Sold, now: datetime, places: int = 1
) -> list[Slot]:
    """Return the slots that start on local `days`, in order.

    :param places: how many are asked for; a slot with fewer left is SOLD_OUT for this party.
    """
    found = {}
    for day in days:
        if WEEKDAYS[day.weekday()] in option.weekdays:
            # By id: where clocks jump forward, 02:30 and 03:30 are one departure.
            found.update({slot.id: slot for slot in _slots_of(product, option, day, sold, now, places)})
    return list(found.values())


def find_slot(
    product: ProductTerms, option: OptionTerms, slot_id: str, sold: Sold, now: datetime, places: int = 1
) -> Slot | None:
    """Return the slot of an id, if the terms have one."""
    day = date_of(slot_id)
    if day is None:
        return None
    return next((slot for slot in slots(product, option, [day], sold, now, places) if slot.id == slot_id), None)


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


def _slots_of(
    product: ProductTerms, option: OptionTerms, day: date, sold: Sold, now: datetime, places: int
) -> Iterator[Slot]:
    for starts_at, ends_at, closes_at in _spans(option, day, product.zone):
        cutoff = _shift(closes_at if option.opening_hours else starts_at, minutes=-option.cutoff_minutes)
        left = max(0, option.capacity - sold.get(starts_at, 0))
        status = _status(left, option.capacity, places, open_now=now < cutoff and starts_at <= now + HORIZON)
        hours = option.opening_hours
        yield Slot(
            id=starts_at.isoformat(),
            starts_at=starts_at,
            ends_at=ends_at,
            closes_at=closes_at,
            cutoff=cutoff.astimezone(UTC),
            opening_hours=(hours.opens, hours.closes) if hours else None,
            status=status,
            vacancies=0 if status is Status.CLOSED else left,
            capacity=option.capacity,
            max_units=option.max_units,
        )


def _spans(option: OptionTerms, day: date, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime, datetime]]:
    """Give start, end and the moment it closes: the start itself for a departure."""
    if option.opening_hours is None:
        for clock in option.times:
            start = _local(day, clock, zone)
            yield start, _shift(start, minutes=option.duration_minutes or 0), start
        return
    midnight, next_day = time(0), day + timedelta(days=1)
    opens, closes = option.opening_hours.opens, option.opening_hours.closes
    if closes == "24:00":
        closing = _local(next_day, midnight, zone)
    else:
        closing = _local(day if closes > opens else next_day, time.fromisoformat(closes), zone)
    yield _local(day, midnight, zone), _local(next_day, midnight, zone), closing


def _local(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """Return a local time that exists: one skipped by a clock change moves on by as much."""
    return datetime.combine(day, clock, zone).astimezone(UTC).astimezone(zone)


def _shift(moment: datetime, minutes: int) -> datetime:
    """Return a moment so many real minutes away, in the same zone. Local arithmetic would miss a clock change."""
    return (moment.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(moment.tzinfo)


def _status(left: int, capacity: int, places: int, *, open_now: bool) -> Status:
    if not open_now:
        return Status.CLOSED
    if left < max(1, places):
        return Status.SOLD_OUT
    return Status.LIMITED if left * 2 < capacity else Status.AVAILABLE


def _sum_up(day: date, option: OptionTerms, of_day: list[Slot]) -> Day:
    order = (Status.AVAILABLE, Status.LIMITED, Status.SOLD_OUT)
    status = next((known for known in order if any(slot.status is known for slot in of_day)), Status.CLOSED)
    hours = option.opening_hours
    return Day(
        date=day,
        status=status,
        vacancies=max((slot.vacancies for slot in of_day), default=0),
        capacity=option.capacity,
        opening_hours=(hours.opens, hours.closes) if hours and of_day else None,
    )
