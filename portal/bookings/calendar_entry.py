"""A booking as an entry for the guest's own calendar (RFC 5545). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from icalendar import Calendar, Event
from icalendar.enums import STATUS, TRANSP

from portal.bookings.model import Booking, State

ENDED = frozenset({State.CANCELLED, State.REJECTED, State.EXPIRED})
STATES = {State.ON_HOLD: STATUS.TENTATIVE, State.PENDING: STATUS.TENTATIVE}


@dataclass(frozen=True, slots=True)
class Words:
    """What an entry says, in one language. `host` makes its id unique in the world."""

    summary: str
    description: str
    location: str
    url: str
    language: str
    host: str


def entry(booking: Booking, words: Words, now: datetime) -> str | None:
    """Return the text of an .ics file; None for a booking without a date.

    A day on which any time will do is an entry for the whole day. One that has ended removes the entry.
    """
    if booking.open_until is not None:
        return None
    slot, ended, uid = booking.slot, booking.state in ENDED, f"{booking.uuid}@{words.host}"
    day = slot.starts_at.date()
    event = Event.new(
        uid=uid,
        stamp=now,
        start=day if slot.all_day else slot.starts_at,
        end=day + timedelta(days=1) if slot.all_day else slot.ends_at,
        summary=words.summary,
        description=words.description,
        location=words.location or None,
        url=words.url,
        status=STATUS.CANCELLED if ended else STATES.get(booking.state, STATUS.CONFIRMED),
        sequence=sequence(booking),
        last_modified=booking.updated_at,
        transparency=TRANSP.TRANSPARENT if slot.all_day or ended else TRANSP.OPAQUE,
    )
    calendar = Calendar.new(
        uid=uid,
        prodid=f"-//{words.host}//bookings//EN",
        method="CANCEL" if ended else "PUBLISH",
        language=words.language,
        subcomponents=[event],
    )
    calendar.add_missing_timezones(first_date=day - timedelta(days=366), last_date=day + timedelta(days=366))
    return str(calendar.to_ical().decode())


def sequence(booking: Booking) -> int:
    """Return a number that grows with every change, so that a calendar knows which of two entries is the newer.

    A change a second after another one is told by the seconds since the booking was made, a sudden end by one more.
    """
    return int((booking.updated_at - booking.created_at).total_seconds()) + (booking.state in ENDED)
