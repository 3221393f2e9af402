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
        named: dict[str, Any] = dict(values)
        anchor = named.pop("_anchor", None)
        if current_app.url_map.is_endpoint_expecting(endpoint, "language"):
            named.setdefault("language", languages().get(path))
        number = named.pop("page", 1) if export and endpoint in PAGED else 1
        address = current_app.url_map.bind("portal").build(endpoint, named)  # as url_for, but without a request
        if anchor is not None:
            address += f"#{quote(anchor)}"
        return static_address(endpoint, address, number) if export else address

    def link_to(endpoint: str, **values: Any) -> str:
        try:
            return remembered(endpoint, tuple(values.items()))
        except TypeError:  # a value is a list: a filter with several choices
            return remembered.__wrapped__(endpoint, tuple(values.items()))

    return link_to
