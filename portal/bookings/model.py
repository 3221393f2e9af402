"""A booking and what it is made from. Values only; the rules stand in rules.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from enum import StrEnum
from functools import cache
from operator import attrgetter
from typing import Any
from uuid import UUID

from portal.bookings.availability import Slot
from portal.bookings.terms import OptionTerms, ProductTerms

Clock = Callable[[], datetime]
"""Tells the time, aware, in UTC."""


class State(StrEnum):
    """Where a booking is in its life, in OCTO's words."""

    ON_HOLD = "ON_HOLD"
    PENDING = "PENDING"
    REJECTED = "REJECTED"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"
    REDEEMED = "REDEEMED"


class Refund(StrEnum):
    """What of the price goes back."""

    FULL = "FULL"
    PARTIAL = "PARTIAL"
    NONE = "NONE"


@dataclass(frozen=True, slots=True)
class Seller:
    """Who books: a partner, or the portal itself for a visitor.

    :ivar partner_id: None for the portal.
    :ivar supplier: the only supplier whose products it may sell; None sells everything.
    :ivar test: whether its bookings take no places.
    :ivar confined: whether tests are all it sees.
    """

    partner_id: int | None = None
    supplier: str | None = None
    test: bool = False
    confined: bool = False


UNHEEDED = "Nobody decided in time."
"""Why a booking was refused on which its business did not decide."""
PORTAL = Seller()
"""The portal, booking for a visitor."""


@dataclass(frozen=True, slots=True)
class Contact:
    """A person to reach; every part may be unknown. `locales` are BCP 47 tags, `country` ISO 3166-1 alpha-2."""

    full_name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    email_address: str | None = None
    phone_number: str | None = None
    postal_code: str | None = None
    country: str | None = None
    notes: str | None = None
    locales: tuple[str, ...] = ()

    def updated(self, other: Contact) -> Contact:
        """Return this contact with what `other` knows in place of what this one does."""
        return replace(self, **{name: value for name, value in parts(other).items() if value})


@dataclass(frozen=True, slots=True)
class Ticket:
    """One unit asked for. `uuid` is the seller's own; without, one is made."""

    unit_id: str
    uuid: UUID | None = None
    reseller_reference: str | None = None
    contact: Contact = field(default_factory=Contact)


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody wants to book.

    :ivar slot_id: empty for a booking without a date.
    :ivar uuid: makes the order idempotent for its seller: sent twice, it books once.
    :ivar hold_minutes: how long the hold should last; a wish, see `rules.hold_until`.
    :ivar language: BCP 47 tag of the language it is booked in.
    """

    uuid: UUID
    product_id: str
    option_id: str
    slot_id: str
    tickets: tuple[Ticket, ...]
    contact: Contact = field(default_factory=Contact)
    notes: str | None = None
    reseller_reference: str | None = None
    language: str | None = None
    hold_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What shall be different in a booking; None leaves a part as it is.

    :ivar tickets: all the booking shall have; one with a known uuid stays, those left out go.
    :ivar contact: what it knows replaces what the booking's contact does, the rest stays.
    """

    slot_id: str | None = None
    tickets: tuple[Ticket, ...] | None = None
    contact: Contact | None = None
    notes: str | None = None
    reseller_reference: str | None = None
    hold_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class UnitItem:
    """A ticket of a booking; `price` in minor units as it was when reserved, `places` as counted in the slot.

    :ivar redeemed_at: when it was used, where every ticket has a code of its own.
    """

    uuid: UUID
    unit_id: str
    places: int
    price: int
    reseller_reference: str | None
    contact: Contact
    redeemed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Cancellation:
    """When and why a booking ended without being used."""

    at: datetime
    reason: str | None
    refund: Refund


@dataclass(frozen=True, slots=True)
class Booking:
    """A booking as it stands at the moment it was read, with the terms it was made under.

    :ivar reference: what people call it, on paper and on the phone.
    :ivar listing, supplier: the page its product belongs to, and who runs it, as they are now.
    :ivar total: in minor units of the product's currency.
    :ivar expires_at: when an unconfirmed hold ends; of a pending booking, until when its business may decide.
    :ivar open_until: when a booking without a date ends; its slot stands for the time until then.
    :ivar cancellable_until: the instant from which a confirmed booking can no longer be cancelled or changed.
    """

    id: int
    uuid: UUID
    partner_id: int | None
    reference: str
    product: ProductTerms
    option: OptionTerms
    slot: Slot
    listing: str
    supplier: str
    state: State
    test: bool
    tickets: tuple[UnitItem, ...]
    total: int
    contact: Contact
    notes: str | None
    reseller_reference: str | None
    language: str | None
    created_at: datetime
    updated_at: datetime
    expires_at: datetime
    confirmed_at: datetime | None
    cancellation: Cancellation | None
    redeemed_at: datetime | None
    cancellable: bool
    cancellable_until: datetime
    open_until: datetime | None = None

    @property
    def rejected_because(self) -> str | None:
        """What the business wrote when it refused; None where nobody decided in time."""
        decided = self.state is State.REJECTED and self.cancellation and self.cancellation.at < self.expires_at
        return self.cancellation.reason if decided and self.cancellation else None

    @property
    def unheeded(self) -> bool:
        """Whether it was refused by the clock, because nobody decided in time."""
        ended = self.cancellation.at if self.cancellation else None
        return self.state is State.REJECTED and ended is not None and ended >= self.expires_at

    @property
    def code(self) -> str:
        """What the voucher's QR code says; a test booking's opens no gate."""
        return f"TEST-{self.reference}" if self.test else self.reference

    def ticket_code(self, position: int) -> str:
        """Return what the QR code of the ticket at a position, from 0, says."""
        return f"{self.code}-{position + 1}"


def parts(value: Contact | Ticket | UnitItem | Order) -> dict[str, Any]:
    """Return what a value is made of, by name. `dataclasses.asdict` also copies all of it deeply, which takes long."""
    kind: type[Any] = type(value)
    names, read = _reader(kind)  # type: ignore[arg-type]
    return dict(zip(names, read(value), strict=True))


@cache
def _reader(kind: type[Any]) -> tuple[tuple[str, ...], Callable[[object], tuple[Any, ...]]]:
    names = tuple(one.name for one in fields(kind))
    return names, attrgetter(*names)
