"""The working calendar against another library, on every day of three years."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar
import pytest

from portal.catalog import yaml
from portal.catalog.schema import Closures
from portal.catalog.working_days import SATURDAY, DayKind, WorkingDays
from portal.config import ROOT


def of_content() -> Closures:
    text = (ROOT / "content" / "closures.yaml").read_text("utf-8")
    return Closures.model_validate(yaml.load(text, "closures.yaml"))


def told_elsewhere(day: date) -> DayKind:
    off, holiday = chinese_calendar.get_holiday_detail(day)
    if off and holiday:
        return DayKind.HOLIDAY
    return DayKind.WORKED if day.weekday() >= SATURDAY and not off else DayKind.ORDINARY


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_every_day_is_what_an_independent_library_says(year: int) -> None:
    calendar = WorkingDays("CN", of_content())
    days = (date(year, 1, 1) + timedelta(days=n) for n in range(366))
    wrong = [
        (day, told_elsewhere(day)) for day in days if day.year == year and calendar.kind(day) != told_elsewhere(day)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2026, 2, 14), DayKind.WORKED),  # a Saturday worked for the Spring Festival
        (date(2026, 2, 16), DayKind.HOLIDAY),  # the lunar year's eve
        (date(2026, 2, 21), DayKind.HOLIDAY),  # a Saturday within the break
        (date(2026, 2, 28), DayKind.WORKED),
        (date(2026, 9, 25), DayKind.HOLIDAY),  # Mid-Autumn
        (date(2026, 11, 25), DayKind.ORDINARY),
        (date(2026, 11, 28), DayKind.ORDINARY),  # an ordinary Saturday
    ],
)
def test_days_one_can_look_up(day: date, kind: DayKind) -> None:
    assert WorkingDays("CN").kind(day) is kind


def test_the_content_has_the_last_word() -> None:
    closures = Closures(holidays=["2026-11-25"], working_days=["2026-11-28"], ordinary_days=["2026-10-01"])
    calendar = WorkingDays("CN", closures)
    assert calendar.kind(date(2026, 11, 25)) is DayKind.HOLIDAY
    assert calendar.kind(date(2026, 11, 28)) is DayKind.WORKED
    assert calendar.kind(date(2026, 10, 1)) is DayKind.ORDINARY


def test_a_day_cannot_be_two_things() -> None:
    with pytest.raises(ValueError, match="2026-10-01"):
        Closures(holidays=["2026-10-01"], working_days=["2026-10-01"])


def test_a_country_the_library_does_not_know_has_no_holidays() -> None:
    assert WorkingDays("ZZ").kind(date(2026, 1, 1)) is DayKind.ORDINARY
