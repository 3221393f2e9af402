"""The shape of the content directory's files. docs/content.md tells it to people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers
from babel import Locale, UnknownLocaleError
from opening_hours import validate as is_opening_hours
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    HttpUrl,
    JsonValue,
    StringConstraints,
    model_validator,
)

from portal.catalog.place_types import PLACE_TYPES

KINDS = ("attractions", "dining", "entertainment")
"""The kinds of listing, in the order pages show them; each is a folder of content and a segment of addresses."""

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Tag = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z][a-z]{3})?$")]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=600, pattern=r"^[^\n\r]+$")]
Names = Annotated[Mapping[Tag, Line], Field(min_length=1)]
Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]


def _osm_hours(text: str) -> str:
    if not is_opening_hours(text):
        raise ValueError("expected opening hours in OpenStreetMap syntax, such as Mo-Su 09:00-17:00")
    return text


def _e164(text: str) -> str:
    try:
        number = phonenumbers.parse(text)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) != text:
        raise ValueError("expected a phone number in E.164 form, such as +862212345678")
    return text


def _web_address(text: str) -> str:
    HttpUrl(text)
    return text


def _timezone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("expected a time zone of the IANA database, such as Asia/Shanghai") from error
    return text


def _known_language(tag: str) -> str:
    try:
        Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError) as error:
        raise ValueError("expected a language the CLDR knows, such as zh-Hans or en") from error
    return tag


def _place_type(text: str) -> str:
    if text not in PLACE_TYPES:
        raise ValueError("expected a type of place of schema.org, such as TouristAttraction or Restaurant")
    return text


WebAddress = Annotated[str, AfterValidator(_web_address)]


class Strict(BaseModel):
    """No coercion, no unknown keys: a slip in a file is reported, not guessed at."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Location(Strict):
    """A point in WGS-84 degrees and how far off it may be, in metres."""

    lat: float = Field(ge=-90, le=90)
    lon: float = Field(ge=-180, le=180)
    precision_m: int = Field(default=100, ge=1, le=50_000)


class Price(Strict):
    """`level` 1 (cheap) to 4; `from` is the lowest price in minor units of `currency` (ISO 4217)."""

    level: int | None = Field(default=None, ge=1, le=4)
    lowest: int | None = Field(default=None, alias="from", ge=0)
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = "CNY"


class Image(Strict):
    """A picture beside the listing's texts; `width` and `height` in pixels."""

    file: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]*\.(svg|jpg|jpeg|png|webp|avif)$")]
    width: int = Field(ge=1, le=20_000)
    height: int = Field(ge=1, le=20_000)
    credit: Line
    licence: Line


class Source(Strict):
    """Something that was opened and read for a listing's facts, and when."""

    title: Line
    url: WebAddress
    read: Day


class Facts(Strict):
    """`listing.yaml`: what needs no translation. `booking` is checked by the bookings' own models."""

    subtype: Annotated[str, AfterValidator(_place_type)]
    district: Slug
    location: Location | None = None
    opening_hours: Annotated[str, AfterValidator(_osm_hours)] | None = None
    price: Price | None = None
    phones: list[Annotated[str, AfterValidator(_e164)]] = []
    website: WebAddress | None = None
    tags: list[Slug] = []
    accessibility: list[Literal["step-free", "accessible-toilet", "lift", "wheelchair-loan", "hearing-loop"]] = []
    languages_spoken: list[Tag] = []
    payment: list[Literal["alipay", "wechat-pay", "cash", "unionpay", "foreign-card"]] = []
    passport_needed: bool | None = None
    images: list[Image] = []
    sources: list[Source]
    booking: list[dict[str, JsonValue]] = []


class TranslatedFrom(Strict):
    """What a translation was made from: field name to the first 12 digits of the source text's hash."""

    language: Tag
    revision: Mapping[str, Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{12}$")]]


class FrontMatter(Strict):
    """The head of a language file."""

    name: Line
    other_names: list[Line] = []
    summary: Line
    address: Line
    directions: Line
    tips: list[Line] = []
    alt: Mapping[str, Line] = {}
    translated_from: TranslatedFrom | None = None


class Text(FrontMatter):
    """A language file, its Markdown made into safe HTML (`body`) and into plain text (`plain`)."""

    body: str
    plain: str


class District(Strict):
    """`districts/<slug>.yaml`."""

    names: Names
    summary: Mapping[Tag, Line] = {}
    center: Location
    sources: list[Source]


class TagNames(Strict):
    """`tags/<slug>.yaml`."""

    names: Names


class SiteLanguage(Strict):
    """One of the portal's languages and its name in itself."""

    tag: Annotated[Tag, AfterValidator(_known_language)]
    name: Line


class Site(Strict):
    """`site.yaml`: what the portal is called, the languages it speaks, what its home page shows first."""

    names: Names
    tagline: Names
    city: Names
    source_language: Tag
    languages: list[SiteLanguage] = Field(min_length=1)
    home: list[Annotated[str, StringConstraints(pattern=r"^[a-z]+/[a-z0-9-]+$")]] = []
    timezone: Annotated[str, AfterValidator(_timezone)]
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    content_licence: Line

    @model_validator(mode="after")
    def _agrees(self) -> Site:
        tags = [language.tag for language in self.languages]
        if len(set(tags)) < len(tags):
            raise ValueError("languages: expected each tag once")
        if self.source_language not in tags:
            raise ValueError(f"source_language: expected one of languages: {', '.join(tags)}")
        for field in ("names", "tagline", "city"):
            if self.source_language not in getattr(self, field):
                raise ValueError(f"{field}: expected one in the source language, {self.source_language}")
        return self
