"""The guests of a day to take along: a sheet for the door, a table for spreadsheets, entries for a calendar."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, timedelta
from urllib.parse import urlsplit

from flask import Blueprint, Response
from flask_babel import gettext
from icalendar import Calendar, Event

from portal.bookings import guests
from portal.bookings.guests import Departure
from portal.bookings.model import Booking
from portal.web.businesses import mine
from portal.web.businesses.bookings import STATES, by_listing, chosen_day, units_in_words, used_at
from portal.web.businesses.guard import Access, access, page
from portal.web.context import language, services
from portal.web.formats import decimal_amount, in_reader_language, language_name

blueprint = Blueprint("guest_lists", __name__, url_prefix="/<language:language>/business/bookings/lists")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet take a text for a formula."""


@blueprint.get("/sheet")
@access(Access.SIGNED_IN)
def sheet() -> Response:
    """Show a day's guests as a sheet to print, with boxes to tick."""
    day = chosen_day()
    coming = [departure for departure in _departures(day) if departure.parties]
    return page("sheet", day=day, groups=by_listing(coming), cards=mine.cards(), units=units_in_words)


@blueprint.get("/guests.csv")
@access(Access.SIGNED_IN)
def table() -> Response:
    """Give a day's guests as comma-separated values that any spreadsheet opens."""
    day = chosen_day()
    names = {listing: card.name for listing, card in mine.cards().items()}
    rows = [_row(names, departure, party) for departure in _departures(day) for party in departure.parties]
    return _file(as_csv([_heads(), *rows]), "text/csv", f"{day}.csv")


@blueprint.get("/guests.ics")
@access(Access.SIGNED_IN)
def calendar() -> Response:
    """Give a day's departures as entries for a calendar (RFC 5545)."""
    day = chosen_day()
    coming = [departure for departure in _departures(day) if departure.parties and departure.slot]
    return _file(_as_calendar(day, coming), "text/calendar", f"{day}.ics")


def as_csv(rows: Sequence[Sequence[str]]) -> bytes:
    """Return rows as UTF-8 with the mark that spreadsheets know it by; a text that looks like a formula stays one."""
    stream = io.StringIO()
    csv.writer(stream).writerows([_harmless(cell) for cell in row] for row in rows)
    return stream.getvalue().encode("utf-8-sig")


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _departures(day: date) -> list[Departure]:
    return guests.departures(services().database, services().clock, mine.guests_of(), day)


def _heads() -> list[str]:
    return [
        *(
            gettext("Date"),
            gettext("Time of day"),
            gettext("Name of the place"),
            gettext("What"),
            gettext("Reference"),
            gettext("Name"),
        ),
        *(gettext("Tickets"), gettext("People"), gettext("Notes"), gettext("Language"), gettext("Email")),
        *(gettext("Phone"), gettext("State"), gettext("Checked in"), gettext("Total"), gettext("Currency")),
    ]


def _row(names: dict[str, str], departure: Departure, party: Booking) -> list[str]:
    slot, contact, used = departure.slot, party.contact, used_at(party)
    start = slot.starts_at if slot else None
    return [
        start.date().isoformat() if start else "",
        f"{start:%H:%M}" if start and slot and not slot.all_day else "",
        names.get(departure.listing, departure.listing),
        in_reader_language(departure.product.names),
        party.reference,
        name_of(party),
        ", ".join(f"{name} × {quantity}" for name, quantity in units_in_words(party.option, party)),
        str(sum(ticket.places for ticket in party.tickets)),
        party.notes or contact.notes or "",
        language_name(party.language) if party.language else "",
        contact.email_address or "",
        contact.phone_number or "",
        str(STATES.get(party.state, party.state)),
        f"{used:%Y-%m-%d %H:%M}" if used else "",
        str(decimal_amount(party.total, party.product.currency)),
        party.product.currency,
    ]


def name_of(party: Booking) -> str:
    """Return what a party is called, as far as is known."""
    contact = party.contact
    parts = [part for part in (contact.first_name, contact.last_name) if part]
    return contact.full_name or " ".join(parts)


def _as_calendar(day: date, coming: Sequence[Departure]) -> bytes:
    host = urlsplit(services().settings.base_url).hostname or "portal"
    found = Calendar.new(prodid=f"-//{host}//guests//EN", language=language().tag)
    for departure in coming:
        found.add_component(_entry(departure, host))
    found.add_missing_timezones(first_date=day - timedelta(days=366), last_date=day + timedelta(days=366))
    return bytes(found.to_ical())


def _entry(departure: Departure, host: str) -> Event:
    slot = departure.slot
    if slot is None:
        raise ValueError("what has no date is no entry of a day")
    start = slot.starts_at.date()
    lines = [
        f"{name_of(party)}: "
        + ", ".join(f"{name} × {quantity}" for name, quantity in units_in_words(party.option, party))
        for party in departure.parties
    ]
    product = in_reader_language(departure.product.names)
    return Event.new(
        uid=f"{departure.product.id}-{departure.option.id}-{slot.starts_at:%Y%m%dT%H%M}@{host}",
        stamp=services().clock(),
        start=start if slot.all_day else slot.starts_at,
        end=start + timedelta(days=1) if slot.all_day else slot.ends_at,
        summary=f"{product}: {departure.heads}",
        description="\n".join(lines),
    )


def _file(content: bytes, mimetype: str, name: str) -> Response:
    answer = Response(content, mimetype=mimetype)
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
