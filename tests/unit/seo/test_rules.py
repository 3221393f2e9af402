"""Each rule finds what it is for, and says nothing of a page that is right."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from portal.seo.page import read
from portal.seo.rules import Site, findings

BASE = "https://city.example"
DATA = '{"@context": "https://schema.org", "@type": "Place"}'
GOOD = """<!doctype html><html><head><title>Wheel</title><meta name="description" content="A wheel.">
<link rel="canonical" href="/{here}/"><link rel="alternate" hreflang="en" href="/en/">
<link rel="alternate" hreflang="th" href="/th/"><link rel="alternate" hreflang="x-default" href="/en/">
<script type="application/ld+json">{data}</script></head>
<body><a href="/th/#top">Thai</a><img src="/wheel.svg" alt=""></body></html>"""


def page(here: str, data: str = DATA) -> str:
    return GOOD.replace("{here}", here).replace("{data}", data)


def site(pages: Mapping[str, str], refused: Mapping[str, int] | None = None) -> Site:
    read_pages = {f"{BASE}{path}": read(f"{BASE}{path}", html) for path, html in pages.items()}
    return Site(read_pages, refused or {}, dict.fromkeys(refused or {}, f"{BASE}/en/"), list(read_pages))


def rules(pages: Mapping[str, str], refused: Mapping[str, int] | None = None) -> set[str]:
    return {finding.rule for finding in findings(site(pages, refused))}


def test_a_site_that_is_right_has_no_findings() -> None:
    assert rules({"/en/": page("en"), "/th/": page("th")}) == set()


def test_a_page_is_read_with_absolute_addresses() -> None:
    found = read(f"{BASE}/en/", page("en"))
    assert found.links == {f"{BASE}/th/"}
    assert f"{BASE}/wheel.svg" in found.parts
    assert found.alternates["th"] == f"{BASE}/th/"


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (("/en/", '<link rel="canonical" href="/en/">', ""), "canonical"),
        (("/en/", '<link rel="canonical" href="/en/">', '<link rel="canonical" href="/th/">'), "sitemap"),
        (("/en/", "<title>Wheel</title>", "<title> </title>"), "title"),
        (("/en/", '<meta name="description" content="A wheel.">', ""), "description"),
        (("/en/", DATA, '{"@context": '), "JSON-LD"),
        (("/en/", DATA, "[]"), "JSON-LD"),
        (("/en/", "<title>", '<meta name="robots" content="noindex"><title>'), "sitemap"),
        (("/th/", '<link rel="alternate" hreflang="en" href="/en/">', ""), "hreflang"),
        (("/en/", '<link rel="alternate" hreflang="x-default" href="/en/">', ""), "hreflang"),
        (("/en/", 'hreflang="th" href="/th/"', 'hreflang="th" href="/gone/"'), "hreflang"),
    ],
)
def test_a_mistake_is_found(change: tuple[str, str, str], rule: str) -> None:
    path, before, after = change
    pages = {"/en/": page("en"), "/th/": page("th").replace('x-default" href="/en/"', 'x-default" href="/th/"')}
    assert before in pages[path]
    pages[path] = pages[path].replace(before, after)
    assert rule in rules(pages)


def test_a_broken_link_is_told_where_it_stands() -> None:
    found = list(findings(site({"/en/": page("en"), "/th/": page("th")}, {f"{BASE}/wheel.svg": 404})))
    assert [str(finding) for finding in found] == [f"{BASE}/en/: broken link: {BASE}/wheel.svg answers 404"]
