"""`listing.yaml`: what a listing of each kind states that needs no translation. docs/content.md tells it to people."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Literal

import phonenumbers
from pydantic import AfterValidator, Field, JsonValue, StringConstraints

from portal.catalog import hours, recurrence
from portal.catalog.place_types import PLACE_TYPES
from portal.catalog.schema import Line, Location, Slug, Source, Strict, WebAddress
from portal.languages.names import Tag

PICTURE = r"^[a-z0-9][a-z0-9.-]*\.(svg|jpg|jpeg|png|webp|avif)$"
PICTURE_NAME = re.compile(PICTURE)
PictureFile = Annotated[str, StringConstraints(pattern=PICTURE)]
ListingId = Annotated[str, StringConstraints(pattern=r"^[a-z]+/[a-z0-9-]+$")]


def _e164(text: str) -> str:
    try:
        number = phonenumbers.parse(text)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) != text:
        raise ValueError("expected a phone number in E.164 form, such as +862212345678")
    return text


def _place_type(text: str) -> str:
    if text not in PLACE_TYPES:
        raise ValueError("expected a type of place of schema.org, such as TouristAttraction or Restaurant")
    return text


class Price(Strict):
    """`level` 1 (cheap) to 4; `from` is the lowest price in minor units of `currency` (ISO 4217)."""

    level: int | None = Field(default=None, ge=1, le=4)
    lowest: int | None = Field(default=None, alias="from", ge=0)
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = "CNY"


class Focus(Strict):
    """The point of a picture that stays in view when it is cut: per cent of its width from the left, of its height
    from the top.
    """

    x: int = Field(ge=0, le=100)
    y: int = Field(ge=0, le=100)


class Image(Strict):
    """A picture beside the listing's texts; `width` and `height` in pixels."""

    file: PictureFile
    width: int = Field(ge=1, le=20_000)
    height: int = Field(ge=1, le=20_000)
    credit: Line
    licence: Line
    focus: Focus | None = None


class Facts(Strict):
    """What every kind of listing has. `booking` is checked by the bookings' own models.

    `position` is where it stands in lists, before those without one. `share_image` is a picture of 1200 × 630 pixels
    for links that are passed on.
    """

    district: Slug | None = None
    location: Location | None = None
    position: int | None = Field(default=None, ge=1, le=999)
    tags: list[Slug] = Field(default=[])
    images: list[Image] = Field(default=[])
    share_image: PictureFile | None = None
    sources: list[Source]
    booking: list[dict[str, JsonValue]] = Field(default=[])

    @property
    def pictures(self) -> list[str]:
        """The names of all its picture files."""
        return [*(image.file for image in self.images), *filter(None, [self.share_image])]

    @property
    def leads_to(self) -> list[str]:
        """The ids of the listings it sends readers to, in order."""
        return []


class PlaceFacts(Facts):
    """A place to go to."""

    subtype: Annotated[str, AfterValidator(_place_type)]
    district: Slug
    opening_hours: Annotated[str, AfterValidator(hours.check)] | None = None
    price: Price | None = None
    phones: list[Annotated[str, AfterValidator(_e164)]] = Field(default=[])
    website: WebAddress | None = None
    accessibility: list[Literal["step-free", "accessible-toilet", "lift", "wheelchair-loan", "hearing-loop"]] = Field(
        default=[]
    )
    languages_spoken: list[Tag] = Field(default=[])
    payment: list[Literal["alipay", "wechat-pay", "cash", "unionpay", "foreign-card"]] = Field(default=[])
    passport_needed: bool | None = None


class EventFacts(Facts):
    """What comes round every year. `days` is how long it lasts; an `approximate` rule names the season."""

    recurrence: Annotated[str, AfterValidator(recurrence.check)]
    days: int = Field(default=1, ge=1, le=120)
    approximate: bool = False
    places: list[ListingId] = Field(default=[])

    @property
    def leads_to(self) -> list[str]:
        """Where it is met with."""
        return self.places


class Stop(Strict):
    """A place on the way and how long to stay, in minutes."""

    place: ListingId
    minutes: int = Field(ge=5, le=1440)


class ItineraryFacts(Facts):
    """A way through the city, in order."""

    days: int = Field(default=1, ge=1, le=30)
    stops: list[Stop] = Field(min_length=2)

    @property
    def leads_to(self) -> list[str]:
        """The places of its stops."""
        return [stop.place for stop in self.stops]


class GuideFacts(Facts):
    """Something to know before or during a journey."""

    places: list[ListingId] = Field(default=[])

    @property
    def leads_to(self) -> list[str]:
        """The places it speaks of."""
        return self.places


PLACES = ("attractions", "dining", "entertainment")
"""The kinds that are places, with an address."""

FACTS: Mapping[str, type[Facts]] = MappingProxyType(
    {**dict.fromkeys(PLACES, PlaceFacts), "events": EventFacts, "itineraries": ItineraryFacts, "guides": GuideFacts}
)
"""The model of each kind's facts."""

KINDS = tuple(FACTS)
"""The kinds of listing, in the order pages show them; each is a folder of content and a segment of addresses."""
