"""Pages for visitors: home, lists, a listing, a district, search."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request

from portal.catalog import hours
from portal.catalog.model import Card, Selection
from portal.catalog.schema import KINDS
from portal.languages.model import Language
from portal.languages.scripts import with_tones
from portal.web import parameters
from portal.web.context import CHOICE, PREFERENCE, language, preferred, services
from portal.web.formats import in_reader_language
from portal.web.pagination import Page
from portal.web.structured_data import listing_data, site_data
from search.model import Query, Results

PAGE_SIZE = 24
NEARBY = 3
YEAR = 365 * 24 * 3600

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
        CHOICE, language().path, max_age=YEAR, httponly=True, samesite="Lax", secure=services().settings.secure
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer  # type: ignore[return-value]


@blueprint.get("/<language:language>/")
def home() -> str:
    """Show the city at a glance."""
    catalog = services().catalog
    site = catalog.site()
    kinds = {kind: catalog.cards(Selection(kind=kind), language(), limit=6) for kind in KINDS}
    picks = catalog.cards(Selection(ids=tuple(site.home)), language()) if site.home else []
    return render_template(
        "visitors/home.html",
        site=site,
        picks=picks,
        kinds=kinds,
        districts=catalog.districts(),
        district_counts=catalog.facets(Selection())["district"],
        data=site_data(site),
    )


@blueprint.get("/<language:language>/<any(attractions, dining, entertainment):kind>/")
def listings(kind: str) -> str:
    """Show the listings of a kind, narrowed by district and tag."""
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
        cards=catalog.cards(selection, language(), limit=page.size, offset=page.offset),
        districts=districts,
        tags=tags,
        district_counts=catalog.facets(Selection(kind=kind, tag=selection.tag))["district"],
        tag_counts=catalog.facets(Selection(kind=kind, district=selection.district))["tag"],
    )


@blueprint.get("/<language:language>/<any(attractions, dining, entertainment):kind>/<slug>/")
def listing(kind: str, slug: str) -> str:
    """Show one listing."""
    catalog = services().catalog
    shown = catalog.listing(kind, slug, language())
    if shown is None:
        abort(404)
    site = catalog.site()
    district = catalog.district(shown.facts.district)
    tags = {tag: names for tag, names in catalog.tags().items() if tag in shown.facts.tags}
    today = services().clock().astimezone(ZoneInfo(site.timezone)).date()
    week = hours.week(shown.facts.opening_hours, today) if shown.facts.opening_hours else ()
    return render_template(
        "visitors/listing.html",
        listing=shown,
        text_language=services().catalog.languages.get(shown.language),
        district=district,
        tags=tags,
        week=week,
        pinyin=with_tones(shown.local.name) if shown.local_language.startswith("zh") else "",
        products=shown.facts.booking,
        nearby=_nearby(shown.id, shown.facts.district),
        data=listing_data(shown, site, in_reader_language(district.names) if district else None, week),
        exists_in=shown.translations,
        fallback=shown.language != language().tag,
    )


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


def _nearby(identity: str, district: str) -> list[Card]:
    cards = services().catalog.cards(Selection(district=district), language(), limit=NEARBY + 1)
    return [card for card in cards if card.id != identity][:NEARBY]
