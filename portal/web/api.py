"""The open data API: `/api/v1`. Errors are RFC 9457 problem documents."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request, url_for

from portal.catalog.facts import KINDS
from portal.catalog.model import Card
from portal.catalog.selection import Selection
from portal.languages.model import Language
from portal.web import parameters
from portal.web.addresses import absolute
from portal.web.context import PREFERENCE, languages, preferred, services
from search.model import Hit, Near, Query

MOST = 100
WINDOW = 10_000

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")


@blueprint.after_request
def vary(response: Response) -> Response:
    """Say what the answer depends on where the address names no language."""
    if not request.args.get("lang"):
        response.vary.update(PREFERENCE)
    return response


@blueprint.get("/search")
def search() -> Response:
    """Find listings: `q`, `lang`, `kind`, `district`, `near=lat,lon`, `radius` in metres, `limit`, `offset`."""
    args = request.args
    reader = _reader()
    point = parameters.coordinates(args)
    radius = parameters.number(args, "radius", 0, least=1, most=500_000)
    limit = parameters.number(args, "limit", 20, least=1, most=MOST)
    results = services().search.search(
        Query(
            text=parameters.query(args),
            language=reader.tag,
            kind=parameters.one_of(args, "kind", KINDS),
            district=parameters.one_of(args, "district", services().catalog.districts()),
            near=Near(*point, radius or None) if point else None,
            limit=limit,
            offset=parameters.number(args, "offset", 0, least=0, most=WINDOW - limit),
        )
    )
    cards = _cards([hit.id for hit in results.hits], reader)
    return jsonify(
        total=results.total,
        results=[_result(cards[hit.id], hit, reader) for hit in results.hits if hit.id in cards],
        suggestions=list(results.suggestions),
        facets={
            "kind": dict(results.facets.kind),
            "district": dict(results.facets.district),
            "tags": dict(results.facets.tags),
        },
        backend=results.backend,
        degraded=results.degraded,
    )


@blueprint.get("/suggest")
def suggest() -> Response:
    """Complete the name that is being typed: `q`, `lang`, `limit`."""
    reader = _reader()
    prefix = parameters.query(request.args)
    limit = parameters.number(request.args, "limit", 8, least=1, most=20)
    found = services().search.suggest(prefix, reader.tag, limit) if prefix else []
    return jsonify(
        suggestions=[
            {"id": item.id, "name": item.name, "language": item.language, "url": _address(item.id, reader)}
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


def _cards(ids: list[str], reader: Language) -> dict[str, Card]:
    if not ids:
        return {}
    cards = services().catalog.cards(Selection(ids=tuple(ids)), reader, limit=len(ids))
    return {card.id: card for card in cards}


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
