"""Every page type, in scripts that differ most: it fits a narrow screen, and axe finds no barrier."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.plugins.browser import OpenPage
from tests.plugins.portal import Served

PATHS = (
    "",
    "attractions/",
    "attractions/tianjin-eye/",
    "districts/",
    "districts/hebei/",
    "search?q=天津",
    "book/haihe-cruise-day/",
    "book/tianjin-eye-ride/",
    "nothing-here",
)
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.mark.parametrize("language", ["zh-hans", "en", "ar", "th", "de"])
def test_no_page_scrolls_sideways_at_320_pixels(open_page: OpenPage, served: Served, language: str) -> None:
    page = open_page(viewport={"width": 320, "height": 640})
    for path in PATHS:
        page.goto(f"{served.url}/{language}/{path}")
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 320, f"/{language}/{path} is {width} wide"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["zh-hans", "en", "ar", "th"])
def test_axe_finds_no_barrier(open_page: OpenPage, served: Served, language: str, scheme: str) -> None:
    page = open_page(viewport={"width": 390, "height": 844}, color_scheme=scheme)
    found = []
    for path in PATHS:
        page.goto(f"{served.url}/{language}/{path}")
        results = Axe().run(page, options=RULES)
        found += [
            f"/{language}/{path}: {violation['id']}: {node['html'][:160]}"
            for violation in results.response["violations"]
            for node in violation["nodes"]
        ]
    assert found == []


def test_pictures_have_their_place_before_they_load(open_page: OpenPage, served: Served) -> None:
    page = open_page(viewport={"width": 390, "height": 844})
    page.goto(f"{served.url}/en/")
    assert (
        page.evaluate("[...document.images].filter(i => !i.getAttribute('width') || !i.hasAttribute('alt')).length")
        == 0
    )
