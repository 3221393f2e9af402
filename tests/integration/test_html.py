"""The Nu HTML checker finds nothing wrong: every page type in every language, style sheets and drawings."""

from __future__ import annotations

import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from portal.config import ROOT
from tests.browser.bookings import booking_pages
from tests.plugins.portal import Served
from tests.web.pages import LANGUAGES
from tools import judges
from tools.page_types import INDEXABLE, OTHERS


def text_of(url: str) -> bytes:
    """Return the text of a page, of an error page too."""
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return bytes(answer.read())
    except urllib.error.HTTPError as error:
        return error.read()


@pytest.mark.usefixtures("fetched_judges")
def test_the_checker_finds_no_fault_in_any_page(browser: Browser, served: Served, tmp_path: Path) -> None:
    with browser.new_context() as context:
        paths = INDEXABLE | OTHERS | booking_pages(context.request, served.url)
    for language in LANGUAGES:
        for name, path in paths.items():
            page = tmp_path / f"{name.replace(' ', '-')}.{language}.html"
            page.write_bytes(text_of(f"{served.url}/{language}/{urllib.parse.quote(path, safe='/?=&,%')}"))
    assert judges.check_html([tmp_path]) == []


@pytest.mark.usefixtures("fetched_judges")
def test_the_checker_finds_no_fault_in_style_sheets_and_drawings() -> None:
    static = ROOT / "portal" / "static"
    assert judges.check_html([*static.glob("css/*.css"), *static.glob("icons/*.svg")]) == []


@pytest.mark.usefixtures("fetched_judges")
def test_the_checker_finds_faults_where_there_are_some(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<!doctype html><html lang=en><title>A</title><p id=a><p id=a>", "utf-8")
    (tmp_path / "sheet.css").write_text("p { colour: red }", "utf-8")
    (tmp_path / "drawing.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'><circel/></svg>", "utf-8")
    found = judges.check_html(tmp_path.iterdir())
    assert {fault.partition(":")[0] for fault in found} == {"page.html", "sheet.css", "drawing.svg"}
