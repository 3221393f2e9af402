"""The portal's own interface, `/api/v1`, described: open data, and webhooks."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from portal.web.openapi import hooks
from portal.web.openapi.describing import Api, Json, Operation, document


class Location(BaseModel):
    """A point in WGS-84 degrees."""

    lat: float
    lon: float


class Stretch(BaseModel):
    """A stretch of text, marked where it fits the search."""

    text: str
    marked: bool


class Result(BaseModel):
    """A listing that was found; `language` is that of its name and summary."""

    id: Annotated[str, Field(examples=["attractions/tianjin-eye"])]
    kind: str
    slug: str
    name: str
    local_name: Annotated[str | None, Field(description="The name as signs on the spot have it.")]
    summary: str
    language: str
    district: str | None
    bookable: bool
    location: Location | None
    url: Annotated[str, Field(description="Its page.")]
    highlight: list[Stretch]
    distance_m: Annotated[int | None, Field(description="Metres from `near`, a point or a place.")]


class Place(BaseModel):
    """A listing that words of a search name; `language` is that of its name."""

    id: Annotated[str, Field(examples=["attractions/drum-tower"])]
    name: str
    language: str
    url: Annotated[str, Field(description="Its page.")]


class Facets(BaseModel):
    """How many results each choice would give."""

    kind: dict[str, int]
    district: dict[str, int]
    tags: dict[str, int]
    price: dict[str, int]
    open_now: int
    bookable: int


class SearchAnswer(BaseModel):
    """A page of results."""

    total: int
    results: list[Result]
    near: Annotated[Place | None, Field(description="The place that the words say near to, if `near` is not given.")]
    suggestions: Annotated[list[str], Field(description="Names that may have been meant.")]
    match: Annotated[str, Field(description="How the results fit; `exact` unless nothing was found for all as typed.")]
    facets: Facets
    next: Annotated[str | None, Field(description="The `cursor` of the next page; null on the last.")]
    backend: Literal["elasticsearch", "embedded"]
    degraded: Annotated[bool, Field(description="Whether the engine that should have answered could not.")]


class SearchQuery(BaseModel):
    """What to search for."""

    q: Annotated[str, Field(max_length=200, description="Words, in any of the twelve languages.")] = ""
    lang: Annotated[str, Field(description="The reader's language, such as `zh-Hans`; else negotiated.")] = ""
    kind: Annotated[str, Field(description="A section, such as `attractions`.")] = ""
    district: Annotated[str, Field(description="A district, such as `heping`.")] = ""
    tag: Annotated[list[str], Field(description="Themes; all of them must fit.")] = []
    price: Annotated[Literal["", "1", "2", "3", "4"], Field(description="A level of prices.")] = ""
    open: Annotated[Literal["", "now"], Field(description="Only what is open now.")] = ""
    bookable: Annotated[Literal["", "1"], Field(description="Only what can be booked.")] = ""
    near: Annotated[str, Field(description="A point, `lat,lon` in WGS-84 degrees.")] = ""
    radius: Annotated[int, Field(ge=1, le=500_000, description="Metres around `near`.")] = 1
    sort: Annotated[Literal["", "nearest"], Field(description="Nearest first; needs `near`.")] = ""
    limit: Annotated[int, Field(ge=1, le=100, description="How many results; 20 when left out.")] = 20
    offset: Annotated[int, Field(ge=0, le=9_980, description="How many to skip.")] = 0
    cursor: Annotated[str, Field(description="The `next` of the page before.")] = ""


class Completion(BaseModel):
    """A name that completes what is typed."""

    id: str
    name: str
    language: str
    url: str
    note: Annotated[str, Field(description="The section it is in, in the reader's language.")]


class SuggestAnswer(BaseModel):
    """Names that complete what is typed."""

    suggestions: list[Completion]


class SuggestQuery(BaseModel):
    """What was typed so far."""

    q: Annotated[str, Field(max_length=200)] = ""
    lang: str = ""
    limit: Annotated[int, Field(ge=1, le=20, description="8 when left out.")] = 8


class BadField(BaseModel):
    """A parameter that cannot be used."""

    parameter: str
    detail: str


class Problem(BaseModel):
    """A problem document (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: list[BadField] | None = None


REFUSALS = {
    400: "A parameter cannot be used; the problem names it.",
    401: "The key is unknown or revoked.",
    429: "Too many requests; `Retry-After` says when to come again.",
    503: "Search is not available at the moment.",
}
OPERATIONS = (
    Operation("GET", "/search", "search", "Find listings.", SearchAnswer, query=SearchQuery, refusals=REFUSALS),
    Operation(
        *("GET", "/suggest", "suggest", "Complete a name."), SuggestAnswer, query=SuggestQuery, refusals=REFUSALS
    ),
    Operation("GET", "/openapi.json", "describe", "This document.", dict[str, Any], refusals={429: REFUSALS[429]}),
    *hooks.OPERATIONS,
)


@cache
def data_document(base_url: str) -> Json:
    """Return the document of the portal's own interface."""
    words = (
        "Every listing in twelve languages, open to everybody; with a key, more requests are allowed. "
        "And webhooks with full events, for partners with a key."
    )
    api = Api("Open data and webhooks", words, OPERATIONS, Problem, "application/problem+json", told=hooks.TOLD)
    return document(api, f"{base_url}/api/v1")
