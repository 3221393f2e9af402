"""What the portal tells partners of itself, as models: OCTO's notifications, which are thin, and full events."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from portal.web.openapi.octo_answers import Answer, Availability, BookingAlone, Product, Utc


class Message(BaseModel):
    """The frame of every message."""

    timestamp: Annotated[Utc, Field(description="When it happened.")]


class BookingId(Answer):
    """Which booking to fetch."""

    uuid: str


class ProductId(Answer):
    """Which product to fetch."""

    product_id: str


class Dates(ProductId):
    """Of which option, and from which local date to which, availability is to be asked again."""

    option_id: str
    local_date_start: str
    local_date_end: str


class BookingUpdate(Message):
    """OCTO's notification about a booking."""

    type: Literal["BOOKING_UPDATE"]
    data: BookingId


class AvailabilityUpdate(Message):
    """OCTO's notification about places."""

    type: Literal["AVAILABILITY_UPDATE"]
    data: Dates


class ProductUpdate(Message):
    """OCTO's notification about a product."""

    type: Literal["PRODUCT_UPDATE"]
    data: ProductId


class Nothing(BaseModel):
    """An empty object."""


class Ping(Message):
    """A message that only tries whether an endpoint answers."""

    type: Literal["webhook.ping"]
    data: Nothing


class BookingEvent(Message):
    """A booking as the change left it."""

    type: Literal[
        "booking.created",
        "booking.confirmed",
        "booking.updated",
        "booking.pending",
        "booking.rejected",
        "booking.cancelled",
        "booking.expired",
        "booking.redeemed",
    ]
    data: BookingAlone


class Slots(Dates):
    """Slots as they stand."""

    availability: list[Availability]


class AvailabilityEvent(Message):
    """Places of a slot."""

    type: Literal["availability.updated"]
    data: Slots


class ProductNow(ProductId):
    """A product as it stands; null when it is not on sale."""

    product: Product | None


class ProductEvent(Message):
    """A product changed, or cannot be sold any more."""

    type: Literal["product.updated", "product.withdrawn"]
    data: ProductNow


class ListingId(BaseModel):
    """A place, and where its page is."""

    id: Annotated[str, Field(examples=["attractions/tianjin-eye"])]
    kind: str
    slug: str
    url: str


class ListingEvent(Message):
    """Facts, texts or pictures of a place changed, or it is gone."""

    type: Literal["listing.updated", "listing.removed"]
    data: ListingId
