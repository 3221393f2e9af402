"""A booking in words, as its page, its voucher and letters about it show it; and its QR code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import segno
from flask_babel import gettext

from portal.bookings.model import Booking, State
from portal.web.bookings import links, words
from portal.web.formats import clock_text, clock_time, count, day, in_reader_language, money

DUE = frozenset({State.ON_HOLD, State.PENDING, State.CONFIRMED})


@dataclass(frozen=True, slots=True)
class Line:
    """A heading and what stands under it, a text a line."""

    heading: str
    texts: Sequence[str]


def sheet(booking: Booking) -> list[Line]:
    """Return what a booking says, in this language. What a partner's guest paid is between the two."""
    place = links.place(booking.listing)
    where = [place.name, place.address] if place else []
    lines = [
        Line(gettext("What"), what(booking)),
        Line(gettext("When"), when(booking)),
        Line(gettext("Where"), [text for text in where if text]),
        Line(gettext("Tickets"), tickets(booking)),
        Line(gettext("Total"), [_total(booking)] if booking.partner_id is None else []),
        Line(gettext("Name"), [booking.contact.full_name or ""]),
        Line(gettext("Your note"), [booking.notes or ""]),
    ]
    return [Line(str(line.heading), texts) for line in lines if (texts := [text for text in line.texts if text])]


def brief(booking: Booking) -> str:
    """Return what is booked on one line."""
    parts = [*what(booking), *when(booking), *tickets(booking), money(booking.total, booking.product.currency)]
    return " · ".join(parts)


def _total(booking: Booking) -> str:
    """Return the price, and how it is paid as long as anything has to be."""
    total = money(booking.total, booking.product.currency)
    how = gettext("to be paid on arrival")
    return f"{total} · {how}" if booking.state in DUE else total


def what(booking: Booking) -> list[str]:
    """Return the name of the product, and of the option where there are several."""
    names = [in_reader_language(booking.product.names)]
    return names + ([in_reader_language(booking.option.names)] if len(booking.product.options) > 1 else [])


def when(booking: Booking) -> list[str]:
    """Return the day and the time, or until when a booking without a date is valid."""
    if booking.open_until is not None:
        last = day(words.last_day_of(booking), "long")
        return [str(gettext("Any day until %(date)s", date=last))]
    slot = booking.slot
    if slot.opening_hours is not None:
        opens, closes = (clock_text(text) for text in slot.opening_hours)
        any_time = gettext("Any time that day")
        return [day(slot.starts_at.date()), f"{any_time} \u2066{opens}–{closes}\u2069"]
    return [day(slot.starts_at.date()), clock_time(slot.starts_at.time())]


def tickets(booking: Booking) -> list[str]:
    """Return how many of which tickets."""
    names = {unit.id: in_reader_language(unit.names) for unit in booking.option.units}
    quantities = Counter(ticket.unit_id for ticket in booking.tickets)
    return [f"{names.get(unit, unit)} × {count(quantity)}" for unit, quantity in quantities.items()]


def qr(code: str) -> str:
    """Return a QR code as an SVG drawing, to stand in a page. Dark on light in every theme: scanners need it."""
    drawing = segno.make_qr(code, error="m").svg_inline(scale=1, border=4, omitsize=True, svgclass="qr", dark="#000")
    return str(drawing)
