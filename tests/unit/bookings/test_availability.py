from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from portal.bookings.availability import HORIZON, Slot, Status, calendar, days_between, find_slot, slots
from portal.bookings.terms import ProductTerms
from tests.unit.bookings.samples import cruise, wheel

DAY = date(2026, 7, 1)
DAWN = datetime(2026, 7, 1, 5, tzinfo=UTC) - timedelta(hours=8)
TEN = datetime(2026, 7, 1, 2, tzinfo=UTC)


def of_day(product: ProductTerms, day: date = DAY, now: datetime = DAWN, **more: object) -> list[Slot]:
    return slots(product, product.options[0], [day], more.pop("sold", {}), now, **more)  # type: ignore[arg-type]


def zoned(product: ProductTerms, zone: str) -> ProductTerms:
    return product.model_copy(update={"timezone": zone})


def test_a_departure_is_known_by_its_local_start_with_offset() -> None:
    first, second = of_day(cruise())
    assert [first.id, second.id] == ["2026-07-01T10:00:00+08:00", "2026-07-01T14:00:00+08:00"]
    assert first.ends_at.isoformat() == "2026-07-01T10:50:00+08:00"
    assert first.cutoff == TEN - timedelta(minutes=30)
    assert not first.all_day


def test_a_day_of_opening_hours_lasts_from_midnight_to_midnight_and_closes_with_the_doors() -> None:
    (day,) = of_day(wheel())
    assert (day.id, day.ends_at.isoformat()) == ("2026-07-01T00:00:00+08:00", "2026-07-02T00:00:00+08:00")
    assert day.opening_hours == ("09:30", "21:30")
    assert day.cutoff == datetime(2026, 7, 1, 13, 0, tzinfo=UTC)
    assert day.all_day


@pytest.mark.parametrize(
    ("sold", "status", "vacancies"),
    [
        (0, Status.AVAILABLE, 120),
        (60, Status.AVAILABLE, 60),
        (61, Status.LIMITED, 59),
        (119, Status.LIMITED, 1),
        (120, Status.SOLD_OUT, 0),
        (125, Status.SOLD_OUT, 0),
    ],
)
def test_a_slot_is_limited_once_less_than_half_is_left(sold: int, status: Status, vacancies: int) -> None:
    slot = of_day(cruise(), sold={TEN: sold})[0]
    assert (slot.status, slot.vacancies, slot.available) == (status, vacancies, sold < 120)


def test_a_party_larger_than_what_is_left_finds_the_slot_sold_out() -> None:
    slot = of_day(cruise(), sold={TEN: 118}, places=3)[0]
    assert (slot.status, slot.available, slot.vacancies) == (Status.SOLD_OUT, False, 2)


def test_sales_end_at_the_cutoff_to_the_second() -> None:
    cutoff = TEN - timedelta(minutes=30)
    assert of_day(cruise(), now=cutoff - timedelta(seconds=1))[0].available
    closed = of_day(cruise(), now=cutoff)[0]
    assert (closed.status, closed.vacancies) == (Status.CLOSED, 0)


def test_sales_do_not_begin_before_the_horizon() -> None:
    far = (DAWN + HORIZON + timedelta(days=2)).date()
    assert {slot.status for slot in of_day(cruise(), far)} == {Status.CLOSED}


def test_a_weekday_without_service_has_no_slots_and_is_closed_in_the_calendar() -> None:
    product = cruise(weekdays=["sa", "su"])
    assert of_day(product) == []  # a Wednesday
    days = calendar(product, product.options[0], days_between(DAY, date(2026, 7, 5)), {}, DAWN)
    assert [day.status for day in days] == ["CLOSED", "CLOSED", "CLOSED", "AVAILABLE", "AVAILABLE"]


def test_a_calendar_day_shows_the_best_of_its_slots() -> None:
    product = cruise()
    (day,) = calendar(product, product.options[0], [DAY], {TEN: 120}, DAWN)
    assert (day.status, day.vacancies, day.capacity, day.available) == ("AVAILABLE", 120, 120, True)


def test_a_slot_is_found_by_its_id_only() -> None:
    product = cruise()
    option = product.options[0]
    found = find_slot(product, option, "2026-07-01T10:00:00+08:00", {}, DAWN)
    assert found is not None
    assert found.starts_at == TEN
    for wrong in ("2026-07-01T10:00:00Z", "2026-07-01T11:00:00+08:00", "2026-07-01", "tomorrow", "", "2026-07-01\0"):
        assert find_slot(product, option, wrong, {}, DAWN) is None


def test_doors_that_close_after_midnight_close_on_the_next_day() -> None:
    late = wheel(opening_hours={"from": "18:00", "to": "02:00"})
    assert of_day(late)[0].closes_at.isoformat() == "2026-07-02T02:00:00+08:00"
    till_midnight = wheel(opening_hours={"from": "18:00", "to": "24:00"})
    assert of_day(till_midnight)[0].closes_at.isoformat() == "2026-07-02T00:00:00+08:00"


def test_a_day_has_23_or_25_hours_when_clocks_change() -> None:
    product = zoned(wheel(), "Europe/Berlin")
    (spring,) = of_day(product, date(2026, 3, 29), datetime(2026, 3, 1, tzinfo=UTC))
    assert spring.id == "2026-03-29T00:00:00+01:00"
    assert spring.ends_at.isoformat() == "2026-03-30T00:00:00+02:00"
    assert spring.ends_at.astimezone(UTC) - spring.starts_at.astimezone(UTC) == timedelta(hours=23)


def test_a_departure_in_the_hour_that_clocks_skip_leaves_when_the_hour_is_over() -> None:
    product = zoned(cruise(start_times=["02:30", "03:30"]), "Europe/Berlin")
    departures = of_day(product, date(2026, 3, 29), datetime(2026, 3, 1, tzinfo=UTC))
    assert [slot.id for slot in departures] == ["2026-03-29T03:30:00+02:00"]


def test_a_trip_over_a_clock_change_takes_as_long_as_ever() -> None:
    product = zoned(cruise(start_times=["01:30"], duration_minutes=60), "Europe/Berlin")
    (slot,) = of_day(product, date(2026, 3, 29), datetime(2026, 3, 1, tzinfo=UTC))
    assert slot.ends_at.isoformat() == "2026-03-29T03:30:00+02:00"
