"""Check-in at the gate: a code is typed or scanned, and a big yes or no is the answer."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response, request
from flask_babel import gettext

from portal.bookings import gate
from portal.bookings.gate import Answer, Verdict
from portal.bookings.model import Booking
from portal.web.businesses import mine
from portal.web.businesses.bookings import noting, units_in_words
from portal.web.businesses.guard import Access, access, page
from portal.web.context import services
from portal.web.formats import clock_time
from portal.web.formats import day as day_in_words
from portal.web.security import HEADERS

blueprint = Blueprint("gate", __name__, url_prefix="/<language:language>/business/bookings/check-in")
CAMERA = HEADERS["Permissions-Policy"].replace("camera=()", "camera=(self)")


@blueprint.get("/")
@access(Access.SIGNED_IN)
def show() -> Response:
    """Ask for a code."""
    mine.guests_of()
    return _page(None)


@blueprint.post("/")
@access(Access.SIGNED_IN)
def check_in() -> Response:
    """Let somebody in, or say why not. Asked again, it says that the code was used, and when."""
    here, shown = services(), request.form.get("code", "").strip()
    if not shown:
        mine.guests_of()
        return _page(None, gettext("Type or scan a code."))
    answer = gate.check_in(here.database, here.clock, shown, mine.guests_of(), noting("checked in"))
    return _page(answer)


def _page(answer: Answer | None, problem: str | None = None) -> Response:
    response = page(
        "gate",
        422 if problem else 200,  # a no is an answer too
        problem=problem,
        answer=answer,
        welcome=answer is not None and answer.verdict is Verdict.WELCOME,
        reason=_reason(answer) if answer else "",
        booking=answer.booking if answer else None,
        units=units_in_words,
    )
    response.headers["Permissions-Policy"] = CAMERA
    return response


def _reason(answer: Answer) -> str:
    """Return in words why somebody is not let in, or when they were."""
    booking = answer.booking
    if answer.verdict is Verdict.UNKNOWN or booking is None:
        elsewhere = answer.verdict is Verdict.ELSEWHERE
        return str(gettext("This booking is for another place.") if elsewhere else gettext("No booking has this code."))
    used_at = answer.used_at
    if answer.verdict in {Verdict.USED, Verdict.WELCOME} and used_at is not None:
        when = _moment(used_at.astimezone(booking.product.zone))
        if answer.verdict is Verdict.USED:
            return str(gettext("Used already: %(when)s", when=when))
        return str(gettext("Checked in: %(when)s", when=when))
    return {
        Verdict.OTHER_DAY: str(gettext("For another day: %(when)s", when=_when(booking))),
        Verdict.CANCELLED: str(gettext("This booking has been cancelled")),
        Verdict.UNDECIDED: str(gettext("You have not accepted this booking yet.")),
        Verdict.UNCONFIRMED: str(gettext("This booking was never confirmed.")),
    }.get(answer.verdict, "")


def _when(booking: Booking) -> str:
    if booking.open_until is not None:
        return f"– {day_in_words(booking.open_until.astimezone(booking.product.zone).date(), 'medium')}"
    start = booking.slot.starts_at
    return day_in_words(start.date(), "full") if booking.slot.all_day else _moment(start)


def _moment(local: datetime) -> str:
    """Return a moment in words; of today, the time of day."""
    time_of_day = clock_time(local.time())
    now = services().clock().astimezone(local.tzinfo)
    return time_of_day if local.date() == now.date() else f"{day_in_words(local.date(), 'full')} {time_of_day}"
