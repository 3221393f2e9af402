"""What a visitor chooses, as addresses and forms carry it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

from portal.bookings.availability import FIRST_DATE, HORIZON, LAST_DATE
from portal.bookings.model import Booking, Order, Ticket
from portal.bookings.products import option_of
from portal.bookings.terms import OptionTerms, ProductTerms
from portal.web import parameters
from portal.web.parameters import Arguments, BadParameter

ANY_DAY = "any-day"
"""Stands for the slot where a booking has no date."""
MOST = 1000


@dataclass(frozen=True)
class Choice:
    """An option, a day, a time and tickets, as far as they are chosen.

    :ivar month: the first day of the month the calendar shows.
    :ivar slot: a slot's id, or `ANY_DAY`.
    :ivar units: quantities by unit id.
    :ivar instead: link of a hold that this choice replaces, see `visiting.link_of`.
    :ivar uuid: of the form: sent twice, it holds once.
    """

    option: OptionTerms
    month: date
    day: date | None = None
    slot: str = ""
    units: Mapping[str, int] = field(default_factory=dict)
    instead: str = ""
    uuid: UUID = field(default_factory=uuid4)

    @property
    def total(self) -> int:
        """What the tickets cost, in minor units."""
        return sum(unit.price * self.units.get(unit.id, 0) for unit in self.option.units)

    @property
    def slot_id(self) -> str:
        """The slot as the ledger knows it."""
        return "" if self.slot == ANY_DAY else self.slot

    def address(self, **other: Any) -> dict[str, Any]:
        """Return the parameters of an address with this choice, some of them others; None leaves one out."""
        units = {f"unit-{unit}": quantity for unit, quantity in self.units.items()}
        known = {
            "option": self.option.id,
            "month": None if self.day else f"{self.month:%Y-%m}",
            "date": self.day.isoformat() if self.day else None,
            "slot": self.slot or None,
            "instead": self.instead or None,
        }
        return {name: value for name, value in (known | units | other).items() if value is not None}

    def tickets(self) -> tuple[Ticket, ...]:
        """Return the tickets chosen."""
        return tuple(Ticket(unit) for unit, quantity in self.units.items() for _ in range(quantity))

    def order(self, product: ProductTerms, language: str) -> Order:
        """Return what is to be held.

        A form that came back from the browser's memory and was changed is another order: its uuid is of what it says.
        """
        said = f"{self.option.id} {self.slot} {sorted(self.units.items())}"
        return Order(
            uuid=uuid5(self.uuid, said),
            product_id=product.id,
            option_id=self.option.id,
            slot_id=self.slot_id,
            tickets=self.tickets(),
            language=language,
        )


def read(product: ProductTerms, sent: Arguments, address: Arguments, today: date) -> Choice:
    """Return what was chosen: tickets and time as sent by a form, the rest as the address says.

    :raises BadParameter: when something is none of what is on offer.
    """
    option = _option(product, sent.get("option") or address.get("option", ""))
    day = _day(address, today)
    month = _month(address) or (day or today).replace(day=1)
    return Choice(
        option=option,
        month=month,
        day=day,
        slot=sent.get("slot", "")[:100],
        units=_units(option, sent) or default_units(option),
        instead=(sent.get("instead") or address.get("instead", ""))[:200],
        uuid=_uuid(sent.get("uuid", "")),
    )


def again(booking: Booking) -> Choice:
    """Return the choice that led to a booking."""
    day = booking.slot.starts_at.date()
    quantities = {unit.id: 0 for unit in booking.option.units}
    for ticket in booking.tickets:
        quantities[ticket.unit_id] = quantities.get(ticket.unit_id, 0) + 1
    return Choice(
        option=booking.option,
        month=day.replace(day=1),
        day=None if booking.open_until else day,
        slot=ANY_DAY if booking.open_until else booking.slot.id,
        units=quantities,
        uuid=uuid5(booking.uuid, "again"),
    )


def on_sale(choice: Choice, product: ProductTerms) -> Choice:
    """Return a choice with the terms of its option as they are now, or of the first one when it is gone."""
    option = product.option(choice.option.id) or product.options[0]
    known = {unit.id: choice.units.get(unit.id, 0) for unit in option.units}
    return replace(choice, option=option, units=known if any(known.values()) else default_units(option))


def default_units(option: OptionTerms) -> dict[str, int]:
    """Return the fewest tickets a booking may have, of the first unit that may go alone."""
    alone = next((unit for unit in option.units if not unit.accompanied_by), option.units[0])
    least = max(option.min_units, alone.min_quantity or 1)
    return {unit.id: least if unit is alone else 0 for unit in option.units}


def last_day(today: date) -> date:
    """Return the last day on which anything is on sale."""
    return today + HORIZON


def _option(product: ProductTerms, wanted: str) -> OptionTerms:
    known = {option.id for option in product.options}
    if wanted and wanted not in known:
        raise BadParameter("option", f"expected one of {', '.join(sorted(known))}")
    return option_of(product, wanted) if wanted else product.options[0]


def _units(option: OptionTerms, sent: Arguments) -> dict[str, int]:
    """Return the quantities, by unit id; empty when the form or address says nothing of them."""
    fields = {unit.id: f"unit-{unit.id}" for unit in option.units}
    if not any(name in sent for name in fields.values()):
        return {}
    return {unit: parameters.number(sent, name, 0, least=0, most=MOST) for unit, name in fields.items()}


def _day(address: Arguments, today: date) -> date | None:
    text = address.get("date", "")
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadParameter("date", "expected a date such as 2026-05-01") from None
    if not today - timedelta(days=1) <= day <= last_day(today):
        raise BadParameter("date", f"expected a date from {today} to {last_day(today)}")
    return day


def _month(address: Arguments) -> date | None:
    text = address.get("month", "")
    if not text:
        return None
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        month = date.min
    if not FIRST_DATE <= month <= LAST_DATE:
        raise BadParameter("month", "expected a month such as 2026-05")
    return month


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid4()
