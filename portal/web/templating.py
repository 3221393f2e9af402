"""What every template can name."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, Response, current_app, g, request

from portal.languages.model import Language
from portal.web import open_state
from portal.web.addresses import absolute, switch_to, this_page_in
from portal.web.context import language, languages, services
from portal.web.exporting import exporting, page_suffix
from portal.web.formats import in_reader_language
from portal.web.links import dynamic, link, links_in
from portal.web.page_cache import keep
from portal.web.structured_data import LICENCES
from portal.web.wording import words

VISITORS = ("home", "listings", "listing", "driver", "map", "districts", "district")
CRAWLERS = ("sitemap_index", "sitemap", "robots")
SAME_FOR_ALL = frozenset([*(f"visitors.{page}" for page in VISITORS), *(f"crawlers.{page}" for page in CRAWLERS)])
"""Pages that depend on nothing but their address, the content and the day."""
NARROWING = frozenset({"page", "district", "tag"})
"""Parameters such a page knows; with any other it is made anew, lest addresses nobody asks twice fill the cache."""

TEXT = frozenset({"text/css", "text/javascript", "application/javascript", "image/svg+xml"})
"""Media types of files that compression makes smaller; such a file waits in memory, in every coding asked for."""
GOOD_S = 365 * 24 * 3600


def init_app(app: Flask) -> None:
    """Give templates the reader's language, the site's names, links to other languages and to static files."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        static=static,
        absolute=absolute,
        switch_to=language_link,
        page_in=page_in,
        translations_of_page=translations_of_page,
        without=without,
        dynamic=dynamic,
    )
    app.jinja_env.globals.update(default_of_page=default_of_page)
    app.add_template_filter(open_state.as_json)
    app.context_processor(_site)
    app.after_request(_validators)


def _site() -> dict[str, Any]:
    site, here = services().catalog.site(), language()
    return {
        "here": here,
        "exporting": exporting(),
        "languages": languages(),
        "site_name": in_reader_language(site.names),
        "site_tagline": in_reader_language(site.tagline),
        "licence": site.content_licence,
        "licence_address": LICENCES.get(site.content_licence),
        "districts": services().catalog.districts(),
        "url_for": links_in(here.path),
        **words(services().settings.translations, here.tag),
    }


def static(file: str) -> str:
    """Return the address of a static file, with its version so that browsers may keep it for good."""
    return link("static", filename=file, v=_version(_static_folder(), file))


def keep_for_good(response: Response) -> None:
    """Let browsers and proxies keep an answer whose address holds its version (`v`); what is text goes compressed."""
    if response.status_code == 200 and response.mimetype in TEXT and set(request.args) == {"v"}:
        response.set_etag(request.args["v"], weak=True)
        keep(response, GOOD_S)
    response.cache_control.no_cache = None
    response.cache_control.public = True
    response.cache_control.max_age = GOOD_S
    response.cache_control.immutable = True


def _static_folder() -> str:
    return str(current_app.static_folder)


def _file_asked() -> str:
    return str((request.view_args or {})["filename"])


@lru_cache(maxsize=256)
def _version(folder: str, file: str) -> str:
    return hashlib.sha256(Path(folder, file).read_bytes()).hexdigest()[:10]


def without(values: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return parameters of an address but one."""
    return {key: value for key, value in values.items() if key != name}


def page_in(other: Language) -> str:
    """Return the absolute address of this page in a language; of its query only the page number belongs to it."""
    known: tuple[str, str] | None = g.get("this_page")
    if known is None:
        number = request.args.get("page", "")
        suffix = page_suffix(number) if number.isascii() and number.isdecimal() and number != "1" else ""
        below = this_page_in(other, query=False).removeprefix(f"/{other.path}/")
        known = g.this_page = (absolute("/"), f"/{below}{suffix}")
    return f"{known[0]}{other.path}{known[1]}"


def language_link(other: Language) -> str:
    """Return the link that shows this page in another language; a running portal also remembers the choice."""
    return page_in(other).removeprefix(services().settings.base_url) if exporting() else switch_to(other)


def translations_of_page(tags: tuple[str, ...] | None) -> list[Language]:
    """Return the languages this page exists in; None says all."""
    return [spoken for spoken in languages() if tags is None or spoken.tag in tags]


def default_of_page(tags: tuple[str, ...] | None) -> Language:
    """Return the language for readers of none of a page's languages (hreflang `x-default`)."""
    there = translations_of_page(tags)
    return languages().default if languages().default in there else there[0]


def _validators(response: Response) -> Response:
    """Let browsers ask whether a page changed; a static file with its version never does."""
    if request.endpoint == "static":
        if response.status_code < 400 and request.args.get("v") == _version(_static_folder(), _file_asked()):
            keep_for_good(response)
        return response
    if request.method not in {"GET", "HEAD"} or response.status_code != 200 or response.is_streamed:
        return response
    if not response.headers.get("Cache-Control"):
        response.headers["Cache-Control"] = "no-cache"
    if "no-store" in response.headers["Cache-Control"]:
        return response
    if request.endpoint in SAME_FOR_ALL and set(request.args) <= NARROWING:
        keep(response, min(_until_midnight(), g.get("expires", math.inf) - services().clock().timestamp()))
        return response
    response.add_etag()
    response.make_conditional(request)
    return response


def _until_midnight() -> float:
    """Return the seconds until the city's day ends: pages show a week that begins today."""
    now = services().clock().astimezone(ZoneInfo(services().catalog.site().timezone))
    midnight = datetime.combine(now.date() + timedelta(days=1), time(), now.tzinfo)
    return (midnight - now).total_seconds()
