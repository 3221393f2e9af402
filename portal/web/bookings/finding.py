"""Find my booking: whoever lost the link has it sent again, to the mail address that booked and nowhere else."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext

from portal.accounts import attempts
from portal.accounts.model import TooManyAttempts
from portal.bookings import queries
from portal.mail.outbox import enqueue
from portal.web.bookings.choosing import private
from portal.web.bookings.letters import link_letter
from portal.web.context import services
from portal.web.forms import EMAIL, LONGEST_FIELD

PURPOSE = "find a booking"
LONGEST_REFERENCE = 20

blueprint = Blueprint("finding", __name__, url_prefix="/<language:language>/bookings")


@blueprint.get("/")
def ask() -> Response:
    """Ask for the reference and the mail address of a booking."""
    return _page(sent="sent" in request.args)


@blueprint.post("/")
def send() -> Response:
    """Send the booking's link, if there is such a booking. The answer is the same if there is none."""
    reference = " ".join(request.form.get("reference", "").split())[:LONGEST_REFERENCE]
    mail = request.form.get("mail", "").strip()[:LONGEST_FIELD]
    if not reference:
        return _page(reference, mail, gettext("Enter the number of your booking."))
    if not EMAIL.match(mail):
        return _page(reference, mail, gettext("Enter an email address, such as name@example.com."))
    try:
        _send(reference, mail)
    except TooManyAttempts:
        return _page(reference, mail, gettext("That was tried too often. Wait a quarter of an hour."), 429)
    return cast(Response, redirect(url_for("finding.ask", sent=1), 303))


def _send(reference: str, mail: str) -> None:
    """Count the attempt, and enqueue the letter if there is such a booking.

    :raises TooManyAttempts: when this address, or the letters' one, was tried too often.
    """
    database, clock = services().database, services().clock
    with database.write() as connection:
        attempts.count(connection, PURPOSE, mail.lower(), request.remote_addr or "", clock())
    booking = queries.find_by_mail(database, clock, reference, mail)
    if booking is not None:
        with database.write() as connection:
            enqueue(connection, link_letter(booking), clock())


def _page(
    reference: str = "", mail: str = "", problem: str | None = None, status: int = 422, *, sent: bool = False
) -> Response:
    text = render_template("visitors/find_booking.html", reference=reference, mail=mail, problem=problem, sent=sent)
    answer = private(text, status if problem else 200)
    if status == 429:
        answer.headers["Retry-After"] = str(int(attempts.WINDOW.total_seconds()))
    return answer
