"""Languages in addresses: `/zh-hans/...`, the same page in other languages, and absolute links."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlsplit

from flask import Flask, Response, current_app, g, redirect, request
from werkzeug.exceptions import ServiceUnavailable
from werkzeug.routing import BaseConverter, ValidationError

from portal.catalog.model import CatalogUnavailable
from portal.languages.model import Language
from portal.web.context import language, languages, services


class LanguageConverter(BaseConverter):
    """The first segment of a page's address: a tag in any spelling; one the portal does not speak matches nothing."""

    regex = r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*"

    def to_python(self, value: str) -> Language:
        """Return the language of a segment."""
        try:
            found = languages().get(value)
        except CatalogUnavailable as error:  # routing comes before error handlers, and lets only HTTP errors through
            raise ServiceUnavailable(str(error)) from error
        if found is None:
            raise ValidationError
        return found

    def to_url(self, value: Any) -> str:
        """Return the segment of a language."""
        return value.path if isinstance(value, Language) else str(value)


def init_app(app: Flask) -> None:
    """Teach the application the `language` converter and links that keep the reader's language."""
    app.url_map.converters["language"] = LanguageConverter
    app.url_value_preprocessor(_take_language)
    app.url_defaults(_keep_language)
    app.before_request(_canonical_spelling)
    app.after_request(_keep_host)


def _take_language(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    if values and "language" in values:
        g.language = values.pop("language")


def _keep_language(endpoint: str, values: dict[str, Any]) -> None:
    if "language" not in values and current_app.url_map.is_endpoint_expecting(endpoint, "language"):
        values["language"] = language()


def _canonical_spelling() -> Response | None:
    if request.url_rule is None or not request.url_rule.rule.startswith("/<language:"):
        return None
    segment, slash, rest = request.path.lstrip("/").partition("/")
    if segment == g.language.path:
        return None
    query = f"?{request.query_string.decode('ascii', 'replace')}" if request.query_string else ""
    code = 301 if request.method in {"GET", "HEAD"} else 308  # what a form carries goes along
    return redirect(f"/{g.language.path}{slash}{quote(rest)}{query}", code)  # type: ignore[return-value]


def _keep_host(response: Response) -> Response:
    """Name no host where a request is sent on for its slashes: the `Host` it came with is the sender's to choose."""
    if response.status_code == 308 and response.location:
        parts = urlsplit(response.location)
        response.location = f"/{parts.path.lstrip('/')}" + (f"?{parts.query}" if parts.query else "")
    return response


def absolute(path: str) -> str:
    """Return a path as readers elsewhere reach it."""
    return f"{services().settings.base_url}{path}"


def this_page_in(other: Language, *, query: bool) -> str:
    """Return the path of this page in another language, quoted, with its query string where asked."""
    rest, suffix = _below_language()
    return f"/{other.path}/{rest}{suffix}" if query else f"/{other.path}/{rest}"


def quoted_below_language() -> str:
    """Return this page's path below its language and its query string, quoted once more to go into a query string."""
    rest, suffix = _below_language()
    return quote(f"/{rest}{suffix}", safe="/")


def be_at(spoken: Language, below: str) -> None:
    """Have what is made in this application context be the page at an address, without a request for it.

    :param below: the page's path below its language, quoted.
    """
    g.language, g.below_language = spoken, (below, "")


def _below_language() -> tuple[str, str]:
    """Return this page's path below its language, quoted, and its query string; empty for what is no page."""
    known: tuple[str, str] | None = g.get("below_language")
    if known is None:
        rest = request.path.lstrip("/").partition("/")[2] if "language" in g and request.endpoint else ""
        query = request.query_string.decode("ascii", "replace")
        known = g.below_language = (quote(rest), f"?{query}" if query and "language" in g and request.endpoint else "")
    return known
