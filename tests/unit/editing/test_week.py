"""Opening hours as a week and back, without changing what they mean."""

from __future__ import annotations

from datetime import date

import pytest

from portal.catalog import hours
from portal.catalog.working_days import WorkingDays
from portal.editing.week import SpecialDays, Week, compose, parse

CALENDAR = WorkingDays("CN", None)
SHOWN = [
    "Mo-Su 09:00-17:00",
    "09:00-17:00",
    "24/7",
    "Mo-Fr 09:00-12:00,13:30-17:00; Sa,Su 10:00-16:00",
    "Tu-Su 09:00-16:30; PH 09:00-16:30",
    "Tu-Su,PH 09:00-17:00",
    "Mo-Fr 09:00-17:00; PH off",
    "Fr-Mo 18:00-02:00",
    "Mo-Su 09:00-17:00; 2026 Oct 01-2026 Oct 03 10:00-14:00; 2026 Oct 08 off",
    "Mo-Su 09:00-17:00; Mo off",
]


@pytest.mark.parametrize("text", SHOWN)
def test_hours_that_a_form_can_show_mean_the_same_afterwards(text: str) -> None:
    week = parse(text)
    assert week is not None
    again = compose(week)
    assert hours.check(again)
    for first in (date(2026, 9, 28), date(2026, 10, 5), date(2026, 12, 28)):
        assert [d.hours for d in hours.week(again, first, CALENDAR)] == [
            d.hours for d in hours.week(text, first, CALENDAR)
        ]
    assert parse(again) == week


@pytest.mark.parametrize(
    "text", ["Apr-Oct 09:00-17:00", "Mo[1] off", "sunrise-sunset", "Mo-Fr 09:00+", "Su off || Mo", "easter off"]
)
def test_hours_that_a_form_cannot_show_stay_text(text: str) -> None:
    assert parse(text) is None


def test_a_week_that_is_never_open_is_no_hours() -> None:
    assert compose(Week({"Mo": ()})) == ""
    special = SpecialDays(date(2026, 10, 8), date(2026, 10, 8), ())
    assert compose(Week({"Mo": ("09:00-17:00",)}, (), (special,))) == "Mo 09:00-17:00; PH off; 2026 Oct 08 off"
