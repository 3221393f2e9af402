"""OCTO as the portal serves it, `/octo`, described."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import BaseModel

from portal.web import octo_requests as requests
from portal.web.openapi import messages
from portal.web.openapi import octo_answers as answers
from portal.web.openapi.describing import Api, Json, Operation, Told, document

REFUSALS = {
    400: "Refused; `error` says what for.",
    429: "Too many requests; `Retry-After` says when to come again.",
    500: "A failure of ours; send the same body, with the same `uuid`, again.",
}
HEADERS = (
    {
        "name": "Octo-Capabilities",
        "in": "header",
        "required": False,
        "description": "Which of `octo/pricing`, `octo/content` shall be on, split by commas.",
        "schema": {"type": "string"},
    },
    {
        "name": "Octo-Env",
        "in": "header",
        "required": False,
        "description": "`test` makes a live key book for test.",
        "schema": {"type": "string"},
    },
)
BOOKING = "/bookings/{uuid}"
SUBSCRIPTIONS = "/notifications/subscriptions"
SUBSCRIPTION = f"{SUBSCRIPTIONS}/{{id}}"


def _asking(path: str, name: str, summary: str, answer: object, query: type[BaseModel] | None = None) -> Operation:
    return Operation("GET", path, name, summary, answer, query=query, refusals=REFUSALS)


def _sending(
    path: str, name: str, summary: str, answer: object, body: type[BaseModel], method: str = "POST"
) -> Operation:
    return Operation(method, path, name, summary, answer, body=body, refusals=REFUSALS)


OPERATIONS = (
    _asking("/supplier", "supplier", "Who this key sells for.", answers.Supplier),
    _asking("/capabilities", "capabilities", "What is offered beyond the core.", list[answers.Capability]),
    _asking("/products", "list_products", "Everything this key may sell.", list[answers.Product]),
    _asking("/products/{id}", "read_product", "One product.", answers.Product),
    _sending(
        *("/availability", "availability", "Slots between two dates, or of some ids."),
        list[answers.Availability],
        requests.AvailabilityBody,
    ),
    _sending(
        *("/availability/calendar", "availability_calendar", "A summary for each day."),
        list[answers.CalendarDay],
        requests.AvailabilityBody,
    ),
    _sending("/bookings", "reserve", "Hold places.", answers.Booking, requests.ReserveBody),
    _asking("/bookings", "list_bookings", "Bookings that match.", list[answers.Booking], requests.ListQuery),
    _asking(BOOKING, "read_booking", "One booking.", answers.Booking),
    _sending(BOOKING, "update", "Change a booking.", answers.Booking, requests.UpdateBody, "PATCH"),
    _sending(f"{BOOKING}/confirm", "confirm", "Turn a hold into a booking.", answers.Booking, requests.ConfirmBody),
    _sending(f"{BOOKING}/cancel", "cancel", "Give the places back.", answers.Booking, requests.CancelBody),
    _sending(f"{BOOKING}/extend", "extend", "Let a hold last longer.", answers.Booking, requests.ExtendBody),
    _sending(*(SUBSCRIPTIONS, "subscribe", "Be told of changes."), answers.MadeSubscription, requests.SubscribeBody),
    _asking(SUBSCRIPTIONS, "list_subscriptions", "Your subscriptions.", list[answers.Subscription]),
    _asking(SUBSCRIPTION, "read_subscription", "One subscription.", answers.Subscription),
    _sending(
        *(SUBSCRIPTION, "change_subscription", "Change a subscription."),
        answers.Subscription,
        requests.ChangeSubscriptionBody,
        "PATCH",
    ),
    Operation(
        *("DELETE", SUBSCRIPTION, "unsubscribe", "End a subscription, and see what it was."),
        answers.Subscription,
        refusals=REFUSALS,
    ),
    Operation(
        *("GET", "/openapi.json", "describe", "This document."),
        dict[str, Any],
        refusals={429: REFUSALS[429]},
        open_to_all=True,
    ),
)
TOLD = (
    Told("BOOKING_UPDATE", "A booking of yours changed, whoever changed it.", messages.BookingUpdate),
    Told("AVAILABILITY_UPDATE", "Places of a slot were taken or given back.", messages.AvailabilityUpdate),
    Told("PRODUCT_UPDATE", "A product you may sell changed, or cannot be sold any more.", messages.ProductUpdate),
    Told("webhook.ping", "Asked for, to try whether an endpoint answers.", messages.Ping),
)


@cache
def octo_document(base_url: str) -> Json:
    """Return the document of OCTO as it is served here."""
    words = "The open standard for tours and activities, supplier side: with prices, contents and notifications."
    api = Api("OCTO", words, OPERATIONS, answers.Refusal, "application/json", HEADERS, key_required=True, told=TOLD)
    return document(api, f"{base_url}/octo")
