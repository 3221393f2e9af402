"""When a message that could not be delivered is tried again. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from random import random

PAUSES = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""How long it is waited after each failure, three days in all; after the last the message is given up."""
JITTER = 0.1
"""The share by which a pause is drawn out, so that what failed together does not come back together."""
LONGEST_WISH = timedelta(hours=24)
"""The most an endpoint can ask for with `Retry-After`."""
SLOW_DOWN = frozenset({429, 502, 503, 504})
"""Answers of an endpoint that has too much to do: then all its messages wait."""
BREATH = timedelta(minutes=1)
"""How long they wait when it does not say."""


def pause(attempts: int, draw: Callable[[], float] = random) -> timedelta | None:
    """Return how long to wait before the next attempt; None when there is none.

    :param attempts: how many failed, the last one included.
    :param draw: gives a number from 0 to 1.
    """
    if attempts > len(PAUSES):
        return None
    return PAUSES[attempts - 1] * (1 + JITTER * draw())


def wish(retry_after: str | None, now: datetime) -> timedelta | None:
    """Return how long `Retry-After` asks to wait, in seconds or until a date; None when it says nothing of use."""
    text = (retry_after or "").strip()
    if text.isascii() and text.isdecimal():
        seconds = min(int(text[:9]), int(LONGEST_WISH.total_seconds()))
        return timedelta(seconds=seconds)
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return min(max(until - now, timedelta()), LONGEST_WISH)


def breath(status: int | None, retry_after: str | None, now: datetime) -> timedelta | None:
    """Return how long to leave an endpoint alone after this answer; None when its other messages may go on."""
    if status not in SLOW_DOWN:
        return None
    asked = wish(retry_after, now)
    return BREATH if asked is None else asked
