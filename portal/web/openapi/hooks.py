"""Webhooks with full events, `/api/v1/webhooks`, described; the answers are made with these models too."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field

from portal.web import hooks_requests as requests
from portal.web.openapi import messages
from portal.web.openapi.describing import Operation, Told
from portal.webhooks.model import Delivery as Sent
from portal.webhooks.model import Endpoint, Failure, Form, State, Why


class WebhookEndpoint(BaseModel):
    """Where messages go."""

    id: UUID
    form: Annotated[Form, Field(description="`events` in full, or `octo` for OCTO's notifications.")]
    url: str
    types: list[str]
    headers: dict[str, str]
    test: Annotated[bool, Field(description="Hears of test bookings; else of real ones.")]
    supplier: Annotated[str | None, Field(description="Hears of this supplier's products alone.")]
    created_at: datetime
    disabled_at: Annotated[datetime | None, Field(description="Since when it is switched off.")]
    disabled_why: Why | None

    @classmethod
    def of(cls, one: Endpoint, **more: Any) -> WebhookEndpoint:
        """Return how an endpoint is shown."""
        shown = {name: getattr(one, name) for name in WebhookEndpoint.model_fields}
        return cls(**{**shown, "types": list(one.types), "headers": dict(one.headers), **more})


class WebhookEndpointWithSecret(WebhookEndpoint):
    """An endpoint with its new secret."""

    secret: Annotated[str, Field(description="What messages are signed with, `whsec_...`. Shown only here.")]


class Endpoints(BaseModel):
    """The endpoints that the key reaches, the oldest first."""

    endpoints: list[WebhookEndpoint]


class Attempt(BaseModel):
    """An attempt to deliver."""

    at: datetime
    status: Annotated[int | None, Field(description="What was answered, if anything was.")]
    error: Failure | None
    ms: int


class Delivery(BaseModel):
    """A message to one endpoint."""

    id: int
    endpoint: UUID
    message: Annotated[str, Field(description="Its id in the header `webhook-id`.")]
    type: str
    subject: Annotated[str, Field(description="What it is about, such as a booking's uuid.")]
    state: State
    tries: list[Attempt]
    created_at: datetime
    next_at: Annotated[datetime | None, Field(description="When it is tried next, while it waits.")]
    delivered_at: datetime | None

    @classmethod
    def of(cls, one: Sent) -> Delivery:
        """Return how a delivery is shown."""
        shown = {name: getattr(one, name) for name in cls.model_fields}
        tries = [Attempt(at=each.at, status=each.status, error=each.error, ms=each.ms) for each in one.tries]
        return cls(**{**shown, "tries": tries})


class DeliveryWithBody(Delivery):
    """A message as it is signed and sent."""

    body: str


class Deliveries(BaseModel):
    """A page of the log, the newest first."""

    deliveries: list[Delivery]
    next: Annotated[int | None, Field(description="The `before` of the next page; null on the last.")]


class Replayed(BaseModel):
    """How many messages are sent again."""

    replayed: int


REFUSALS = {
    401: "There is no key, or one that is unknown or revoked.",
    429: "Too many requests; `Retry-After` says when to come again.",
}
BAD = {400: "Something cannot be used; the problem names it."}
ONLY_READS = {403: "The key only reads."}
GONE = {404: "There is none of that id that the key reaches."}
NOT_NOW = {409: "Not as things stand: it is switched off, or there are too many."}
ALL = "/webhooks/endpoints"
ONE = f"{ALL}/{{id}}"
LOG = "/webhooks/deliveries"
SENT = f"{LOG}/{{number}}"


def _operation(
    method: str, path: str, name: str, summary: str, answer: object, *refusals: Any, **more: Any
) -> Operation:
    known = REFUSALS | (ONLY_READS if method != "GET" else {})
    for each in refusals:
        known |= each
    return Operation(method, path, name, summary, answer, refusals=known, open_to_all=False, **more)


OPERATIONS = (
    _operation("GET", ALL, "list_endpoints", "Where you are told of changes.", Endpoints),
    _operation(
        *("POST", ALL, "create_endpoint", "Be told of changes at an address."),
        *(WebhookEndpointWithSecret, BAD, NOT_NOW),
        body=requests.EndpointBody,
        status=201,
    ),
    _operation("GET", ONE, "read_endpoint", "One endpoint.", WebhookEndpoint, GONE),
    _operation(
        *("PATCH", ONE, "change_endpoint", "Change an endpoint, or switch it on or off; what is left out stays."),
        *(WebhookEndpoint, BAD, GONE),
        body=requests.ChangeBody,
    ),
    _operation("DELETE", ONE, "delete_endpoint", "Remove an endpoint with its log.", None, GONE, status=204),
    _operation(
        *("POST", f"{ONE}/rotate", "rotate_secret", "Make a new secret; for 24 hours the old one signs beside it."),
        *(WebhookEndpointWithSecret, GONE),
    ),
    _operation(
        *("POST", f"{ONE}/ping", "ping_endpoint", "Send a message that only tries whether it answers."),
        *(Delivery, GONE, NOT_NOW),
        status=202,
    ),
    _operation(
        *("POST", f"{ONE}/replay", "replay_endpoint", "Send again all that was given up, in the order it happened."),
        *(Replayed, GONE, NOT_NOW),
        status=202,
    ),
    _operation("GET", LOG, "list_deliveries", "Search the log.", Deliveries, BAD, query=requests.DeliveriesQuery),
    _operation("GET", SENT, "read_delivery", "One message.", DeliveryWithBody, GONE),
    _operation(
        *("POST", f"{SENT}/replay", "replay_delivery", "Send a message again, under the same id."),
        *(Delivery, GONE, NOT_NOW),
        status=202,
    ),
)
TOLD = (
    Told("booking.*", "A booking of yours changed, whoever changed it.", messages.BookingEvent),
    Told("availability.updated", "Places of a slot were taken or given back.", messages.AvailabilityEvent),
    Told("product.*", "A product you may sell changed, or cannot be sold any more.", messages.ProductEvent),
    Told("listing.*", "Facts, texts or pictures of a place changed, or it is gone.", messages.ListingEvent),
    Told("webhook.ping", "Asked for, to try whether an endpoint answers.", messages.Ping),
)
