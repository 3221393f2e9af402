"""Links within the portal. A page has dozens of them, so what was built once is remembered."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

from flask import current_app, url_for

from portal.web.context import language, languages


def link(endpoint: str, **values: Any) -> str:
    """Return the path of a page, in the reader's language unless another is given; None leaves a value out."""
    spoken = values.pop("language", None) or language()
    return links_in(spoken.path)(endpoint, **values)


@cache
def links_in(path: str) -> Callable[..., str]:
    """Return what links to pages in one language, given by its path: `url_for` in templates."""

    @lru_cache(maxsize=16_384)
    def remembered(endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
        named: dict[str, Any] = dict(values)
        if current_app.url_map.is_endpoint_expecting(endpoint, "language"):
            named["language"] = languages().get(path)
        return url_for(endpoint, **named)

    def link_to(endpoint: str, **values: Any) -> str:
        try:
            return remembered(endpoint, tuple(values.items()))
        except TypeError:  # a value is a list: a filter with several choices
            return remembered.__wrapped__(endpoint, tuple(values.items()))

    return link_to
