"""Whether a place is open, in the reader's words: for now, and for every change that is coming.

A page may be shown long after it was made, out of a cache or a tab left open. It carries the words of each coming
change with the moment from which they hold; the browser shows the ones of its own moment (static/js/open-state.js).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton
from flask import g
from flask_babel import gettext

from portal.catalog import hours
from portal.catalog.hours import Spell
from portal.catalog.working_days import WorkingDays
from portal.languages.model import Language
from portal.web.context import language, local_now, services, today
from portal.web.exporting import exporting
from portal.web.formats import clock_time

MOST_CHANGES = 16


@dataclass(frozen=True)
class State:
    """What is said from a moment on, in seconds since 1970."""

    since: int
    open: bool
    words: str


def states(opening_hours: str) -> tuple[State, ...]:
    """Return what is said of a place's opening hours from now on; the first holds now."""
    calendar, zone = services().catalog.working_days(), ZoneInfo(services().catalog.site().timezone)
    if exporting():
        return _of_day(opening_hours, today(), calendar, zone, language())
    found = _since(opening_hours, local_now(), calendar, zone)
    if len(found) > 1:
        expire_by(found[1].since)
    return found


def _since(opening_hours: str, since: datetime, calendar: WorkingDays, zone: ZoneInfo) -> tuple[State, ...]:
    return tuple(
        State(int(moment.replace(tzinfo=zone).timestamp()), spell.open, _words(spell, moment.date()))
        for spell in hours.spells(opening_hours, since, calendar)[:MOST_CHANGES]
        for moment in _moments(spell)
    )


@lru_cache(maxsize=1024)
def _of_day(
    opening_hours: str, day: date, calendar: WorkingDays, zone: ZoneInfo, _language: Language
) -> tuple[State, ...]:
    """Return what an export says: the same all day, so that a page is not written anew for it.

    It may be read months later: from where nothing is known, nothing is said.
    """
    since = datetime.combine(day, time())
    spells = hours.spells(opening_hours, since, calendar)[:MOST_CHANGES]
    until = spells[-1].end or since + timedelta(days=hours.HORIZON)
    unknown = State(int(until.replace(tzinfo=zone).timestamp()), open=False, words="")
    return (*_since(opening_hours, since, calendar, zone), unknown)


def as_json(states: Sequence[State]) -> str:
    """Return states as the browser reads them."""
    return json.dumps([asdict(state) for state in states], ensure_ascii=False, separators=(",", ":"))


def expire_by(moment: int) -> None:
    """Say that the page being made is not to be kept beyond a moment (seconds since 1970)."""
    g.expires = min(moment, g.get("expires", moment))


def _moments(spell: Spell) -> Sequence[datetime]:
    """Return when the words for a spell change: at its start and, when it is closed, on the day it opens."""
    if spell.open or spell.end is None:
        return [spell.start]
    morning = datetime.combine(spell.end.date(), time())
    return [spell.start, morning] if spell.start < morning else [spell.start]


def _words(spell: Spell, on: date) -> str:
    if spell.end is None:
        return str(gettext("Open at all hours") if spell.open else gettext("Closed until further notice"))
    if spell.open:
        night = spell.end - spell.start < timedelta(days=1)
        until = clock_time(spell.end.time()) if night else _weekday_and_time(spell.end)
        return str(gettext("Open now, until %(time)s", time=until))
    if spell.end.date() == on:
        return str(gettext("Closed now, opens at %(time)s", time=clock_time(spell.end.time())))
    return str(gettext("Closed now. Opens: %(when)s", when=_weekday_and_time(spell.end)))


def _weekday_and_time(moment: datetime) -> str:
    return str(format_skeleton("EHm", moment, locale=language().conventions))
