"""Pages for visitors: home, lists, a listing, a district, search."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request

from portal.catalog.facts import KINDS
from portal.catalog.model import Card, Selection
from portal.languages.model import Language
from portal.web import listing_page, parameters
from portal.web.context import CHOICE, PREFERENCE, language, preferred, services
from portal.web.events import coming, in_order
from portal.web.pagination import Page
from portal.web.structured_data import site_data
from search.model import Query, Results

PAGE_SIZE = 24
KIND = f"any({', '.join(KINDS)})"
"""The converter of a kind in addresses."""

blueprint = Blueprint("visitors", __name__)


@blueprint.get("/")
def root() -> Response:
    """Send the reader to the home page in their language."""
    answer = redirect(f"/{preferred().path}/", 302)
    answer.vary.update(PREFERENCE)
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer  # type: ignore[return-value]


@blueprint.get("/<language:language>/choose")
def choose() -> Response:
    """Remember the reader's choice of language and show the page they came from in it."""
    home = f"/{language().path}/"
    to = request.args.get("to", home)
    if not to.startswith(home) or "\\" in to or "\r" in to or "\n" in to:
        raise parameters.BadParameter("to", f"expected a path below {home}")
    answer = redirect(to, 303)
    answer.set_cookie(
        CHOICE,
        language().path,
        max_age=timedelta(days=365),
        httponly=True,
        samesite="Lax",
        secure=services().settings.secure,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer  # type: ignore[return-value]


@blueprint.get("/<language:language>/")
def home() -> str:
    """Show the city at a glance."""
    catalog = services().catalog
    site = catalog.site()
    kinds = {kind: in_order(Selection(kind=kind), limit=6) for kind in KINDS}
    picks = catalog.cards(Selection(ids=tuple(site.home)), language()) if site.home else []
    return render_template(
        "visitors/home.html",
        site=site,
        picks=picks,
        kinds=kinds,
        coming=coming("events"),
        districts=catalog.districts(),
        district_counts=catalog.facets(Selection())["district"],
        data=site_data(site),
    )


@blueprint.get(f"/<language:language>/<{KIND}:kind>/")
def listings(kind: str) -> str:
    """Show the listings of a kind, narrowed by district and tag; events by their next day."""
    catalog = services().catalog
    districts, tags = catalog.districts(), catalog.tags()
    selection = Selection(
        kind=kind,
        district=parameters.one_of(request.args, "district", districts),
        tag=parameters.one_of(request.args, "tag", tags),
    )
    page = Page(parameters.page(request.args), PAGE_SIZE, catalog.count(selection))
    if page.beyond_last:
        abort(404)
    return render_template(
        "visitors/list.html",
        kind=kind,
        selection=selection,
        page=page,
        cards=in_order(selection, limit=page.size, offset=page.offset),
        districts=districts,
        tags=tags,
        coming=coming(kind),
        district_counts=catalog.facets(Selection(kind=kind, tag=selection.tag))["district"],
        tag_counts=catalog.facets(Selection(kind=kind, district=selection.district))["tag"],
    )


@blueprint.get(f"/<language:language>/<{KIND}:kind>/<slug>/")
def listing(kind: str, slug: str) -> str:
    """Show one listing."""
    shown = services().catalog.listing(kind, slug, language())
    if shown is None:
        abort(404)
    template, context = listing_page.page(shown)
    return render_template(template, **context)


@blueprint.get("/<language:language>/districts/")
def districts() -> str:
    """Show all districts."""
    catalog = services().catalog
    return render_template(
        "visitors/districts.html",
        districts=catalog.districts(),
        district_counts=catalog.facets(Selection())["district"],
    )


@blueprint.get("/<language:language>/districts/<slug>/")
def district(slug: str) -> str:
    """Show a district and what it has."""
    catalog = services().catalog
    shown = catalog.district(slug)
    if shown is None:
        abort(404)
    selection = Selection(district=slug)
    page = Page(parameters.page(request.args), PAGE_SIZE, catalog.count(selection))
    if page.beyond_last:
        abort(404)
    cards = catalog.cards(selection, language(), limit=page.size, offset=page.offset)
    return render_template("visitors/district.html", slug=slug, district=shown, page=page, cards=cards)


@blueprint.get("/<language:language>/search")
def search() -> Response:
    """Find listings by words."""
    catalog = services().catalog
    districts = catalog.districts()
    words = parameters.query(request.args)
    kind = parameters.one_of(request.args, "kind", KINDS)
    district = parameters.one_of(request.args, "district", districts)
    number = parameters.number(request.args, "page", 1, least=1, most=100)
    results = services().search.search(
        Query(
            text=words,
            language=language().tag,
            kind=kind,
            district=district,
            limit=PAGE_SIZE,
            offset=(number - 1) * PAGE_SIZE,
        )
    )
    page = Page(number, PAGE_SIZE, results.total)
    if page.beyond_last:
        abort(404)
    answer = make_response(
        render_template(
            "visitors/search.html",
            words=words,
            kind=kind,
            district=district,
            districts=districts,
            results=results,
            found=_found(results, language()),
            page=page,
        )
    )
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _found(results: Results, reader: Language) -> list[tuple[Card, object]]:
    """Return the cards of hits that the catalog still has, each with its hit, best first."""
    ids = tuple(hit.id for hit in results.hits)
    cards = services().catalog.cards(Selection(ids=ids), reader, limit=len(ids)) if ids else []
    hits = {hit.id: hit for hit in results.hits}
    return [(card, hits[card.id]) for card in cards]
