"""A place on paper: a page or two of A4 with what one needs on the way."""

from __future__ import annotations

import io
import time
import unicodedata
from collections.abc import Iterator

import pytest
from pypdf import PdfReader

from tests.plugins.browser import OpenPage
from tests.plugins.portal import Served

PLACE = "attractions/porcelain-house"
MARGIN = "12mm"
ONLY_ON_A_SCREEN = (".sections", ".switcher", ".quick-search", ".listing-actions", ".map-links", ".skip", ".footer")
NEEDED = ("h1", ".local-address", ".week")


@pytest.fixture(scope="module")
def place(served: Served) -> Iterator[str]:
    """The path, below the language, of a place with a week of opening hours."""
    file = served.content / PLACE / "listing.yaml"
    before = file.read_text("utf-8")
    file.write_text(f'{before}\nopening_hours: "Mo-Su 09:05-17:55"\n', "utf-8")
    deadline = time.monotonic() + 20
    while any('class="week"' not in served.get(f"/en/{PLACE}/") for _ in range(4)) and time.monotonic() < deadline:
        time.sleep(0.1)  # until every worker has it
    yield f"{PLACE}/"
    file.write_text(before, "utf-8")


def bare(text: str) -> str:
    """Return a text without white space, which paper breaks otherwise, and with the radicals of PDFs as characters."""
    return "".join(unicodedata.normalize("NFKC", text).split())


@pytest.mark.parametrize("language", ["en", "de", "zh-hans"])
def test_a_place_is_printed_on_one_or_two_pages(open_page: OpenPage, served: Served, place: str, language: str) -> None:
    page = open_page()
    page.goto(f"{served.url}/{language}/{place}")
    name = page.locator("h1").inner_text()
    address = page.locator(".local-address, .fact:has([data-copy]) p").last.inner_text()
    hours = page.locator(".week bdi").first.inner_text()
    margins = {"top": MARGIN, "right": MARGIN, "bottom": MARGIN, "left": MARGIN}
    pages = PdfReader(io.BytesIO(page.pdf(format="A4", margin=margins))).pages  # type: ignore[arg-type]
    assert len(pages) in {1, 2}
    text = bare("".join(sheet.extract_text() for sheet in pages))
    assert "天津" in address
    for needed in (name, address, hours):
        assert bare(needed) in text


def test_what_only_a_screen_can_do_is_not_printed(open_page: OpenPage, served: Served, place: str) -> None:
    page = open_page()
    page.emulate_media(media="print")
    page.goto(f"{served.url}/ar/{place}")
    for selector in ONLY_ON_A_SCREEN:
        assert page.locator(selector).count(), selector
        assert not page.locator(selector).first.is_visible(), selector
    for selector in NEEDED:
        assert page.locator(selector).first.is_visible(), selector
