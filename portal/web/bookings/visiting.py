"""A visitor's booking, reached by its link only: confirm it in time, show it at the gate, cancel it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import cast

from flask import Blueprint, Response, redirect, render_template, request
from flask_babel import gettext

from portal.bookings import changes, holds, rules
from portal.bookings.calendar_entry import entry
from portal.bookings.checkout import refund_of
from portal.bookings.errors import BookingError, HoldExpired, InvalidProduct
from portal.bookings.model import PORTAL, Booking, Change, Contact, Refund, State
from portal.bookings.products import get_product
from portal.web.addresses import absolute
from portal.web.bookings import choosing, form, guest, links, words
from portal.web.bookings.choosing import private
from portal.web.bookings.letters import calendar_words, tell_guest, unheeded_letter
from portal.web.bookings.sheet import brief, qr, sheet
from portal.web.context import language, languages, services
from portal.web.formats import in_reader_language
from portal.web.letters import speaking

blueprint = Blueprint("booked", __name__, url_prefix="/<language:language>/bookings/<reference>")
DELIVERED = frozenset({State.CONFIRMED, State.REDEEMED})


@blueprint.get("/")
def show(reference: str) -> Response:
    """Show a visitor's booking to whoever has its signed link."""
    booking = links.asked_for(reference)
    return _page(booking, guest.known(booking))


@blueprint.get("/confirm")
@blueprint.get("/extend")
@blueprint.get("/again")
def return_to_booking(reference: str) -> Response:
    """Lead back to the booking whoever reloads the answer to a form, or reads it in another language."""
    return links.see(links.asked_for(reference))


@blueprint.post("/confirm")
def confirm(reference: str) -> Response:
    """Turn a hold into a booking; when its time is over, take the same places again if they are free."""
    booking = links.asked_for(reference)
    if booking.state not in {State.ON_HOLD, State.EXPIRED}:
        return links.see(booking)
    contact = guest.read(request.form, guest.asked(booking))
    guest.remember(contact)
    if booking.state is State.EXPIRED:
        return _hold_again(booking)
    problems = _problems(booking, contact)
    return _page(booking, contact, problems=problems) if problems else _confirm(booking, contact)


def _confirm(booking: Booking, contact: Contact) -> Response:
    pay_at = services().checkout.pay_at(booking, absolute(links.to("booked.show", booking)))
    if pay_at is not None:
        _keep(booking, contact)
        return cast(Response, redirect(pay_at, 303))
    tickets = guest.tickets(booking, request.form) if guest.holders(booking) else None
    change = Change(contact=contact, tickets=tickets, notes=contact.notes)
    try:
        confirmed = _do(changes.confirm, booking, change=change, after=tell_guest, unheeded=unheeded_letter)
        guest.remember(replace(contact, notes=None))  # a note is for one booking
        return links.see(confirmed)
    except HoldExpired:
        return _hold_again(booking)
    except BookingError as error:
        return _page(booking, contact, words.refusal(error))


@blueprint.post("/extend")
def extend(reference: str) -> Response:
    """Hold the places for longer, and keep what was filled in so far."""
    booking = links.asked_for(reference)
    contact = guest.read(request.form, guest.asked(booking))
    guest.remember(contact)
    if booking.state is State.EXPIRED:
        return _hold_again(booking)
    try:
        return links.see(_keep(booking, contact))
    except BookingError as error:
        return _page(links.asked_for(reference), contact, words.refusal(error))


@blueprint.post("/again")
def again(reference: str) -> Response:
    """Take the places of a hold that ran out once more, if they are free."""
    booking = links.asked_for(reference)
    return _hold_again(booking) if booking.state is State.EXPIRED else links.see(booking)


@blueprint.get("/cancel")
def ask_to_cancel(reference: str) -> Response:
    """Show what cancelling would do."""
    booking = links.asked_for(reference)
    return _cancel_page(booking)


@blueprint.post("/cancel")
def cancel(reference: str) -> Response:
    """Give the places back."""
    booking = links.asked_for(reference)
    if booking.state is State.CANCELLED:
        return links.see(booking)
    try:
        silent = booking.state is State.ON_HOLD  # who lets a hold go has the page before them
        cancelled = _do(changes.cancel, booking, **({} if silent else {"after": tell_guest}))
    except BookingError as error:
        return _cancel_page(links.asked_for(reference), words.refusal(error))
    if cancelled.cancellation is not None:
        services().checkout.give_back(cancelled, _refund(cancelled, cancelled.cancellation.refund))
    return links.see(cancelled)


@blueprint.get("/voucher")
def voucher(reference: str) -> Response:
    """Show what opens the gate: codes, in the visitor's language and in that of the place, on one sheet."""
    booking = links.asked_for(reference, partners_too=True)
    if booking.state not in DELIVERED:
        return links.see(booking)
    source = languages().source
    with speaking(source):
        for_gate = sheet(booking)
        show_this = gettext("Please scan this code.")
    text = render_template(
        "visitors/voucher.html",
        booking=booking,
        codes=_codes(booking),
        for_gate=for_gate,
        show_this=show_this,
        for_guest=sheet(booking) if source != language() else None,
        source=source,
        back=links.to("booked.show", booking) if booking.partner_id is None else None,
        place=links.place(booking.listing),
    )
    return private(text)


@blueprint.get("/calendar.ics")
def calendar(reference: str) -> Response:
    """Return the booking for the visitor's own calendar."""
    booking = links.asked_for(reference)
    text = entry(booking, calendar_words(booking), services().clock())
    if text is None:
        return links.see(booking)
    answer = private(text)
    answer.content_type = "text/calendar; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="{booking.reference}.ics"'
    return answer


def _do(step: Callable[..., Booking], booking: Booking, **values: object) -> Booking:
    return step(services().database, services().clock, PORTAL, booking.uuid, **values)


def _keep(booking: Booking, contact: Contact) -> Booking:
    """Keep what was filled in with the hold, which lasts longer from now."""
    tickets = guest.tickets(booking, request.form) if guest.holders(booking) else None
    change = Change(contact=contact, tickets=tickets, hold_minutes=int(rules.HOLD.total_seconds() // 60))
    return _do(changes.update, booking, change=change)


def _problems(booking: Booking, contact: Contact) -> dict[str, str]:
    """Return what is wrong with what was filled in, by field."""
    problems = guest.missing(contact, guest.required(booking))
    for holder in guest.holders(booking):
        prefix = f"ticket-{holder.position}-"
        found = guest.missing(guest.read(request.form, holder.fields, prefix), holder.fields)
        problems |= {f"{prefix}{name}": words_ for name, words_ in found.items()}
    return problems


def _hold_again(expired: Booking) -> Response:
    """Hold the places of a hold that ran out, or let the visitor choose others with everything kept."""
    try:
        product = get_product(services().database, expired.product.id)
    except InvalidProduct:
        return links.see(expired)
    choice = form.on_sale(form.again(expired), product.terms)
    order = replace(choice.order(product.terms, language().tag), contact=expired.contact)
    try:
        held = holds.reserve(services().database, services().clock, PORTAL, order)
    except BookingError as error:
        return choosing.page(product, choice, words.refusal(error))
    return links.see(held, again=1)


def _page(
    booking: Booking, contact: Contact, problem: str | None = None, problems: dict[str, str] | None = None
) -> Response:
    now = services().clock()
    text = render_template(
        "visitors/booking.html",
        booking=booking,
        product=booking.product,
        contact=contact,
        problem=problem,
        problems=problems or {},
        sent=request.form,
        heading=words.STATES[booking.state],
        sheet=sheet(booking),
        brief=brief(booking),
        place=links.place(booking.listing),
        fields=guest.asked(booking),
        required=guest.required(booking),
        holders=guest.holders(booking),
        countries=guest.countries(),
        held_until=words.at_clock(booking.expires_at, booking.product),
        seconds_left=max(0, int((booking.expires_at - now).total_seconds())),
        can_extend=rules.can_extend(booking),
        codes=_codes(booking) if booking.state in DELIVERED else [],
        cancellation=words.cancellation(booking.product, booking.option),
        cancellable_until=words.moment(booking.cancellable_until, booking.product),
        choice=form.again(booking).address(),
        change=links.link_of(booking),
        held_again="again" in request.args,
        to=partial(links.to, booking=booking),
    )
    return private(text, 422 if problems else 409 if problem else 200)


def _cancel_page(booking: Booking, problem: str | None = None) -> Response:
    refund = rules.refund_for(booking, services().clock())
    text = render_template(
        "visitors/cancel.html",
        booking=booking,
        product=booking.product,
        problem=problem,
        sheet=sheet(booking),
        refund=refund,
        paid=services().checkout.paid(booking),
        back=_refund(booking, refund),
        too_late=booking.state is State.CONFIRMED and not booking.cancellable,
        cancellable_until=words.moment(booking.cancellable_until, booking.product),
        to=partial(links.to, booking=booking),
    )
    return private(text, 409 if problem else 200)


def _refund(booking: Booking, refund: Refund) -> int:
    """Return what is paid back, in minor units."""
    return refund_of(booking, services().checkout.paid(booking), rules.refund_percent(booking, refund))


def _codes(booking: Booking) -> list[tuple[str, str, str]]:
    """Return the codes that open the gate, each with what it is for, here, and its drawing."""
    if booking.product.delivery == "VOUCHER":
        return [(booking.code, "", qr(booking.code))]
    names = {unit.id: in_reader_language(unit.names) for unit in booking.option.units}
    codes = [(booking.ticket_code(at), ticket.unit_id) for at, ticket in enumerate(booking.tickets)]
    return [(code, names.get(unit, unit), qr(code)) for code, unit in codes]
