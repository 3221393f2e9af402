"""Yearly events: the next days by rule, in the common calendar and in the Chinese one."""

from __future__ import annotations

from datetime import date

import pytest

from portal.catalog.recurrence import Occurrence, check, coming

NEW_YEAR = "RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=1"
NATIONAL_DAY = "FREQ=YEARLY;BYMONTH=10;BYMONTHDAY=1"


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        # the days the State Council's holiday notices and almanacs give
        (NEW_YEAR, [date(2026, 2, 17), date(2027, 2, 6), date(2028, 1, 26)]),
        ("RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=5", [date(2026, 6, 19), date(2027, 6, 9), date(2028, 5, 28)]),
        (
            "RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=8;BYMONTHDAY=15",
            [date(2026, 9, 25), date(2027, 9, 15), date(2028, 10, 3)],
        ),
        (NATIONAL_DAY, [date(2026, 10, 1), date(2027, 10, 1), date(2028, 10, 1)]),
        ("FREQ=YEARLY;BYMONTH=5;BYDAY=3SA", [date(2026, 5, 16), date(2027, 5, 15), date(2028, 5, 20)]),
    ],
)
def test_the_next_days_come_in_order(rule: str, days: list[date]) -> None:
    assert [occurrence.first for occurrence in coming(rule, 1, date(2026, 1, 1), 3)] == days


@pytest.mark.parametrize("today", [date(2026, 10, 1), date(2026, 10, 7)])
def test_an_event_is_shown_until_its_last_day(today: date) -> None:
    assert coming(NATIONAL_DAY, 7, today, 1) == (Occurrence(date(2026, 10, 1), date(2026, 10, 7)),)


def test_the_day_after_the_last_the_next_year_is_shown() -> None:
    assert coming(NATIONAL_DAY, 7, date(2026, 10, 8), 1)[0].first == date(2027, 10, 1)


def test_an_event_over_the_turn_of_the_year_goes_on() -> None:
    over = "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=30"
    assert coming(over, 5, date(2027, 1, 2), 1) == (Occurrence(date(2026, 12, 30), date(2027, 1, 3)),)


def test_a_year_whose_lunar_month_is_short_is_left_out() -> None:
    """Widely reported in China: from 2025 to 2029 no year's twelfth month has a thirtieth day."""
    (found,) = coming("RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=30", 1, date(2025, 1, 1), 1)
    assert found.first == date(2030, 2, 2)


def test_beyond_the_almanac_nothing_is_invented() -> None:
    assert coming(NEW_YEAR, 1, date(2101, 1, 1), 1) == ()


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "every spring",
        "FREQ=DAILY",
        "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYMONTH=13",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;UNTIL=20100101",
        "RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=13;BYMONTHDAY=1",
        "RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=31",
        "RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=-1",
        "RSCALE=CHINESE;FREQ=MONTHLY;BYMONTH=1;BYMONTHDAY=1",
        "RSCALE=CHINESE;FREQ=YEARLY",
        "RSCALE=HEBREW;FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=1",
    ],
)
def test_what_is_no_rule_or_names_no_day_is_refused(rule: str) -> None:
    with pytest.raises(ValueError, match="expected a rule of RFC 5545"):
        check(rule)
