"""At the gate: a code is shown; somebody is let in, or told in so many words why not."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.bookings import redemption, rules, store
from portal.bookings.changes import After, nothing_more
from portal.bookings.errors import InvalidBooking, NotPossible
from portal.bookings.model import Booking, Clock, State, UnitItem
from portal.bookings.tables import bookings
from portal.database import Database

CODE = re.compile(rf"[{rules.ALPHABET}]{{5}}-[{rules.ALPHABET}]{{5}}(-[1-9]\d{{0,3}})?", re.IGNORECASE)
LONGEST = 300
"""How much of what was read or typed is looked at."""


class Verdict(StrEnum):
    """What the gate says; all but WELCOME mean no."""

    WELCOME = "welcome"
    USED = "used"
    OTHER_DAY = "other day"
    CANCELLED = "cancelled"
    UNDECIDED = "undecided"
    UNCONFIRMED = "unconfirmed"
    ELSEWHERE = "elsewhere"
    UNKNOWN = "unknown"


REFUSED = {
    State.REDEEMED: Verdict.USED,
    State.CANCELLED: Verdict.CANCELLED,
    State.REJECTED: Verdict.CANCELLED,
    State.PENDING: Verdict.UNDECIDED,
    State.ON_HOLD: Verdict.UNCONFIRMED,
    State.EXPIRED: Verdict.UNCONFIRMED,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """The verdict, and whose it is: no booking where it is unknown, or another's to know.

    :ivar ticket: the one ticket that the code names.
    """

    verdict: Verdict
    booking: Booking | None = None
    ticket: UnitItem | None = None

    @property
    def used_at(self) -> datetime | None:
        """When it was used, if it was."""
        if self.ticket is not None and self.ticket.redeemed_at is not None:
            return self.ticket.redeemed_at
        return self.booking.redeemed_at if self.booking else None


def check_in(
    database: Database, clock: Clock, shown: str, listings: Container[str], after: After = nothing_more
) -> Answer:
    """Let in whoever shows a code, once and on the day; what was used stays so, whoever asks again.

    :param shown: what the scanner read or somebody typed: a booking's reference, or a ticket's code.
    :param listings: whose guests are let in here.
    :param after: what else belongs to it, in the same transaction; not called when nobody is let in.
    """
    code = code_in(shown)
    reference, position = rules.split_code(code)
    booking = find(database, clock, reference)
    if booking is None:
        return Answer(Verdict.UNKNOWN)
    if booking.listing not in listings:
        return Answer(Verdict.ELSEWHERE)
    before = booking
    try:
        booking, used = redemption.use(database, clock, code, after=after)
    except InvalidBooking:
        return Answer(Verdict.UNKNOWN)
    except NotPossible:
        now = find(database, clock, reference) or before
        return Answer(REFUSED.get(now.state, Verdict.OTHER_DAY), now)
    ticket = booking.tickets[position] if position is not None else None
    return Answer(Verdict.WELCOME if used else Verdict.USED, booking, ticket)


def find(database: Database, clock: Clock, reference: str) -> Booking | None:
    """Return a booking by what people call it; a test is none."""
    known = rules.clean_reference(reference)
    if "\0" in known or len(known) > LONGEST:  # PostgreSQL takes no NUL in a text
        return None
    with database.read() as connection:
        return store.load_one(connection, (bookings.c.reference == known) & ~bookings.c.test_mode, clock())


def code_in(shown: str) -> str:
    """Return the code in what was read or typed; one with its hyphens may stand in an address or a sentence."""
    found = CODE.search(shown[:LONGEST])
    return found[0] if found else shown[:LONGEST]
