"""The shape of the content directory's files. docs/content.md tells it to people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, UnknownLocaleError
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    HttpUrl,
    StringConstraints,
    model_validator,
)

from portal.catalog.markdown import to_plain
from portal.languages.model import Language, Languages
from portal.languages.names import Tag

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=600, pattern=r"^[^\n\r]+$")]
Paragraph = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000, pattern=r"^[^\n]+$")]
Names = Annotated[Mapping[Tag, Line], Field(min_length=1)]


def _date(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise ValueError("expected a date such as 2026-10-01") from error


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


Day = Annotated[str, AfterValidator(_date)]
WebAddress = Annotated[str, AfterValidator(_web_address)]


class Strict(BaseModel):
    """No coercion, no unknown keys: a slip in a file is reported, not guessed at."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Location(Strict):
    """A point in WGS-84 degrees and how far off it may be, in metres."""

    lat: float = Field(ge=-90, le=90)
    lon: float = Field(ge=-180, le=180)
    precision_m: int = Field(default=100, ge=1, le=50_000)


class Source(Strict):
    """Something that was opened and read for a listing's facts, and when."""

    title: Line
    url: WebAddress
    read: Day


class TranslatedFrom(Strict):
    """What a translation was made from: field name to the first 12 digits of the source text's hash.

    `machine` are the fields that a machine translated and nobody has looked at.
    """

    language: Tag
    revision: Mapping[str, Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{12}$")]]
    machine: list[Line] = []


class FrontMatter(Strict):
    """The head of a language file."""

    name: Line
    other_names: list[Line] = []
    summary: Line
    tips: list[Line] = []
    alt: Mapping[str, Line] = {}
    translated_from: TranslatedFrom | None = None


class PlaceFrontMatter(FrontMatter):
    """The head of a place's language file."""

    address: Line
    directions: Line


class Text(FrontMatter):
    """A language file, its Markdown made into safe HTML (`body`)."""

    address: str = ""
    directions: str = ""
    body: str

    @property
    def plain(self) -> str:
        """The words of the body, a line a block."""
        return to_plain(self.body)


class District(Strict):
    """`districts/<slug>.yaml`.

    :param other_names: what else people call it, by language; the search knows it by these too.
    """

    names: Names
    other_names: Mapping[Tag, list[Line]] = {}
    summary: Mapping[Tag, Line] = {}
    description: Mapping[Tag, Paragraph] = {}
    center: Location
    sources: list[Source]


class TagNames(Strict):
    """`tags/<slug>.yaml`."""

    names: Names


class Synonyms(Strict):
    """`synonyms/<language>.yaml`: words of a search that stand for one another, that only ask, that ask for advice, for
    what is near to a place, or for a whole kind of listings there.
    """

    synonyms: list[Annotated[list[Line], Field(min_length=2, max_length=40)]] = Field(default=[], max_length=2000)
    asking: list[Line] = Field(default=[], max_length=2000)
    advice: list[Line] = Field(default=[], max_length=200)
    near: list[Line] = Field(default=[], max_length=200)
    kinds: dict[Literal["attractions", "dining", "entertainment"], list[Line]] = {}


class Closures(Strict):
    """`closures.yaml`: corrections to the public holidays and make-up working days that the calendar library knows."""

    holidays: list[Day] = []
    working_days: list[Day] = []
    ordinary_days: list[Day] = []
    sources: list[Source] = []

    @model_validator(mode="after")
    def _agrees(self) -> Closures:
        days = [*self.holidays, *self.working_days, *self.ordinary_days]
        if twice := sorted({day for day in days if days.count(day) > 1}):
            raise ValueError(f"expected each day once, not again: {', '.join(twice)}")
        return self


class SiteLanguage(Strict):
    """One of the portal's languages, its name in itself, and whose dates and times it writes."""

    tag: Annotated[Tag, AfterValidator(_known_language)]
    name: Line
    region: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] | None = None


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

    @property
    def spoken(self) -> Languages:
        """The languages of the portal."""
        spoken = {item.tag: Language(item.tag, item.name, item.region) for item in self.languages}
        return Languages(tuple(spoken.values()), spoken[self.source_language])

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
