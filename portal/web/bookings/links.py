"""The links that lead to a booking: unguessable, and the only way to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from flask import Response, abort, redirect, request, url_for

from portal.bookings import queries
from portal.bookings.model import Booking
from portal.catalog.facts import PlaceFacts
from portal.catalog.model import Listing
from portal.web.context import language, services


@dataclass(frozen=True, slots=True)
class Place:
    """Where the visitor goes: the page of a listing, with its address here and there where it has one."""

    listing: Listing
    has_card: bool

    @property
    def name(self) -> str:
        """The name in this language."""
        return self.listing.text.name

    @property
    def address(self) -> str:
        """The address in this language; empty where none is known."""
        return self.listing.text.address


def place(identity: str) -> Place | None:
    """Return the place of a listing such as `attractions/tianjin-eye`; None when its page is gone."""
    kind, _, slug = identity.partition("/")
    listing = services().catalog.listing(kind, slug, language())
    return None if listing is None else Place(listing, isinstance(listing.facts, PlaceFacts))


def token_of(booking: Booking) -> str:
    """Return the signature in a booking's link."""
    return queries.token_for(services().settings.secret_key, booking.reference)


def link_of(booking: Booking) -> str:
    """Return a booking's reference and signature in one, for a form to name it."""
    return f"{booking.reference}.{token_of(booking)}"


def follow(link: str) -> Booking | None:
    """Return the booking that `link_of` gave a link to."""
    reference, _, token = link.partition(".")
    return find(reference, token) if token else None


def find(reference: str, token: str) -> Booking | None:
    """Return the booking of a reference, if the signature is right."""
    secret = services().settings.secret_key
    return queries.find_by_reference(services().database, services().clock, secret, reference, token)


def asked_for(reference: str, *, partners_too: bool = False) -> Booking:
    """Return the booking of this request's signed link; any other link is as good as none.

    :param partners_too: whether it may be one that a partner sold, which is changed and cancelled with the partner.
    """
    booking = find(reference, request.args.get("token", ""))
    if booking is None or not (partners_too or booking.partner_id is None):
        abort(404)
    return booking


def to(endpoint: str, booking: Booking, **values: Any) -> str:
    """Return the signed address of a booking's page."""
    return url_for(endpoint, reference=booking.reference, token=token_of(booking), **values)


def see(booking: Booking, **values: Any) -> Response:
    """Send the browser on to a booking's page."""
    answer = cast(Response, redirect(to("booked.show", booking, **values), 303))
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
