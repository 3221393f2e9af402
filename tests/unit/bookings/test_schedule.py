from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from portal.bookings.availability import Status, days_between, peak, slots
from portal.bookings.terms import ProductTerms
from tests.unit.bookings.samples import cruise, wheel

NOW = datetime(2026, 7, 1, tzinfo=UTC)
WEDNESDAY, THURSDAY = date(2026, 7, 1), date(2026, 7, 2)


def plan(day: date, **rules: Any) -> list[tuple[str, int | None]]:
    """Return start and capacity of the cruise's departures on a day."""
    return [(f"{one.start:%H:%M}", one.capacity) for one in cruise(**rules).options[0].plan(day) if one.start]


def test_outside_its_seasons_nothing_departs_and_a_season_may_have_times_and_places_of_its_own() -> None:
    summer = {"from": "06-01", "to": "08-31", "start_times": ["20:00"], "capacity": 60, "weekdays": ["we"]}
    winter = {"from": "12-15", "to": "02-15"}
    rules = {"seasons": [summer, winter]}
    assert plan(WEDNESDAY, **rules) == [("20:00", 60)]
    assert plan(THURSDAY, **rules) == []
    assert plan(date(2026, 9, 2), **rules) == []
    for day in (date(2026, 12, 15), date(2027, 1, 1), date(2027, 2, 15)):
        assert plan(day, **rules) == [("10:00", 120), ("14:00", 120)]
    assert plan(date(2027, 2, 16), **rules) == []


def test_a_season_of_one_year_comes_once() -> None:
    rules = {"seasons": [{"from": "2026-07-01", "to": "2026-07-01"}]}
    assert plan(WEDNESDAY, **rules)
    assert not plan(date(2027, 7, 1), **rules)


def test_a_closure_wins_over_everything() -> None:
    rules = {
        "closures": [{"from": "2026-07-01", "to": "2026-07-01"}],
        "exceptions": [{"date": "2026-07-01", "capacity": 5}],
    }
    assert plan(WEDNESDAY, **rules) == []
    assert len(plan(THURSDAY, **rules)) == 2


def test_an_exception_changes_takes_away_or_adds_single_departures() -> None:
    exceptions = [
        {"weekdays": ["we"], "start_times": ["10:00"], "capacity": 0},
        {"date": "2026-07-01", "start_times": ["14:00"], "closed": True},
        {"date": "07-01", "start_times": ["22:00"], "capacity": 30},
    ]
    assert plan(WEDNESDAY, exceptions=exceptions) == [("10:00", 0), ("22:00", 30)]
    assert plan(THURSDAY, exceptions=exceptions) == [("10:00", 120), ("14:00", 120)]


def test_a_date_may_open_on_a_weekday_that_is_closed_otherwise() -> None:
    option = wheel(weekdays=["mo"], exceptions=[{"date": "2026-07-01", "capacity": 50}]).options[0]
    assert [(one.capacity, one.hours and one.hours.opens) for one in option.plan(WEDNESDAY)] == [(50, "09:30")]
    assert option.plan(THURSDAY) == []


def test_a_departure_without_places_is_sold_out() -> None:
    product = cruise(exceptions=[{"date": "2026-07-01", "start_times": ["14:00"], "capacity": 0}])
    found = slots(product, product.options[0], [WEDNESDAY], {}, NOW)
    assert [slot.status for slot in found] == [Status.AVAILABLE, Status.SOLD_OUT]


def freesale() -> ProductTerms:
    plain = cruise().model_dump(mode="json", by_alias=True)
    option = {**plain["options"][0], "capacity": None}
    return ProductTerms.model_validate({**plain, "freesale": True, "options": [option]})


def test_a_freesale_product_has_no_limit_until_sales_end() -> None:
    product = freesale()
    found = slots(product, product.options[0], [WEDNESDAY], {}, NOW + timedelta(hours=4), places=1000)
    assert [(slot.status, slot.vacancies, slot.capacity) for slot in found] == [
        (Status.CLOSED, 0, None),
        (Status.FREESALE, None, None),
    ]


def test_where_clocks_change_a_day_has_each_departure_once_and_ends_at_its_midnight() -> None:
    berlin = cruise(start_times=["02:30", "03:30"]).model_copy(update={"timezone": "Europe/Berlin"})
    spring, autumn = date(2026, 3, 29), date(2026, 10, 25)
    now = datetime(2026, 3, 1, tzinfo=UTC)
    assert [slot.id for slot in slots(berlin, berlin.options[0], [spring], {}, now)] == ["2026-03-29T03:30:00+02:00"]
    assert len(slots(berlin, berlin.options[0], [autumn], {}, now)) == 2
    day = wheel().model_copy(update={"timezone": "Europe/Berlin"})
    (slot,) = slots(day, day.options[0], [autumn], {}, now)
    assert (slot.starts_at.isoformat(), slot.ends_at.isoformat()) == (
        "2026-10-25T00:00:00+02:00",
        "2026-10-26T00:00:00+01:00",
    )


def test_the_peak_counts_what_is_taken_at_one_moment_and_not_what_follows_one_another() -> None:
    def at(hour: int) -> datetime:
        return datetime.combine(WEDNESDAY, time(hour), UTC)

    taken = [(at(10), at(12), 2), (at(12), at(14), 3), (at(13), at(15), 4)]
    assert peak(taken, at(10), at(12)) == 2
    assert peak(taken, at(11), at(13)) == 3
    assert peak(taken, at(10), at(16)) == 7
    assert peak(taken, at(15), at(16)) == 0


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ({"seasons": [{"from": "02-30", "to": "03-01"}]}, "expected a day, such as 05-01"),
        ({"seasons": [{"from": "2026-05-01", "to": "06-01"}]}, "expected both with a year, or both without"),
        ({"closures": [{"from": "2026-05-02", "to": "2026-05-01"}]}, "expected a day from 2026-05-02 on"),
        ({"exceptions": [{"capacity": 3}]}, "expected either date or weekdays"),
        ({"exceptions": [{"date": "05-01"}]}, "expected either capacity or closed: true"),
        ({"capacity": None}, "expected a capacity of at least 1"),
        ({"min_units": 11}, "min_units 11 is above max_units 10"),
    ],
)
def test_rules_that_make_no_sense_are_refused(rules: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        cruise(**rules)


def test_a_range_of_days_has_both_ends() -> None:
    assert days_between(WEDNESDAY, THURSDAY) == [WEDNESDAY, THURSDAY]
