"""Markdown into HTML that is safe to show, and into plain text for search."""

from __future__ import annotations

import html
import re
from functools import cache

import nh3
from markdown_it import MarkdownIt

TAGS = {"p", "h2", "h3", "h4", "ul", "ol", "li", "em", "strong", "a", "blockquote", "br", "hr", "code", "table"}
TAGS |= {"thead", "tbody", "tr", "th", "td"}
ATTRIBUTES = {"a": {"href", "title"}}
MARKUP = re.compile(r"<[^>]+>")
BLOCK_END = re.compile(r"</(?:p|h\d|li|tr|blockquote)>")


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def to_html(markdown: str) -> str:
    """Return the HTML of a text. Raw HTML shows as text; only http(s), mailto and relative links stay."""
    return nh3.clean(
        _parser().render(markdown), tags=TAGS, attributes=ATTRIBUTES, url_schemes={"http", "https", "mailto"}
    ).strip()


def to_plain(safe_html: str) -> str:
    """Return the words of what `to_html` made, a line a block."""
    return html.unescape(MARKUP.sub("", BLOCK_END.sub("\n", safe_html))).strip()
