"""Pages for visitors: home, lists, a listing, a district, search."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request

from portal.catalog.facts import KINDS, PLACES, PlaceFacts
from portal.catalog.selection import Selection
from portal.web import listing_page, parameters, searching, selecting
from portal.web.context import CHOICE, PREFERENCE, language, languages, preferred, services, today
from portal.web.events import coming, in_order
from portal.web.exporting import exporting
from portal.web.pagination import Page
from portal.web.structured_data import site_data
from portal.web.wording import N_, words

PAGE_SIZE = 24
MAP_SIZE = 500
MAPPED_RESULTS = 100
"""How many results of a search the map shows at once."""
DISTRICTS = "districts"
"""The section of the site that districts are in, as templates call it."""
PLEASE = N_("Please take me here:")
SHELF = 8
"""How many of each kind the home page shows."""
KIND = f"any({', '.join(KINDS)})"
"""The converter of a kind in addresses."""
PLACE = f"any({', '.join(PLACES)})"
"""The converter of a kind of place."""

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
    kinds = {kind: in_order(Selection(kind=kind), limit=SHELF) for kind in KINDS}
    picks = catalog.cards(Selection(ids=tuple(site.home)), language()) if site.home else []
    return render_template(
        "visitors/home.html",
        site=site,
        picks=picks,
        kinds=kinds,
        coming=coming("events"),
        districts=catalog.districts(),
        district_counts=catalog.facet("district", Selection()),
        data=site_data(site),
    )


@blueprint.get(f"/<language:language>/<{KIND}:kind>/")
def listings(kind: str) -> str:
    """Show the listings of a kind, narrowed and sorted as the address says; events by their next day."""
    wish = selecting.wish(request.args, kind=kind)
    return render_template("visitors/list.html", kind=kind, coming=coming(kind), **_list(wish))


def _list(wish: selecting.Wish, size: int = PAGE_SIZE) -> dict[str, Any]:
    """Return a page of a list, with the choices there are and what each would give."""
    catalog, selection = services().catalog, wish.selection
    page = Page(parameters.page(request.args), size, catalog.count(selection))
    if page.beyond_last:
        abort(404)
    shown = {
        "wish": wish,
        "selection": selection,
        "page": page,
        "cards": in_order(selection, limit=page.size, offset=page.offset),
        "districts": catalog.districts(),
    }
    return shown if exporting() else shown | _choices(selection)


def _choices(selection: Selection) -> dict[str, Any]:
    """Return what the form of a list offers."""
    catalog = services().catalog
    return {
        "tags": catalog.tags(),
        "centres": {slug: selecting.point(district.center) for slug, district in catalog.districts().items()},
        "counts": catalog.facets(selection),
        "has_hours": catalog.has_hours(selection),
        "open_now": selecting.open_now(selection),
        "bookable": selecting.bookable(selection),
        "today": today(),
    }


@blueprint.get(f"/<language:language>/<{KIND}:kind>/<slug>/")
def listing(kind: str, slug: str) -> str:
    """Show one listing."""
    shown = services().catalog.listing(kind, slug, language())
    if shown is None:
        abort(404)
    template, context = listing_page.page(shown)
    return render_template(template, **context)


@blueprint.get(f"/<language:language>/<{PLACE}:kind>/<slug>/driver")
def driver(kind: str, slug: str) -> str:
    """Show a place's name and address to a driver, in the local language and large."""
    shown = services().catalog.listing(kind, slug, language())
    if shown is None or not isinstance(shown.facts, PlaceFacts):
        abort(404)
    please = words(services().settings.translations, languages().source.tag)["_"](PLEASE)
    return render_template("visitors/driver.html", listing=shown, phones=shown.facts.phones, please=please)


@blueprint.get("/<language:language>/map/")
def map() -> str:
    """Show places on a map and as a list beside it; without JavaScript, the list."""
    kind = parameters.one_of(request.args, "kind", PLACES)
    wish = selecting.wish(request.args, kind=kind, mapped=True)
    settings = services().settings
    return render_template(
        "visitors/map.html",
        section="map",
        tiles=settings.tiles,
        tiles_attribution=settings.tiles_attribution,
        **_list(wish, MAP_SIZE),
    )


@blueprint.get("/<language:language>/districts/")
def districts() -> str:
    """Show all districts."""
    catalog = services().catalog
    return render_template(
        "visitors/districts.html",
        section=DISTRICTS,
        districts=catalog.districts(),
        district_counts=catalog.facet("district", Selection()),
    )


@blueprint.get("/<language:language>/districts/<slug>/")
def district(slug: str) -> str:
    """Show a district and what it has."""
    catalog = services().catalog
    shown = catalog.district(slug)
    if shown is None:
        abort(404)
    wish = selecting.wish(request.args, district=slug)
    return render_template("visitors/district.html", section=DISTRICTS, slug=slug, district=shown, **_list(wish))


@blueprint.get("/<language:language>/search")
def search() -> Response:
    """Find listings by words, as a list or on the map."""
    catalog = services().catalog
    number = parameters.number(request.args, "page", 1, least=1, most=100)
    mapped = parameters.one_of(request.args, "view", ["map"]) is not None
    size = MAPPED_RESULTS if mapped else PAGE_SIZE
    wish = searching.wanted(request.args, language(), limit=size, offset=(number - 1) * size)
    answered = searching.answer(wish.query, language())
    results, found = answered.results, answered.found
    page = Page(number, size, results.total)
    if page.beyond_last:
        abort(404)
    popular = [] if found else catalog.cards(Selection(ids=tuple(catalog.site().home)), language())
    answer = make_response(
        render_template(
            "visitors/search.html",
            words=wish.query.text,
            wish=wish,
            values=dict(wish.values),
            mapped=mapped,
            tags=catalog.tags(),
            tag_counts=catalog.facets(Selection())["tag"],
            centres={slug: selecting.point(item.center) for slug, item in catalog.districts().items()},
            results=results,
            found=found,
            near=answered.near,
            popular=popular,
            page=page,
            tiles=services().settings.tiles,
            tiles_attribution=services().settings.tiles_attribution,
        )
    )
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
