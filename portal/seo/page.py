"""What a page tells search engines, out of its HTML; pure."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin

JSON_LD = "application/ld+json"


@dataclass
class Page:
    """One page's address and what it says; all addresses absolute, without fragments."""

    url: str
    title: str = ""
    description: str = ""
    noindex: bool = False
    canonicals: list[str] = field(default_factory=list)
    alternates: dict[str, str] = field(default_factory=dict)
    links: set[str] = field(default_factory=set)
    parts: set[str] = field(default_factory=set)
    """Pictures, styles and scripts."""
    data: list[str] = field(default_factory=list)
    """Blocks of JSON-LD, as written."""

    @property
    def broken_data(self) -> list[str]:
        """The JSON-LD that does not parse, or is no object with a type."""
        return [text for text in self.data if not _is_typed(text)]


def read(url: str, html: str) -> Page:
    """Return what the page at an address says."""
    reader = _Reader(Page(url))
    reader.feed(html)
    reader.close()
    return reader.page


def _is_typed(text: str) -> bool:
    try:
        value = json.loads(text)
    except ValueError:
        return False
    return isinstance(value, dict) and "@context" in value and "@type" in value


class _Reader(HTMLParser):
    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take in an element."""
        values = {name: value or "" for name, value in attrs}
        match tag:
            case "a" if "href" in values:
                self.page.links.add(self._absolute(values["href"]))
            case "link":
                self._link(values)
            case "meta":
                self._meta(values)
            case "script" if values.get("type") == JSON_LD:
                self.page.data.append("")
                self._inside = JSON_LD
            case "title" if not self.page.title:
                self._inside = tag
            case "img" | "script" | "source" if "src" in values:
                self.page.parts.add(self._absolute(values["src"]))

    def handle_data(self, data: str) -> None:
        """Take in text."""
        if self._inside == JSON_LD:
            self.page.data[-1] += data
        elif self._inside == "title":
            self.page.title += data

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        self._inside = ""

    def _link(self, values: dict[str, str]) -> None:
        address = self._absolute(values.get("href", ""))
        match values.get("rel"):
            case "canonical":
                self.page.canonicals.append(address)
            case "alternate" if "hreflang" in values:
                self.page.alternates[values["hreflang"]] = address
            case "stylesheet" | "icon" | "manifest" | "apple-touch-icon":
                self.page.parts.add(address)

    def _meta(self, values: dict[str, str]) -> None:
        match values.get("name"):
            case "robots":
                self.page.noindex = "noindex" in values.get("content", "")
            case "description":
                self.page.description = values.get("content", "")

    def _absolute(self, address: str) -> str:
        return urldefrag(urljoin(self.page.url, address.strip())).url
