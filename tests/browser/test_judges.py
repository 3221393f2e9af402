"""Every page type in scripts that differ most: axe finds no barrier, nothing scrolls sideways, no message."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.bookings import booking_pages
from tests.plugins.browser import OpenPage
from tests.plugins.portal import Served
from tools.page_types import INDEXABLE, JUDGED_LANGUAGES, OTHERS

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
DESKTOP = {"viewport": {"width": 1280, "height": 800}}
ZOOMED = {"viewport": {"width": 320, "height": 200}, "device_scale_factor": 4}
"""A window of 1280 x 800 pixels at 400 %."""
NARROW = 320


@pytest.fixture(scope="session")
def paths(browser: Browser, served: Served) -> dict[str, str]:
    """All pages to be judged, by what they show; paths stand below the language."""
    with browser.new_context() as context:
        return INDEXABLE | OTHERS | booking_pages(context.request, served.url)


def barriers(page: Page) -> list[str]:
    """Return what axe finds in a page."""
    return [
        f"{violation['id']}: {node['html'][:160]}: {node['any'][0]['message'] if node['any'] else violation['help']}"
        for violation in Axe().run(page, options=RULES).response["violations"]
        for node in violation["nodes"]
    ]


def too_wide(page: Page) -> list[str]:
    """Return how wide a page is that a narrow window has to scroll sideways."""
    width = page.evaluate("document.documentElement.scrollWidth")
    return [f"{width} pixels wide"] if width > NARROW else []


@pytest.mark.parametrize("language", JUDGED_LANGUAGES)
def test_in_light_colours_on_a_desktop_no_page_has_a_barrier(
    open_page: OpenPage, served: Served, paths: dict[str, str], language: str
) -> None:
    page = open_page(**DESKTOP, color_scheme="light")
    found = []
    for name, path in paths.items():
        page.set_viewport_size(DESKTOP["viewport"])  # type: ignore[arg-type]
        page.goto(f"{served.url}/{language}/{path}")
        found += [f"{name}: {barrier}" for barrier in barriers(page)]
        page.set_viewport_size({"width": NARROW, "height": 640})
        found += [f"{name}: {width}" for width in too_wide(page)]
    assert found == []


@pytest.mark.parametrize("language", JUDGED_LANGUAGES)
def test_in_dark_colours_at_400_percent_no_page_has_a_barrier(
    open_page: OpenPage, served: Served, paths: dict[str, str], language: str
) -> None:
    page = open_page(**ZOOMED, color_scheme="dark")
    found = []
    for name, path in paths.items():
        page.goto(f"{served.url}/{language}/{path}")
        found += [f"{name}: {fault}" for fault in (*barriers(page), *too_wide(page))]
    assert found == []


@pytest.mark.parametrize("language", ["de", "ru"])
def test_the_longest_words_do_not_make_a_page_scroll_sideways(
    open_page: OpenPage, served: Served, paths: dict[str, str], language: str
) -> None:
    page = open_page(viewport={"width": NARROW, "height": 640})
    found = []
    for name, path in paths.items():
        page.goto(f"{served.url}/{language}/{path}")
        found += [f"{name}: {width}" for width in too_wide(page)]
    assert found == []


def test_pictures_have_their_place_before_they_load(open_page: OpenPage, served: Served) -> None:
    page = open_page(**DESKTOP)
    page.goto(f"{served.url}/en/")
    bare = "[...document.images].filter(i => !i.getAttribute('width') || !i.hasAttribute('alt')).length"
    assert page.evaluate(bare) == 0
