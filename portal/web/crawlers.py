"""Sitemaps, robots.txt, the web app manifest and the service worker."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from flask import Blueprint, Response, abort, current_app, jsonify, make_response, render_template, url_for

from portal.catalog.facts import KINDS
from portal.catalog.selection import Selection
from portal.languages.model import Language
from portal.web.addresses import absolute
from portal.web.context import PREFERENCE, language, languages, services
from portal.web.formats import in_reader_language
from portal.web.templating import static

LISTINGS = 2_000
"""How many listings a sitemap names: of 50,000 addresses and 50 MB that the standard allows, twelve languages a page
leave room for about 30,000, and no reader of a page should wait while one is made."""

blueprint = Blueprint("crawlers", __name__)

Entry = tuple[str, str | None, tuple[Language, ...]]
"""A page's address without its language, its day of change, and the languages it exists in."""


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Tell crawlers where the sitemap is and what leads nowhere."""
    lines = ["User-agent: *", "Disallow: /*/choose", "Disallow: /*/book/", "Disallow: /*/bookings/", "Disallow: /octo/"]
    lines += ["", f"Sitemap: {absolute(url_for('crawlers.sitemap_index'))}", ""]
    return _typed("\n".join(lines), "text/plain")


@blueprint.get("/sitemap.xml")
def sitemap_index() -> Response:
    """List the sitemaps, one a language, or several where there are many listings."""
    parts = range(1, _parts() + 1)
    return _typed(render_template("sitemap_index.xml", languages=languages(), parts=parts), "application/xml")


@blueprint.get("/sitemap-<language:language>.xml", defaults={"part": 1})
@blueprint.get("/sitemap-<language:language>-<int:part>.xml")
def sitemap(part: int) -> Response:
    """List the pages that exist in one language, or a part of them, with their other languages."""
    if not 1 <= part <= _parts():
        abort(404)
    here = [entry for entry in _entries(part) if language() in entry[2]]
    return _typed(render_template("sitemap.xml", entries=here, language=language()), "application/xml")


def _parts() -> int:
    return max(1, ceil(services().catalog.count(Selection()) / LISTINGS))


@blueprint.get("/manifest.webmanifest")
def manifest() -> Response:
    """Describe the portal to a phone that puts it on its home screen, in the reader's language."""
    icons = {f"{size}x{size}": static(f"icons/icon-{size}.png") for size in (192, 512)}
    answer = jsonify(
        name=in_reader_language(services().catalog.site().names),
        lang=language().tag,
        dir=language().direction,
        start_url="/",
        display="minimal-ui",
        background_color="#fbf6ec",
        theme_color="#164c57",
        icons=[
            {"src": src, "sizes": sizes, "type": "image/png", "purpose": "any maskable"} for sizes, src in icons.items()
        ],
    )
    answer.mimetype = "application/manifest+json"
    answer.vary.update(PREFERENCE)
    return answer


@blueprint.get("/driver-cards.js")
def driver_cards() -> Response:
    """Send the service worker from the root, so that it may answer for pages below it."""
    return current_app.send_static_file("js/driver-cards.js")


def _entries(part: int) -> Iterator[Entry]:
    """Yield the pages of a part: the first has those that are no listings too."""
    spoken = tuple(languages())
    if part == 1:
        for page in ("", *(f"{kind}/" for kind in KINDS), "map/", "districts/"):
            yield page, None, spoken
        for slug in services().catalog.districts():
            yield f"districts/{slug}/", None, spoken
    for identity, modified, tags in services().catalog.addresses((part - 1) * LISTINGS, LISTINGS):
        yield f"{identity}/", modified, tuple(language for language in spoken if language.tag in tags)


def _typed(text: str, mimetype: str) -> Response:
    answer = make_response(text)
    answer.mimetype = mimetype
    return answer
