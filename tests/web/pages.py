"""Reading a page in a test: its head, its links, its structured data."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from bs4 import BeautifulSoup, Tag

from portal.services import Services

LANGUAGES = ("zh-hans", "zh-hant", "en", "ja", "ko", "ru", "fr", "de", "es", "pt", "ar", "th")


def today(services: Services) -> date:
    """Return the day it is where the products are, which a third of the time is not the day of UTC."""
    return services.clock().astimezone(ZoneInfo("Asia/Shanghai")).date()


@dataclass(frozen=True)
class Page:
    """What a page says of itself; `inline` lists what its content security policy would stop."""

    lang: str
    dir: str
    title: str
    canonical: str
    noindex: bool
    alternates: dict[str, str]
    links: list[str]
    headings: int
    data: Any
    inline: list[str]
    fields: dict[str, str]


def read(text: str) -> Page:
    """Return what a page says of itself."""
    soup = BeautifulSoup(text, "html.parser")
    canonical = soup.select_one("link[rel=canonical]")
    data = soup.select_one('script[type="application/ld+json"]')
    assert soup.html is not None
    assert soup.title is not None
    return Page(
        lang=str(soup.html["lang"]),
        dir=str(soup.html["dir"]),
        title=soup.title.get_text(),
        canonical=str(canonical["href"]) if canonical else "",
        noindex=soup.select_one('meta[name="robots"][content*="noindex"]') is not None,
        alternates={str(link["hreflang"]): str(link["href"]) for link in soup.select("link[rel=alternate]")},
        links=[str(link["href"]) for link in soup.select("a[href]")],
        headings=len(soup.find_all("h1")),
        data=json.loads(data.get_text()) if data else None,
        inline=[str(tag)[:80] for tag in soup.find_all(_is_inline)],
        fields={str(tag["name"]): str(tag.get("value") or "") for tag in soup.select("input[name]")},
    )


def _is_inline(tag: Tag) -> bool:
    script = tag.name == "script" and "src" not in tag.attrs and tag.get("type") != "application/ld+json"
    handler = any(name == "style" or name.startswith("on") for name in tag.attrs)
    return script or handler or tag.name == "style"
