"""Sitemaps, robots.txt, the web app manifest and the service worker."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Response, current_app, jsonify, make_response, render_template, url_for

from portal.catalog.facts import KINDS
from portal.languages.model import Language
from portal.web.addresses import absolute
from portal.web.context import PREFERENCE, language, languages, services
from portal.web.formats import in_reader_language
from portal.web.templating import static

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
    """List the sitemaps, one a language."""
    return _typed(render_template("sitemap_index.xml", languages=languages()), "application/xml")


@blueprint.get("/sitemap-<language:language>.xml")
def sitemap() -> Response:
    """List every page that exists in one language, with its other languages."""
    here = [entry for entry in _entries() if language() in entry[2]]
    return _typed(render_template("sitemap.xml", entries=here, language=language()), "application/xml")


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


def _entries() -> Iterator[Entry]:
    spoken = tuple(languages())
    yield "", None, spoken
    for kind in KINDS:
        yield f"{kind}/", None, spoken
    yield "map/", None, spoken
    yield "districts/", None, spoken
    for slug in services().catalog.districts():
        yield f"districts/{slug}/", None, spoken
    for identity, modified, tags in services().catalog.addresses():
        yield f"{identity}/", modified, tuple(language for language in spoken if language.tag in tags)


def _typed(text: str, mimetype: str) -> Response:
    answer = make_response(text)
    answer.mimetype = mimetype
    return answer
