"""What may happen to a booking, and when. Pure."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from pydantic.alias_generators import to_camel

from portal.bookings.availability import Slot
from portal.bookings.errors import (
    BadQuantity,
    HoldExpired,
    InvalidUnit,
    Malformed,
    MissingContact,
    NotPossible,
    TooLateToCancel,
)
from portal.bookings.model import Booking, Contact, Order, Refund, State, Ticket, UnitItem, parts
from portal.bookings.terms import CancellationCutoff, ContactField, OptionTerms, UnitTerms

HOLD = timedelta(minutes=30)
"""How long a hold lasts when nobody says."""
HOLD_LONGEST = timedelta(minutes=60)
"""The most one request may ask for."""
HOLD_TOTAL = timedelta(hours=4)
"""How long after its beginning a hold ends for good, however often it is extended."""

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Digits and letters that are not taken for one another: 32, so that each tells five bits."""


def hold_until(now: datetime, minutes: int | None, created_at: datetime, current: datetime | None = None) -> datetime:
    """Return when a hold ends: as long from now as was asked for, within bounds, and never sooner than it does now."""
    wanted = HOLD if minutes is None else min(timedelta(minutes=min(minutes, 24 * 60)), HOLD_LONGEST)
    until = min(now + wanted, created_at + HOLD_TOTAL)
    return until if current is None else max(until, current)


def state_at(stored: State, expires_at: datetime, now: datetime) -> State:
    """Return the state at a moment, whether or not anything has noted it.

    A hold that ran out is EXPIRED; a booking on which nobody decided in time is REJECTED.
    """
    if expires_at > now:
        return stored
    return {State.ON_HOLD: State.EXPIRED, State.PENDING: State.REJECTED}.get(stored, stored)


def cancellable_until(option: OptionTerms, slot: Slot) -> datetime:
    """Return the instant from which a confirmed booking stays: the cut-off before the start, or before closing."""
    return _before(slot, option.cancellation_cutoff)


def _before(slot: Slot, cutoff: CancellationCutoff) -> datetime:
    """Return an instant so long before a slot's start or closing.

    Days are calendar days of the product's time zone; hours and minutes are real time.
    """
    if cutoff.unit == "day":
        return (slot.closes_at - timedelta(days=cutoff.amount)).astimezone(UTC)
    return slot.closes_at.astimezone(UTC) - timedelta(**{f"{cutoff.unit}s": cutoff.amount})


def can_extend(booking: Booking) -> bool:
    """Tell whether asking for more time will give a hold any."""
    return booking.state is State.ON_HOLD and booking.expires_at < booking.created_at + HOLD_TOTAL


def is_cancellable(state: State, until: datetime, now: datetime) -> bool:
    """Tell whether a booking may be cancelled or changed: a confirmed one before the cut-off, an earlier one always."""
    return state in {State.ON_HOLD, State.PENDING} or (state is State.CONFIRMED and now < until)


def check_changeable(booking: Booking) -> None:
    """Raise unless the booking may be cancelled or changed.

    :raises TooLateToCancel: the cut-off has passed.
    :raises NotPossible: its state says no.
    """
    if booking.cancellable:
        return
    if booking.state is State.CONFIRMED:
        raise TooLateToCancel(f"changes and cancellation ended at {booking.cancellable_until.isoformat()}")
    raise NotPossible(f"the booking is {booking.state}")


def check_on_hold(booking: Booking) -> None:
    """Raise unless the hold is live.

    :raises HoldExpired: it ran out.
    :raises NotPossible: it is no hold any more.
    """
    if booking.state is State.EXPIRED:
        raise HoldExpired(f"the hold expired at {booking.expires_at.isoformat()}", str(booking.uuid))
    if booking.state is not State.ON_HOLD:
        raise NotPossible(f"the booking is {booking.state}, not ON_HOLD")


def check_pending(booking: Booking) -> None:
    """Raise unless the booking waits for its business to decide.

    :raises NotPossible: it does not, or does not any more.
    """
    if booking.state is not State.PENDING:
        raise NotPossible(f"the booking is {booking.state}, not PENDING")


def refund_for(booking: Booking, now: datetime) -> Refund:
    """Return what goes back when a booking is cancelled now: nothing was paid before it was confirmed."""
    if booking.state is not State.CONFIRMED:
        return Refund.NONE
    terms = booking.option.refund
    if terms is None or now < _before(booking.slot, terms.full_until):
        return Refund.FULL
    return Refund.PARTIAL if terms.later_percent else Refund.NONE


def refund_percent(booking: Booking, refund: Refund) -> int:
    """Return how many hundredths of the price a refund is."""
    terms = booking.option.refund
    return {Refund.FULL: 100, Refund.PARTIAL: terms.later_percent if terms else 0, Refund.NONE: 0}[refund]


def check_contacts(booking: Booking) -> None:
    """Raise unless everything is known of the guest, and of each ticket's holder, that has to be.

    :raises MissingContact: naming the fields.
    """
    missing = [f"contact.{field}" for field in _missing(booking.contact, booking.option.required_contact_fields)]
    for number, ticket in enumerate(booking.tickets):
        unit = booking.option.unit(ticket.unit_id)
        fields = _missing(ticket.contact, unit.required_contact_fields if unit else ())
        missing += [f"unitItems.{number}.contact.{field}" for field in fields]
    if missing:
        raise MissingContact(f"expected {', '.join(missing)}")


def _missing(contact: Contact, required: Iterable[ContactField]) -> list[str]:
    """Return the fields that are required and not known. A full name tells the first and the last one."""
    known = {to_camel(name) for name, value in parts(contact).items() if value}
    if "fullName" in known:
        known |= {"firstName", "lastName"}
    return [field for field in required if field not in known]


def unit_items(option: OptionTerms, tickets: Sequence[Ticket], kept: Sequence[UnitItem] = ()) -> tuple[UnitItem, ...]:
    """Return the tickets with their prices and places; one that is `kept` (same uuid and unit) keeps its price.

    :raises BadQuantity: too few or too many for one booking, or of one unit, or a child without an adult.
    :raises InvalidUnit: the option has no such unit.
    :raises Malformed: two tickets have the same uuid.
    """
    if not option.min_units <= len(tickets) <= option.max_units:
        raise BadQuantity(_say(Broken(option.min_units, option.max_units, len(tickets))))
    uuids = [ticket.uuid for ticket in tickets if ticket.uuid]
    if len(set(uuids)) < len(uuids):
        raise Malformed("unitItems: two items have the same uuid")
    known = {item.uuid: item for item in kept}
    items = tuple(_unit_item(option, ticket, known.get(ticket.uuid) if ticket.uuid else None) for ticket in tickets)
    for broken in broken_rules(option, Counter(item.unit_id for item in items)):
        raise BadQuantity(_say(broken))
    return items


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule about quantities that is not kept: of one unit, or of the whole booking when there is none.

    :ivar least, most, quantity: how many there may be, and how many there are.
    :ivar companions: the units of which one has to come along and none does.
    """

    least: int
    most: int
    quantity: int
    unit: UnitTerms | None = None
    companions: tuple[UnitTerms, ...] = ()


def bounds(option: OptionTerms, unit: UnitTerms) -> tuple[int, int]:
    """Return how many of a unit a booking has that has any: at least, and at most."""
    return unit.min_quantity or 1, min(unit.max_quantity or option.max_units, option.max_units)


def companions(option: OptionTerms, unit: UnitTerms) -> tuple[UnitTerms, ...]:
    """Return the units of which a booking needs one beside this unit; none where it may go alone."""
    return tuple(other for other in option.units if other.id in unit.accompanied_by)


def broken_rules(option: OptionTerms, quantities: Mapping[str, int]) -> list[Broken]:
    """Return the rules that quantities by unit id do not keep, the booking's own first.

    :raises InvalidUnit: the option has no such unit.
    """
    wanted = [(unit_of(option, unit_id), quantity) for unit_id, quantity in quantities.items() if quantity]
    whole = Broken(option.min_units, option.max_units, sum(quantity for _, quantity in wanted))
    broken = [] if whole.least <= whole.quantity <= whole.most else [whole]
    for unit, quantity in wanted:
        least, most = bounds(option, unit)
        if not least <= quantity <= most and (unit.min_quantity or unit.max_quantity):
            broken.append(Broken(least, most, quantity, unit))
        others = companions(option, unit)
        if others and not any(quantities.get(other.id) for other in others):
            broken.append(Broken(least, most, quantity, unit, others))
    return broken


def _say(broken: Broken) -> str:
    if broken.unit is None:
        return f"unitItems: expected {broken.least} to {broken.most} units, not {broken.quantity}"
    if broken.companions:
        return f"unitItems: unit {broken.unit.id} needs one of {', '.join(other.id for other in broken.companions)}"
    return f"unitItems: expected {broken.least} to {broken.most} of unit {broken.unit.id}, not {broken.quantity}"


def unit_of(option: OptionTerms, unit_id: str) -> UnitTerms:
    """Return a unit of the option.

    :raises InvalidUnit: when it has no such unit.
    """
    unit = option.unit(unit_id)
    if unit is None:
        raise InvalidUnit(f"option {option.id} has no unit {unit_id!r}", unit_id)
    return unit


def _unit_item(option: OptionTerms, ticket: Ticket, known: UnitItem | None) -> UnitItem:
    unit = unit_of(option, ticket.unit_id)
    same = known is not None and known.unit_id == unit.id
    return UnitItem(
        uuid=ticket.uuid or uuid4(),
        unit_id=unit.id,
        places=known.places if known and same else unit.pax,
        price=known.price if known and same else unit.price,
        reseller_reference=ticket.reseller_reference or (known.reseller_reference if known else None),
        contact=known.contact.updated(ticket.contact) if known else ticket.contact,
    )


def fingerprint(order: Order, *, test: bool) -> str:
    """Return a digest by which the same order is known again."""
    # The language comes from a header: the same body in another one is the same order.
    tickets = [parts(ticket) | {"contact": parts(ticket.contact)} for ticket in order.tickets]
    known = parts(order) | {"language": None, "contact": parts(order.contact), "tickets": tickets}
    text = json.dumps([known, test], default=_plain, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> str:
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"no plain form of {value!r}")


def new_reference() -> str:
    """Return a reference like `7KQ2M-X9RTA`: short enough to read out, 50 random bits."""
    number = secrets.randbits(50)
    letters = "".join(ALPHABET[number >> shift & 31] for shift in range(0, 50, 5))
    return f"{letters[:5]}-{letters[5:]}"


def clean_reference(text: str) -> str:
    """Return a typed reference as it is kept, whatever the case, spaces and hyphens."""
    letters = "".join(text.upper().replace("-", "").split())
    return f"{letters[:5]}-{letters[5:]}"


def split_code(code: str) -> tuple[str, int | None]:
    """Return the reference in what a gate reads or a person types, and the ticket's position, from 0, if it names one.

    References have 10 characters; what stands behind them is a ticket's number.
    """
    letters = "".join(code.upper().replace("-", "").split())
    number = letters[10:]
    if number.isascii() and number.isdecimal() and number[0] != "0" and len(number) <= 4:
        return clean_reference(letters[:10]), int(number) - 1
    return clean_reference(code), None
