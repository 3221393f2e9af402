"""What every template can name."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Hashable, Mapping
from datetime import datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote
from zoneinfo import ZoneInfo

from flask import Flask, Response, current_app, g, has_request_context, request
from jinja2.runtime import Macro
from markupsafe import Markup, escape

from portal.languages.model import Language
from portal.web import open_state
from portal.web.addresses import absolute, quoted_below_language, this_page_in
from portal.web.context import language, languages, services
from portal.web.exporting import exporting, page_suffix
from portal.web.folding import LanguageEnvironment
from portal.web.formats import in_reader_language
from portal.web.links import dynamic, links_in
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
GAP = "\0"
"""Where the address of a page goes in what is the same on all pages but for it."""
STATIC = "portal-static"
"""The extension that knows the addresses of static files."""
GOOD_S = 365 * 24 * 3600


def init_app(app: Flask) -> None:
    """Give templates the reader's language, the site's names, links to other languages and to static files."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        page_in=page_in,
        alternates=alternates,
        switches=switches,
        below_language=below_language,
        below_choice=below_choice,
        around=around,
        remembered=remembered,
        without=without,
    )
    environment = cast(LanguageEnvironment, app.jinja_env)
    environment.speak(lambda: (language().tag, _of_language))
    app.extensions[STATIC] = _static_addresses(app.static_url_path or "", str(app.static_folder))
    app.add_template_filter(open_state.as_json)
    app.context_processor(_site)
    app.before_request(_hold_catalog)
    app.teardown_request(_release_catalog)
    app.after_request(_validators)


def _site() -> dict[str, Any]:
    """Return what the site is called, in the reader's language, and what its texts may be used for."""
    here = language()
    return services().catalog.remembered(f"site in {here.tag}", _read_site)


def _read_site() -> dict[str, Any]:
    site = services().catalog.site()
    return {
        "site_name": in_reader_language(site.names),
        "site_tagline": in_reader_language(site.tagline),
        "licence": site.content_licence,
        "licence_address": LICENCES.get(site.content_licence),
        "districts": services().catalog.districts(),
    }


def _of_language() -> Mapping[str, Any]:
    """Return what all pages of the reader's language can name, and is the same on each."""
    here = language()
    return {
        "here": here,
        "exporting": exporting(),
        "languages": languages(),
        "url_for": links_in(here.path),
        "static": static,
        "icon": icon,
        "absolute": absolute,
        "dynamic": dynamic,
        **words(services().settings.translations, here.tag),
    }


def static(file: str) -> str:
    """Return the address of a static file, with its version so that browsers may keep it for good."""
    address: str = current_app.extensions[STATIC](file)
    return address


def _static_addresses(path: str, folder: str) -> Callable[[str], str]:
    @lru_cache(maxsize=256)
    def address(file: str) -> str:
        return f"{path}/{quote(file)}?v={_version(folder, file)}"

    return address


def icon(name: str) -> Markup:
    """Return one of the pictures of `sprite.svg`, beside words that say the same."""
    return _icon(static("icons/sprite.svg"), name)


@lru_cache(maxsize=256)
def _icon(sprite: str, name: str) -> Markup:
    frame = (
        '<svg class="icon" width="20" height="20" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>'
    )
    return Markup(frame).format(sprite, name)  # noqa: S704 - our own


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
    site, below = _this_page()
    return f"{site}{other.path}{below}"


def _this_page() -> tuple[str, str]:
    """Return what stands before and after the language in the absolute addresses of this page."""
    known: tuple[str, str] | None = g.get("this_page")
    if known is None:
        number = request.args.get("page", "") if has_request_context() else ""
        suffix = page_suffix(number) if number.isascii() and number.isdecimal() and number != "1" else ""
        below = this_page_in(language(), query=False).removeprefix(f"/{language().path}/")
        known = g.this_page = (absolute("/"), f"/{below}{suffix}")
    return known


def alternates(tags: tuple[str, ...] | None) -> list[tuple[str, str]]:
    """Return the languages a page exists in, and `x-default`, each with its address (hreflang), a gap for the page.

    :param tags: the languages; None says all.
    """
    there = [spoken for spoken in languages() if tags is None or spoken.tag in tags]
    default = languages().default if languages().default in there else there[0]
    named = [(spoken.tag, spoken) for spoken in there]
    return [(name, absolute(f"/{spoken.path}{GAP}")) for name, spoken in [*named, ("x-default", default)]]


def switches() -> list[tuple[Language, str]]:
    """Return every language with the link that shows a page in it; a running portal also remembers the choice."""
    choose = "" if exporting() else "/choose?to=/{}"
    return [(spoken, f"/{spoken.path}{choose.format(spoken.path)}{GAP}") for spoken in languages()]


def below_language() -> str:
    """Return what stands behind the language in this page's address; of its query only its number belongs to it."""
    return _this_page()[1]


def below_choice() -> str:
    """Return the same for links that change the language and keep all of the query."""
    return below_language() if exporting() else quoted_below_language()


def around(below: str, macro: Macro, *values: Hashable) -> Markup:
    """Return what a macro gives that links to this page in several languages.

    The macro runs once for all pages, with a gap in its addresses where that of the page goes.

    :param below: what stands there in the address of this page.
    """
    return escape(below).join(_around_pages(macro, *values))


@lru_cache(maxsize=256)
def _around_pages(macro: Macro, *values: Hashable) -> tuple[str, ...]:
    return tuple(macro(*values).split(GAP))


@lru_cache(maxsize=2048)
def remembered(macro: Macro, *values: Hashable) -> Markup:
    """Return what a macro gives, which is to depend on nothing else: the card of a place is on many pages.

    The macro is one that was imported without context, or it would be another one each time.
    """
    return Markup(macro(*values))  # noqa: S704 - templates escape what they are given


def _hold_catalog() -> None:
    services().catalog.hold()


def _release_catalog(_error: BaseException | None) -> None:
    services().catalog.release()


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
