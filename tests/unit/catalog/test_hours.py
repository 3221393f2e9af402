"""Opening hours: weeks, spells, holidays, nights and make-up working days."""

from __future__ import annotations

import itertools
from datetime import date, datetime

import pytest

from portal.catalog import hours
from portal.catalog.hours import Spell
from portal.catalog.working_days import WorkingDays

CHINA = WorkingDays("CN")
MUSEUM = "Tu-Su 09:00-16:30; Mo off; PH 09:00-16:30"
OFFICE = "Mo-Fr 08:30-17:00; Sa-Su 10:00-15:00; PH off"
BAR = "Mo-Su 18:00-02:00"


def day(expression: str, when: date) -> list[str]:
    """Return the hours of one day as `09:00-16:30`."""
    (first, *_) = hours.week(expression, when, CHINA)
    assert first.date == when
    return [f"{span.start:%H:%M}-{span.end:%H:%M}" for span in first.hours]


@pytest.mark.parametrize(
    ("expression", "when", "expected"),
    [
        (MUSEUM, date(2026, 11, 23), []),  # a Monday
        (MUSEUM, date(2026, 10, 5), ["09:00-16:30"]),  # the Monday of the National Day week
        (OFFICE, date(2026, 10, 5), []),
        (OFFICE, date(2026, 11, 28), ["10:00-15:00"]),  # a Saturday
        (OFFICE, date(2026, 10, 10), ["08:30-17:00"]),  # a Saturday worked for the National Day
        (OFFICE, date(2026, 9, 20), ["08:30-17:00"]),  # a Sunday worked for it
        (MUSEUM, date(2026, 9, 20), ["09:00-16:30"]),
        ("Apr-Oct Mo-Su 08:00-18:00; Nov-Mar Mo-Su 09:00-17:00", date(2026, 11, 1), ["09:00-17:00"]),
        ("Mo-Fr 08:00-12:00,13:00-17:00", date(2026, 11, 25), ["08:00-12:00", "13:00-17:00"]),
        (BAR, date(2026, 11, 25), ["18:00-02:00"]),  # not the end of yesterday's night
        ("Mo-Fr,PH 09:00-17:00", date(2026, 10, 4), ["09:00-17:00"]),  # a Sunday in the break
    ],
)
def test_a_day_has_its_hours(expression: str, when: date, expected: list[str]) -> None:
    assert day(expression, when) == expected


def test_doors_that_never_close_are_all_day() -> None:
    assert all(each.all_day for each in hours.week("24/7", date(2026, 9, 28), CHINA))
    assert not any(each.all_day for each in hours.week("Mo-Su 00:00-23:00", date(2026, 9, 28), CHINA))


def test_a_public_holiday_is_told() -> None:
    week = hours.week(MUSEUM, date(2026, 9, 29), CHINA)
    assert [each.holiday for each in week] == [False, False, True, True, True, True, True]


def test_spells_follow_one_another_without_a_gap() -> None:
    found = hours.spells(MUSEUM, datetime(2026, 11, 22, 20, 0), CHINA)
    assert found[:3] == (
        Spell(datetime(2026, 11, 22, 20, 0), datetime(2026, 11, 24, 9, 0), open=False),  # over a Monday
        Spell(datetime(2026, 11, 24, 9, 0), datetime(2026, 11, 24, 16, 30), open=True),
        Spell(datetime(2026, 11, 24, 16, 30), datetime(2026, 11, 25, 9, 0), open=False),
    )
    assert all(earlier.end == later.start for earlier, later in itertools.pairwise(found))


def test_what_opened_yesterday_is_still_open_after_midnight() -> None:
    assert hours.is_open(BAR, datetime(2026, 11, 26, 1, 59), CHINA)
    assert not hours.is_open(BAR, datetime(2026, 11, 26, 2, 0), CHINA)
    (first, *_) = hours.spells(BAR, datetime(2026, 11, 26, 1, 0), CHINA)
    assert first == Spell(datetime(2026, 11, 26, 1, 0), datetime(2026, 11, 26, 2, 0), open=True)


def test_a_night_before_a_holiday_goes_on_into_it() -> None:
    """The hours of the eve hold until they end, whatever the next day is."""
    assert hours.is_open("Mo-Su 18:00-02:00; PH off", datetime(2026, 10, 1, 1, 0), CHINA)
    assert not hours.is_open("Mo-Su 18:00-02:00; PH off", datetime(2026, 10, 1, 19, 0), CHINA)


def test_what_never_opens_or_never_closes_has_one_spell() -> None:
    now = datetime(2026, 11, 25, 12, 0)
    assert hours.spells("24/7", now, CHINA) == (Spell(now, None, open=True),)
    assert hours.spells("Mo-Su off", now, CHINA) == (Spell(now, None, open=False),)


def test_every_minute_of_a_fortnight_agrees_with_the_spells() -> None:
    since = datetime(2026, 9, 27, 0, 0)
    for expression in (MUSEUM, OFFICE, BAR):
        for spell in hours.spells(expression, since, CHINA)[:-1]:
            assert hours.is_open(expression, spell.start, CHINA) is spell.open, (expression, spell)


@pytest.mark.parametrize("wrong", ["nonsense", "Mo 25:00-26:00", "PH Mo-Fr 10:00-12:00", "PH -1 day 10:00-12:00"])
def test_hours_that_cannot_be_worked_out_are_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        hours.check(wrong)
