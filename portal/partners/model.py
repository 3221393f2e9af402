"""Partners and their keys: values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

MOST_KEYS = 20
"""How many keys in force a partner may have at once."""


class Scope(StrEnum):
    """What a key opens: reading alone, or bookings too."""

    READ = "read"
    BOOK = "book"


class PartnerError(Exception):
    """Something about a partner or a key cannot be done."""


class NotApproved(PartnerError):
    """A live key was asked for before an administrator approved the partner."""


class TooManyKeys(PartnerError):
    """The partner has as many keys as one may have."""


class WrongSupplier(PartnerError):
    """The partner may not sell this supplier's products."""


@dataclass(frozen=True, slots=True)
class Partner:
    """A partner.

    :ivar supplier: the only supplier whose products it may sell; None sells everything.
    :ivar approved: whether it may have live keys.
    :ivar asked: whether it waits for that.
    :ivar limit: requests a minute that each of its keys may send; None for what the portal's settings say, 0 for any.
    """

    id: int
    name: str
    supplier: str | None = None
    approved: bool = False
    asked: bool = False
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Credential:
    """What a key in force opens.

    :ivar supplier: the only supplier whose products it sells; None sells everything.
    :ivar sandbox: whether all its bookings are tests that take no places.
    """

    key: int
    partner: Partner
    supplier: str | None
    sandbox: bool
    scope: Scope
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class KeyWish:
    """A key that somebody wants.

    :ivar supplier: the only supplier whose products it shall sell; None for all that the partner may.
    :ivar person: who asks for it; None for the operator.
    """

    name: str = ""
    sandbox: bool = False
    scope: Scope = Scope.BOOK
    supplier: str | None = None
    person: int | None = None


@dataclass(frozen=True, slots=True)
class Key:
    """A key as it is listed: `beginning` is all of it that anybody sees again."""

    id: int
    name: str
    beginning: str
    sandbox: bool
    scope: Scope
    supplier: str | None
    created_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None
