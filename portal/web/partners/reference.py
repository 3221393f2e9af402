"""The guide and the reference: the same files and documents that tests and machines read, as pages."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import count
from pathlib import Path

from flask import Blueprint, Response, abort
from markdown_it import MarkdownIt
from markupsafe import Markup

from portal.config import ROOT
from portal.web.businesses.guard import Access, access
from portal.web.context import services
from portal.web.openapi.data import data_document
from portal.web.openapi.octo import octo_document
from portal.web.openapi.reading import operations, told, types
from portal.web.partners.guard import page

blueprint = Blueprint("reference", __name__, url_prefix="/<language:language>/partners")

GUIDE = ROOT / "docs" / "partners.md"
DOCUMENTS = {"octo": (octo_document, "octo.describe"), "data": (data_document, "api.describe")}
TITLE = re.compile(r"\A# .*\n")
ELSEWHERE = re.compile(r'<a href="[\w-]+\.md[^"]*">(.*?)</a>')
"""Links to other files of docs/, which are no pages."""
TABLE = re.compile(r"<table>(.*?)</table>", re.DOTALL)
SCROLLING = (
    '<div class="desk-scroll" tabindex="0" role="region" aria-label="Table {number}">'
    '<table class="desk-table">{rows}</table></div>'
)


@blueprint.get("/guide")
@access(Access.ANYBODY)
def guide() -> Response:
    """Show the guide, docs/partners.md."""
    return page("guide", text=_guide(GUIDE, GUIDE.stat().st_mtime_ns))


@blueprint.get("/reference")
@access(Access.ANYBODY)
def index() -> Response:
    """Show which interfaces there are."""
    return page("reference", known=_documents())


@blueprint.get("/reference/<name>")
@access(Access.ANYBODY)
def show(name: str) -> Response:
    """Show all of an interface."""
    if name not in DOCUMENTS:
        abort(404)
    describe, endpoint = DOCUMENTS[name]
    document = describe(services().settings.base_url)
    return page(
        "interface",
        name=name,
        document=document,
        asked=operations(document),
        told=told(document),
        types=types(document),
        source=endpoint,
    )


def _documents() -> list[tuple[str, str, str]]:
    """Return each interface's name, title and description."""
    made = {name: describe(services().settings.base_url)["info"] for name, (describe, _) in DOCUMENTS.items()}
    return [(name, info["title"], info["description"]) for name, info in made.items()]


@lru_cache(maxsize=1)
def _guide(file: Path, _changed: int) -> Markup:
    """Return the guide's HTML, made anew when the file changed. It is ours, and raw HTML in it shows as text."""
    text = TITLE.sub("", file.read_text())
    html = MarkdownIt("commonmark", {"html": False}).enable("table").render(text)
    html = ELSEWHERE.sub(r"\1", html)
    numbers = count(1)
    html = TABLE.sub(lambda found: SCROLLING.format(number=next(numbers), rows=found[1]), html)
    html = html.replace("<pre>", '<pre class="message" tabindex="0">')
    return Markup(html)  # noqa: S704
