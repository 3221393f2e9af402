"""What a message says: everything about a change, or in OCTO's way only where to look. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from portal.bookings.availability import Slot
from portal.bookings.model import Booking
from portal.bookings.products import Product
from portal.octo import objects
from portal.octo.objects import View
from portal.webhooks.model import NOTIFICATIONS, Form, Json

DEFAULT_LANGUAGE = "en"
LONG = frozenset({"product", "option", "unit"})
"""Parts of a booking that can be fetched by their ids, left out to keep a message short."""


@dataclass(frozen=True, slots=True)
class Message:
    """Something to tell.

    :ivar subject: what it is about; messages about the same go out one after the other.
    :ivar full, thin: the data, in full and in OCTO's form.
    :ivar partner, supplier: who is told, see `portal.outbox.outbox.Event`.
    :ivar test: told only to endpoints for tests, or only to the others; None for both.
    """

    type: str
    subject: str
    at: datetime
    full: Json
    thin: Json
    partner: int | None = None
    supplier: str | None = None
    test: bool | None = None


def body(message: Message, form: Form) -> str:
    """Return the text that is signed and sent."""
    octo = form is Form.OCTO
    told = {
        "type": NOTIFICATIONS[message.type.partition(".")[0]] if octo else message.type,
        "timestamp": message.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "data": message.thin if octo else message.full,
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def booking(event: str, one: Booking, at: datetime) -> Message:
    """Return the message about a booking, as it stood when the event happened."""
    view = View(one.language or DEFAULT_LANGUAGE, pricing=True)
    full = {key: value for key, value in objects.booking(one, view).items() if key not in LONG}
    items = [{key: value for key, value in item.items() if key not in LONG} for item in full["unitItems"]]
    return Message(
        type=event,
        subject=str(one.uuid),
        at=at,
        full={**full, "unitItems": items},
        thin={"uuid": str(one.uuid)},
        partner=one.partner_id,
        supplier=one.supplier,
        test=one.test,
    )


def availability(product: Product, option_id: str, slots: list[Slot], at: datetime) -> Message:
    """Return the message about slots of one option, as they stand."""
    option = product.terms.option(option_id)
    assert option is not None  # noqa: S101 - who calls took the slots from it
    view = View(DEFAULT_LANGUAGE, pricing=True)
    thin = {
        "productId": product.terms.id,
        "optionId": option_id,
        "localDateStart": min(slot.starts_at for slot in slots).date().isoformat(),
        "localDateEnd": max(slot.starts_at for slot in slots).date().isoformat(),
    }
    told = [objects.availability(slot, option, product.terms.currency, (), view) for slot in slots]
    subject = f"{product.terms.id}/{option_id}/{slots[0].id}"
    full = {**thin, "availability": told}
    return Message("availability.updated", subject, at, full, thin, supplier=product.supplier)


def product(event: str, product_id: str, now: Product | None, supplier: str | None, at: datetime) -> Message:
    """Return the message about a product; `now` is how it stands, None when it is not on sale."""
    thin = {"productId": product_id}
    view = View(DEFAULT_LANGUAGE, pricing=True)
    full = {**thin, "product": objects.product(now.terms, now.listing, view) if now else None}
    return Message(event, product_id, at, full, thin, supplier=supplier)


def listing(event: str, identity: str, base_url: str, at: datetime) -> Message:
    """Return the message about a listing, such as `attractions/tianjin-eye`."""
    kind, _, slug = identity.partition("/")
    data = {"id": identity, "kind": kind, "slug": slug, "url": f"{base_url}/{DEFAULT_LANGUAGE}/{identity}/"}
    return Message(event, identity, at, data, {})


def ping(at: datetime) -> str:
    """Return the text of a message that only tries whether an endpoint answers."""
    moment = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return json.dumps({"type": "webhook.ping", "timestamp": moment, "data": {}}, separators=(",", ":"))
