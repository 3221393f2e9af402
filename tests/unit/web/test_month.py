from __future__ import annotations

from datetime import date, timedelta

import pytest
from babel import Locale

from portal.bookings.availability import Day, Status
from portal.web.bookings.month import month, span

TODAY = date(2026, 11, 25)
LAST = TODAY + timedelta(days=550)


def day(at: date, status: Status = Status.AVAILABLE, left: int = 100) -> Day:
    return Day(at, status, left, 100, None)


@pytest.mark.parametrize(
    ("locale", "first"),
    [
        ("zh-Hans", "星期一"),
        ("en-GB", "Monday"),
        ("ar", "السبت"),
        ("de", "Montag"),
        ("ja", "日曜日"),
        ("pt", "domingo"),
    ],
)
def test_a_week_begins_as_it_does_where_the_reader_is(locale: str, first: str) -> None:
    shown = month(date(2026, 12, 1), [], TODAY, LAST, Locale.parse(locale, sep="-"))
    assert shown.weekdays[0][1] == first
    assert {len(week) for week in shown.weeks} == {7}
    days = [cell.date.day for week in shown.weeks for cell in week if cell]
    assert days == list(range(1, 32))


def test_one_turns_the_leaves_only_as_far_as_anything_is_sold() -> None:
    def turned(first: date) -> tuple[date | None, date | None]:
        shown = month(first, [], TODAY, LAST, Locale("en"))
        return shown.before, shown.after

    assert turned(date(2026, 11, 1)) == (None, date(2026, 12, 1))
    assert turned(date(2026, 12, 1)) == (date(2026, 11, 1), date(2027, 1, 1))
    assert turned(date(2028, 5, 1)) == (date(2028, 4, 1), None)
    assert span(date(2026, 11, 1), TODAY, LAST) == (TODAY, date(2026, 11, 30))
    assert span(date(2026, 10, 1), TODAY, LAST) is None


def test_weeks_that_have_gone_by_take_no_room() -> None:
    shown = month(date(2026, 11, 1), [], TODAY, LAST, Locale("en", "GB"))
    assert [cell.date.day for week in shown.weeks for cell in week if cell] == [*range(23, 31)]


def test_a_day_says_how_it_stands() -> None:
    first = date(2026, 12, 1)
    states = [
        day(first),
        day(first.replace(day=2), left=20),
        day(first.replace(day=3), Status.SOLD_OUT, 0),
        day(first.replace(day=4), Status.CLOSED, 0),
        Day(first.replace(day=5), Status.FREESALE, None, None, None),
    ]
    shown = month(first, states, TODAY, LAST, Locale("en"))
    cells = [cell for week in shown.weeks for cell in week if cell]
    assert [cell.state for cell in cells[:6]] == ["free", "few", "sold-out", "closed", "free", "beyond"]
    assert shown.has_room
