"""Endpoints and messages as values, and the words for what can be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from portal.outbox.outbox import Topic

Json = dict[str, Any]


class Form(StrEnum):
    """How an endpoint is told: everything about the change, or OCTO's thin word that something changed."""

    EVENTS = "events"
    OCTO = "octo"


class State(StrEnum):
    """How the delivery of a message stands."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    DEAD = "dead"


class Why(StrEnum):
    """Why an endpoint is switched off."""

    PARTNER = "partner"
    GONE = "gone"
    FAILING = "failing"


class Failure(StrEnum):
    """Why an endpoint gave no answer, or one that is none."""

    FORBIDDEN = "forbidden"
    UNKNOWN = "unknown"
    UNREACHABLE = "unreachable"
    TLS = "tls"
    SLOW = "slow"
    MOVED = "moved"
    BROKEN = "broken"


PING = "webhook.ping"
"""What is sent on demand, to see whether an endpoint answers."""

TYPES: Mapping[Topic, tuple[str, ...]] = {
    Topic.BOOKINGS: (
        "booking.created",
        "booking.confirmed",
        "booking.updated",
        "booking.pending",
        "booking.rejected",
        "booking.cancelled",
        "booking.expired",
        "booking.redeemed",
    ),
    Topic.AVAILABILITY: ("availability.updated",),
    Topic.CATALOG: ("product.updated", "product.withdrawn", "listing.updated", "listing.removed"),
}
"""What full events are called."""
NOTIFICATIONS: Mapping[str, str] = {
    "booking": "BOOKING_UPDATE",
    "availability": "AVAILABILITY_UPDATE",
    "product": "PRODUCT_UPDATE",
}
"""OCTO's notification types, by the first word of an event's type. It has none for listings."""
TOPICS = {"BOOKING_UPDATE": Topic.BOOKINGS, "AVAILABILITY_UPDATE": Topic.AVAILABILITY, "PRODUCT_UPDATE": Topic.CATALOG}


class WebhookError(Exception):
    """A refusal that changed nothing; the message says what is wrong, `field` where."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


class NoSuchEndpoint(WebhookError):
    """The partner has no endpoint of that id."""


class NoSuchDelivery(WebhookError):
    """The partner has no delivery of that number."""


class Busy(WebhookError):
    """Not as things stand: as many endpoints as there may be, or one that is switched off."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose endpoints somebody reaches, who came by a page or with a key.

    :ivar partner: a partner's alone.
    :ivar sandbox: of these, only those for tests.
    :ivar supplier: of these, only those for this supplier's products; None for all.
    """

    partner: int
    sandbox: bool = False
    supplier: str | None = None


@dataclass(frozen=True, slots=True)
class Secret:
    """What messages are signed with, sealed, until it is replaced by a newer one."""

    sealed: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a partner wants to be told, and what.

    :ivar types: of full events, where `booking.*` stands for all that begin so and `*` for all; or OCTO's.
    :ivar headers: sent along with each message, such as a token of the partner's.
    :ivar secrets: the newest first.
    :ivar test: whether it hears of test bookings, else of real ones. Changes of places and listings both hear.
    :ivar supplier: whose products alone it hears of; None for all that the partner may sell.
    """

    id: UUID
    partner: int
    form: Form
    url: str
    types: tuple[str, ...]
    headers: Mapping[str, str]
    secrets: tuple[Secret, ...]
    created_at: datetime
    disabled_at: datetime | None = None
    disabled_why: Why | None = None
    paused_until: datetime | None = None
    test: bool = False
    supplier: str | None = None

    def hears(self, event: str) -> bool:
        """Tell whether it wants an event of this type."""
        word = event.partition(".")[0]
        if self.form is Form.OCTO:
            return NOTIFICATIONS.get(word) in self.types
        return bool({event, f"{word}.*", "*"} & set(self.types))


def topics(form: Form, types: tuple[str, ...]) -> frozenset[Topic]:
    """Return what an endpoint with these types listens to."""
    if form is Form.OCTO:
        return frozenset(TOPICS[one] for one in types)
    words = {one.partition(".")[0] for one in types}
    every = not types or "*" in types
    return frozenset(
        topic for topic, known in TYPES.items() if every or words & {one.partition(".")[0] for one in known}
    )


@dataclass(frozen=True, slots=True)
class Try:
    """An attempt to deliver: the status it was answered with, or why there was no answer."""

    at: datetime
    status: int | None
    error: Failure | None
    ms: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message to one endpoint.

    :ivar message: its id in the header `webhook-id`.
    :ivar next_at: when it is tried next, while it waits.
    """

    id: int
    endpoint: UUID
    url: str
    message: str
    type: str
    subject: str
    body: str
    state: State
    tries: tuple[Try, ...]
    created_at: datetime
    next_at: datetime | None
    delivered_at: datetime | None
