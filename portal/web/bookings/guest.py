"""Who books: what the visitor has to tell, and tells. It is remembered in the browser for the time of a visit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from babel import Locale
from flask import session
from flask_babel import gettext

from portal.bookings.model import Booking, Contact, Ticket
from portal.bookings.terms import ContactField
from portal.web.context import language
from portal.web.formats import in_reader_language
from portal.web.forms import EMAIL, LONGEST_FIELD

REMEMBERED = "guest"
LONGEST_NOTES = 500
LONGEST_REMEMBERED = 120
FIELDS: dict[ContactField, str] = {
    "firstName": "full_name",
    "lastName": "full_name",
    "emailAddress": "email_address",
    "phoneNumber": "phone_number",
    "postalCode": "postal_code",
    "country": "country",
    "notes": "notes",
}
"""The field of the form, and of a contact, that tells what a product asks for. The language is known anyway."""
ORDER = tuple(dict.fromkeys(FIELDS.values()))
ALWAYS = frozenset({"full_name", "email_address"})
"""What the portal asks of everybody: whom to expect, and where the confirmation goes."""


@dataclass(frozen=True)
class Holder:
    """A ticket that has to name who uses it: its fields are named `ticket-<position>-<field>`."""

    position: int
    unit: str
    fields: tuple[str, ...]


def asked(booking: Booking) -> tuple[str, ...]:
    """Return what the form asks of the guest, in order; the notes are always welcome, and come last."""
    wanted = ALWAYS | {FIELDS[name] for name in booking.option.required_contact_fields if name in FIELDS} | {"notes"}
    return tuple(name for name in ORDER if name in wanted)


def required(booking: Booking) -> frozenset[str]:
    """Return what the guest has to tell."""
    return ALWAYS | {FIELDS[name] for name in booking.option.required_contact_fields if name in FIELDS}


def holders(booking: Booking) -> list[Holder]:
    """Return the tickets that have to name who uses them."""
    found = []
    for position, ticket in enumerate(booking.tickets):
        unit = booking.option.unit(ticket.unit_id)
        wanted = {FIELDS[name] for name in unit.required_contact_fields if name in FIELDS} if unit else set()
        if unit and wanted:
            fields = tuple(name for name in ORDER if name in wanted)
            found.append(Holder(position, in_reader_language(unit.names), fields))
    return found


def read(sent: Mapping[str, str], fields: Iterable[str], prefix: str = "") -> Contact:
    """Return what was filled in, of the fields asked for."""
    values: dict[str, Any] = {}
    for name in fields:
        longest = LONGEST_NOTES if name == "notes" else LONGEST_FIELD
        text = " ".join(sent.get(f"{prefix}{name}", "").replace("\0", "").split())[:longest]
        values[name] = text or None
    return Contact(**values, locales=(language().tag,))


def tickets(booking: Booking, sent: Mapping[str, str]) -> tuple[Ticket, ...]:
    """Return a booking's tickets with who uses them, as filled in."""
    named = {holder.position: holder for holder in holders(booking)}
    return tuple(
        Ticket(
            item.unit_id,
            item.uuid,
            contact=read(sent, named[at].fields, f"ticket-{at}-") if at in named else Contact(),
        )
        for at, item in enumerate(booking.tickets)
    )


def missing(contact: Contact, wanted: Iterable[str]) -> dict[str, str]:
    """Return what is wrong, in the reader's language, by field."""
    problems = {name: str(gettext("Fill this in.")) for name in wanted if not getattr(contact, name)}
    if "full_name" in problems:
        problems["full_name"] = str(gettext("Enter your name."))
    if "email_address" in wanted and not EMAIL.match(contact.email_address or ""):
        problems["email_address"] = str(gettext("Enter an email address, such as name@example.com."))
    if contact.country and contact.country not in dict(countries()):
        problems["country"] = str(gettext("Fill this in."))
    return problems


def remember(contact: Contact) -> None:
    """Keep what was filled in for the next form of this visit: a hold may run out before it is confirmed.

    It goes into a cookie, which has to stay small.
    """
    session[REMEMBERED] = {name: value[:LONGEST_REMEMBERED] for name in ORDER if (value := getattr(contact, name))}


def known(booking: Booking) -> Contact:
    """Return what the form begins with: what the booking has, else what was filled in before."""
    before = session.get(REMEMBERED, {})
    said: dict[str, Any] = {name: str(before[name]) for name in ORDER if name in before}
    return Contact(**said).updated(booking.contact)


def countries() -> list[tuple[str, str]]:
    """Return the countries and territories, as the reader's language calls and orders them, by ISO 3166-1 alpha-2."""
    return _countries(language().locale)


@cache
def _countries(locale: Locale) -> list[tuple[str, str]]:
    names = {code: name for code, name in locale.territories.items() if len(code) == 2 and code.isalpha()}
    for code in ("EU", "EZ", "UN", "QO", "ZZ", "XA", "XB"):
        names.pop(code, None)
    return sorted(names.items(), key=lambda item: item[1])
