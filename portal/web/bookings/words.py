"""What booking pages say: the state of a booking, the rules before they are broken, and why something was refused."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from babel.dates import get_timezone_name
from babel.lists import format_list
from flask_babel import gettext, lazy_gettext, ngettext

from portal.bookings import rules
from portal.bookings.errors import (
    BadQuantity,
    BookingError,
    HoldExpired,
    NotPossible,
    SalesClosed,
    SoldOut,
    TooLateToCancel,
)
from portal.bookings.model import Booking, State
from portal.bookings.rules import Broken
from portal.bookings.terms import CancellationCutoff, OptionTerms, ProductTerms, UnitTerms
from portal.languages.quantities import unit_text
from portal.web.context import language
from portal.web.formats import clock_time, count, day, in_reader_language

STATES = {
    State.ON_HOLD: lazy_gettext("Your places are held"),
    State.PENDING: lazy_gettext("Your request has been sent"),
    State.REJECTED: lazy_gettext("Your request could not be accepted"),
    State.CONFIRMED: lazy_gettext("Your booking is confirmed"),
    State.CANCELLED: lazy_gettext("This booking has been cancelled"),
    State.EXPIRED: lazy_gettext("The places are no longer held"),
    State.REDEEMED: lazy_gettext("This booking has been used"),
}
REFUSALS: dict[type[BookingError], Any] = {
    SoldOut: lazy_gettext("There are not enough places left at that time. Choose another time or fewer tickets."),
    SalesClosed: lazy_gettext("It is too late to book that time. Choose a later one."),
    BadQuantity: lazy_gettext("Choose at least one ticket, and not more than one booking may have."),
    HoldExpired: lazy_gettext("The places are no longer held. Please book again."),
    TooLateToCancel: lazy_gettext("It is too late to cancel this booking."),
    NotPossible: lazy_gettext("This booking can no longer be changed."),
}


def refusal(error: BookingError) -> str:
    """Return why something was refused."""
    known = next((words for kind, words in REFUSALS.items() if isinstance(error, kind)), None)
    return str(known or gettext("These places cannot be booked. Choose again."))


def broken(rule: Broken) -> str:
    """Return what to do about a rule that is not kept."""
    if rule.unit is None:
        return how_many(rule.least, rule.most)
    name = in_reader_language(rule.unit.names)
    if rule.companions:
        return f"{name}: {_together(rule.companions)}"
    return f"{name}: {how_many(rule.least, rule.most)}"


def how_many(least: int, most: int) -> str:
    """Return how many tickets a booking may have."""
    if least == most:
        return str(
            ngettext(
                "Exactly %(most)s ticket per booking", "Exactly %(most)s tickets per booking", most, most=count(most)
            )
        )
    if least <= 1:
        return str(
            ngettext(
                "At most %(most)s ticket per booking", "At most %(most)s tickets per booking", most, most=count(most)
            )
        )
    return str(gettext("From %(least)s to %(most)s tickets per booking", least=count(least), most=count(most)))


def of_unit(option: OptionTerms, unit: UnitTerms) -> list[str]:
    """Return the rules of a ticket: ages, who has to come along, how many, what to bring."""
    least, most = rules.bounds(option, unit)
    companions = rules.companions(option, unit)
    found = [
        _ages(unit.min_age, unit.max_age),
        _together(companions) if companions else "",
        how_many(least, most) if unit.min_quantity or unit.max_quantity else "",
        gettext("Counts as %(count)s places", count=count(unit.pax)) if unit.pax > 1 else "",
        gettext("Bring an identity document") if unit.id_required else "",
    ]
    return [str(rule) for rule in found if rule]


def _ages(youngest: int, oldest: int) -> str:
    if youngest and oldest < 99:
        return str(gettext("Aged %(youngest)s to %(oldest)s", youngest=count(youngest), oldest=count(oldest)))
    if youngest:
        return str(gettext("Aged %(youngest)s or over", youngest=count(youngest)))
    return str(gettext("Aged up to %(oldest)s", oldest=count(oldest))) if oldest < 99 else ""


def _together(others: Iterable[UnitTerms]) -> str:
    names = format_list([in_reader_language(other.names) for other in others], "or", locale=language().locale)
    return str(gettext("Only together with: %(names)s", names=names))


def cancellation(product: ProductTerms, option: OptionTerms) -> str:
    """Return until when a booking of an option may be cancelled, and what of the price then goes back."""
    said = [_until(product, option.cancellation_cutoff)]
    if option.refund is not None:
        before = _span(option.refund.full_until)
        percent = count(option.refund.later_percent)
        said.append(
            gettext(
                "The whole price goes back until %(time)s before, then %(percent)s%%.", time=before, percent=percent
            )
        )
    return " ".join(str(one) for one in said)


def _until(product: ProductTerms, cutoff: CancellationCutoff) -> str:
    by_start = product.availability_type == "START_TIME"
    if cutoff.amount == 0:
        return str(
            gettext("You can cancel until the start.") if by_start else gettext("You can cancel until closing time.")
        )
    if by_start:
        return str(gettext("You can cancel until %(time)s before the start.", time=_span(cutoff)))
    return str(gettext("You can cancel until %(time)s before closing time.", time=_span(cutoff)))


def _span(cutoff: CancellationCutoff) -> str:
    return unit_text(cutoff.amount, f"duration-{cutoff.unit}", language().conventions)


def moment(at: datetime, product: ProductTerms) -> str:
    """Return a day and time where the product is, with the name of its time zone."""
    local = at.astimezone(product.zone)
    return f"{day(local.date(), 'long')} {at_clock(at, product)}"


def at_clock(at: datetime, product: ProductTerms) -> str:
    """Return a time of day where the product is, with the name of its time zone."""
    zone = get_timezone_name(product.zone, width="long", locale=language().conventions)
    return f"{clock_time(at.astimezone(product.zone).time())} ({zone})"


def last_day_of(booking: Booking) -> date:
    """Return the last day on which a booking without a date may be used."""
    return (booking.slot.ends_at - timedelta(seconds=1)).date()
