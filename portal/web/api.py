"""The open data API: `/api/v1`. Errors are RFC 9457 problem documents."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request, url_for

from portal.catalog.model import Card
from portal.languages.model import Language
from portal.web import credentials, limiting, parameters, searching
from portal.web.addresses import absolute
from portal.web.context import PREFERENCE, languages, preferred, services
from portal.web.openapi.data import data_document
from portal.web.wording import words
from search.model import Facets, Hit

MOST = 100
WINDOW = 10_000

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")


blueprint.after_request(limiting.tell)


@blueprint.before_request
def count() -> None:
    """Count the request: by its key, or without one by where it comes from."""
    try:
        credentials.credential()
    except credentials.NoKey:
        limiting.count_anonymous()


@blueprint.after_request
def vary(response: Response) -> Response:
    """Say what the answer depends on where the address names no language."""
    if not request.args.get("lang"):
        response.vary.update(PREFERENCE)
    return response


@blueprint.get("/openapi.json")
def describe() -> Response:
    """Return what this interface offers, as OpenAPI 3.1."""
    return jsonify(data_document(services().settings.base_url))


@blueprint.get("/search")
def search() -> Response:
    """Find listings: `q`, `lang`, `kind`, `district`, `tag`, `price`, `open=now`, `bookable=1`, `near=lat,lon`,
    `radius` in metres, `sort=nearest`, `limit`, and `cursor` (the `next` of the page before) or `offset`.
    """
    args = request.args
    reader = _reader()
    limit = parameters.number(args, "limit", 20, least=1, most=MOST)
    offset = parameters.number(args, "offset", 0, least=0, most=WINDOW - limit)
    for needs_place in ("sort", "radius"):
        if args.get(needs_place) and not args.get("near"):
            raise parameters.BadParameter("near", f"expected with {needs_place}={args[needs_place]}")
    answered = searching.answer(searching.wanted(args, reader, limit=limit, offset=offset).query, reader)
    results = answered.results
    return jsonify(
        total=results.total,
        results=[_result(card, hit, reader) for card, hit in answered.found],
        near=_near(answered.near, reader),
        suggestions=list(results.suggestions),
        match=results.match,
        facets=_facets(results.facets),
        next=results.next,
        backend=results.backend,
        degraded=results.degraded,
    )


def _facets(facets: Facets) -> dict[str, Any]:
    return {
        "kind": dict(facets.kind),
        "district": dict(facets.district),
        "tags": dict(facets.tags),
        "price": {str(level): number for level, number in facets.price.items()},
        "open_now": facets.open_now,
        "bookable": facets.bookable,
    }


@blueprint.get("/suggest")
def suggest() -> Response:
    """Complete the name that is being typed: `q`, `lang`, `limit`."""
    reader = _reader()
    prefix = parameters.query(request.args)
    limit = parameters.number(request.args, "limit", 8, least=1, most=20)
    found = services().search.suggest(prefix, reader.tag, limit) if prefix else []
    kinds = words(services().settings.translations, reader.tag)["KIND_NAMES"]
    return jsonify(
        suggestions=[
            {
                "id": item.id,
                "name": item.name,
                "language": item.language,
                "url": _address(item.id, reader),
                "note": kinds.get(item.id.partition("/")[0], ""),
            }
            for item in found
        ]
    )


def _reader() -> Language:
    """Return the language asked for, in any spelling; without one, the reader's own.

    :raises BadParameter: when the portal does not speak it.
    """
    wanted = request.args.get("lang", "")
    if not wanted:
        return preferred()
    found = languages().get(wanted)
    if found is None:
        raise parameters.BadParameter("lang", f"expected one of {', '.join(languages().tags)}")
    return found


def _near(place: Card | None, reader: Language) -> dict[str, Any] | None:
    if place is None:
        return None
    return {
        "id": place.id,
        "name": place.name,
        "language": place.language,
        "url": _address(place.id, reader),
    }


def _result(card: Card, hit: Hit, reader: Language) -> dict[str, Any]:
    return {
        "id": card.id,
        "kind": card.kind,
        "slug": card.slug,
        "name": card.name,
        "local_name": card.local_name,
        "summary": card.summary,
        "language": card.language,
        "district": card.district,
        "bookable": card.bookable,
        "location": {"lat": card.location.lat, "lon": card.location.lon} if card.location else None,
        "url": _address(card.id, reader),
        "highlight": [{"text": text, "marked": marked} for text, marked in hit.highlight or ()],
        "distance_m": None if hit.distance_m is None else round(hit.distance_m),
    }


def _address(identity: str, reader: Language) -> str:
    kind, _, slug = identity.partition("/")
    return absolute(url_for("visitors.listing", language=reader, kind=kind, slug=slug))
