"""Letters to guests: what became of their booking, and the way back to it."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any
from urllib.parse import urlsplit

from flask import url_for
from sqlalchemy import Connection

from portal.bookings.calendar_entry import Words, entry
from portal.bookings.model import UNHEEDED, Booking, Cancellation, Refund, State
from portal.languages.negotiation import negotiate
from portal.mail.outbox import Letter, enqueue
from portal.web.addresses import absolute
from portal.web.bookings import links, words
from portal.web.bookings.sheet import sheet, tickets, what
from portal.web.context import language, languages, services
from portal.web.forms import EMAIL
from portal.web.letters import in_language_of, letter, speaking

NEWS = frozenset({State.PENDING, State.CONFIRMED, State.REJECTED, State.CANCELLED})


def tell_guest(connection: Connection, booking: Booking) -> None:
    """Write to whoever booked on the portal's pages what became of the booking, within the change's transaction.

    Give it to `changes.confirm`, `accept`, `reject` and `cancel` as what comes `after`. A partner's guest hears from
    the partner.
    """
    mail = _mail_of(booking)
    if booking.partner_id is not None or booking.state not in NEWS or mail is None:
        return
    spoken = in_language_of(booking.language or "")
    with speaking(spoken):
        written = _about(booking, "booking", mail)
        if booking.state is not State.REJECTED:
            written = replace(written, calendar=entry(booking, calendar_words(booking), services().clock()))
    enqueue(connection, written, services().clock())


def unheeded_letter(booking: Booking) -> dict[str, Any] | None:
    """Return the letter for whoever booked on the portal's pages, should the host not decide in time.

    Give it to `changes.confirm`. The worker that sends it knows no templates, so it is written beforehand.
    """
    mail = _mail_of(booking)
    if booking.partner_id is not None or mail is None:
        return None
    over = Cancellation(booking.expires_at, UNHEEDED, Refund.NONE)
    refused = replace(booking, state=State.REJECTED, cancellation=over, cancellable=False)
    with speaking(in_language_of(booking.language or "")):
        return asdict(_about(refused, "booking", mail))


def send_receipt(connection: Connection, booking: Booking) -> None:
    """Write to the guest of a partner what was bought, with the codes, because the partner asked for it.

    Give it to `changes.confirm` as what comes `after`. In the language of the guest's `locales` that the portal speaks
    best, else in the booking's. Of a test nobody gets a letter.
    """
    mail = _mail_of(booking)
    if mail is None or booking.test or booking.state not in NEWS:
        return
    wanted = ", ".join(booking.contact.locales)
    with speaking(negotiate(wanted, languages()) if wanted else in_language_of(booking.language or "")):
        written = _about(booking, "receipt", mail, "booked.voucher")
    enqueue(connection, written, services().clock())


def _mail_of(booking: Booking) -> str | None:
    mail = booking.contact.email_address or ""
    return mail if EMAIL.match(mail) else None


def link_letter(booking: Booking) -> Letter:
    """Return the letter that leads back to a booking, in its language."""
    with speaking(in_language_of(booking.language or "")):
        return _about(booking, "booking_link", booking.contact.email_address or "")


def calendar_words(booking: Booking) -> Words:
    """Return what the entry in the guest's calendar says, in this language."""
    place = links.place(booking.listing)
    where = ", ".join(text for text in (place.name, place.address) if text) if place else ""
    address = absolute(links.to("booked.show", booking))
    return Words(
        summary=" · ".join(what(booking)),
        description="\n".join([booking.reference, *tickets(booking), address]),
        location=where,
        url=address,
        language=language().tag,
        host=urlsplit(services().settings.base_url).hostname or "localhost",
    )


def _about(booking: Booking, name: str, mail: str, page: str = "booked.show") -> Letter:
    signed: dict[str, Any] = {"reference": booking.reference, "token": links.token_of(booking)}
    return letter(
        name,
        mail,
        language(),
        page,
        **signed,
        text_booking=booking,
        text_heading=words.STATES[booking.state],
        text_sheet=sheet(booking),
        text_cancel=absolute(url_for("booked.ask_to_cancel", **signed)),
        text_cancellation=words.cancellation(booking.product, booking.option),
    )
