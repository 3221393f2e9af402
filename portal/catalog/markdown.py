"""Markdown into HTML that is safe to show, and into plain text for search."""

from __future__ import annotations

import html
import re
from functools import cache

import nh3
import pyromark
from markdown_it import MarkdownIt

TAGS = {"p", "h2", "h3", "h4", "ul", "ol", "li", "em", "strong", "a", "blockquote", "br", "hr", "code", "table"}
TAGS |= {"thead", "tbody", "tr", "th", "td"}
ATTRIBUTES = {"a": {"href", "title"}}
MARKUP = re.compile(r"<[^>]+>")
BLOCK_END = re.compile(r"</(?:p|h\d|li|tr|blockquote)>")


TABLES = pyromark.Options.ENABLE_TABLES


@cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(tags=TAGS, attributes=ATTRIBUTES, url_schemes={"http", "https", "mailto"})


@cache
def _careful() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def to_html(markdown: str) -> str:
    """Return the HTML of a text. Raw HTML shows as text; only http(s), mailto and relative links stay.

    The fast parser knows no way to show raw HTML as text, so what may have some goes to the careful one.
    """
    html = _careful().render(markdown) if "<" in markdown else pyromark.html(markdown, options=TABLES)
    return _cleaner().clean(html).strip()


def to_plain(safe_html: str) -> str:
    """Return the words of what `to_html` made, a line a block."""
    return html.unescape(MARKUP.sub("", BLOCK_END.sub("\n", safe_html))).strip()
