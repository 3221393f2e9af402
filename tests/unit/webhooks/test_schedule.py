from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from portal.webhooks.schedule import PAUSES, breath, pause, wish

NOW = datetime(2026, 7, 1, tzinfo=UTC)


def test_pauses_grow_over_three_days_and_end() -> None:
    pauses = [pause(failed, lambda: 0.0) for failed in range(1, len(PAUSES) + 2)]
    assert pauses[0] == timedelta(seconds=5)
    assert pauses[-1] is None
    whole = [one for one in pauses if one is not None]
    assert whole == sorted(whole)
    assert timedelta(days=3) < sum(whole, timedelta()) < timedelta(days=4)


def test_what_failed_together_does_not_come_back_together() -> None:
    assert pause(1, lambda: 1.0) == timedelta(seconds=5.5)
    assert len({pause(4) for _ in range(20)}) > 1


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("120", timedelta(minutes=2)),
        ("0", timedelta()),
        (format_datetime(NOW + timedelta(hours=1), usegmt=True), timedelta(hours=1)),
        (format_datetime(NOW - timedelta(hours=1), usegmt=True), timedelta()),
        ("99999999999999999999", timedelta(hours=24)),
        ("Fri, 31 Dec 9999 23:59:59 GMT", timedelta(hours=24)),
        ("-1", None),
        ("soon", None),
        ("١٢", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date_and_never_as_more_than_a_day(
    header: str | None, expected: timedelta | None
) -> None:
    assert wish(header, NOW) == expected


def test_only_an_endpoint_with_too_much_to_do_is_left_alone() -> None:
    assert breath(429, "30", NOW) == timedelta(seconds=30)
    assert breath(503, None, NOW) == timedelta(minutes=1)
    assert breath(500, "30", NOW) is None
    assert breath(None, None, NOW) is None
