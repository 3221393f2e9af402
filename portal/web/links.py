"""Links within the portal. A page has dozens of them, so what was built once is remembered."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any
from urllib.parse import quote

from flask import current_app

from portal.web.context import language, languages
from portal.web.exporting import PAGED, Export, exporting, static_address


def link(endpoint: str, **values: Any) -> str:
    """Return the path of a page, in the reader's language unless another is given; None leaves a value out."""
    spoken = values.pop("language", None) or language()
    return links_in(spoken.path)(endpoint, **values)


def dynamic(endpoint: str, **values: Any) -> str:
    """Return the address of what only a running portal can do; empty in an export that has none to send readers to."""
    export = exporting()
    if export is None:
        return link(endpoint, **values)
    return f"{export.live}{_link_when_served(endpoint, **values)}" if export.live else ""


def links_in(path: str) -> Callable[..., str]:
    """Return what links to pages in one language, given by its path: `url_for` in templates."""
    return _links_in(path, exporting())


def _link_when_served(endpoint: str, **values: Any) -> str:
    return _links_in(language().path, None)(endpoint, **values)


@cache
def _links_in(path: str, export: Export | None) -> Callable[..., str]:

    @lru_cache(maxsize=2048)
    def remembered(endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
        if not current_app.url_map.is_endpoint_expecting(endpoint, "language"):
            return _in_any_language(endpoint, values)
        named = {"language": languages().get(path), **dict(values)}
        number = named.pop("page", 1) if export and endpoint in PAGED else 1
        address = _address(endpoint, named)
        return static_address(endpoint, address, number) if export else address

    def link_to(endpoint: str, **values: Any) -> str:
        try:
            return remembered(endpoint, tuple(values.items()))
        except TypeError:  # a value is a list: a filter with several choices
            return remembered.__wrapped__(endpoint, tuple(values.items()))

    return link_to


@lru_cache(maxsize=2048)
def _in_any_language(endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
    return _address(endpoint, dict(values))


def _address(endpoint: str, values: dict[str, Any]) -> str:
    """Return what `url_for` does, without a request: `_anchor` is the part of the page."""
    anchor = values.pop("_anchor", None)
    address = current_app.url_map.bind("portal").build(endpoint, values)
    return address if anchor is None else f"{address}#{quote(anchor)}"
