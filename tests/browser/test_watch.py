"""The browser fixtures really fail a test whose page has errors."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.plugins.browser import OpenPage, Watch

PAGES = {
    "/fine": b"<!doctype html><title>Fine</title><link rel=icon href=data:,>",
    "/talks": b"<!doctype html><link rel=icon href=data:,><script>console.log('only talking')</script>",
    "/logs": b"<!doctype html><link rel=icon href=data:,><script>console.error('it went wrong')</script>",
    "/throws": b"<!doctype html><link rel=icon href=data:,><script>throw new Error('thrown')</script>",
    "/lacks": b"<!doctype html><link rel=icon href=data:,><img src=/absent.png>",
}


class Pages(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path in PAGES else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(PAGES.get(self.path, b"<!doctype html><link rel=icon href=data:,>"))

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def errors(browser: Browser, url: str) -> list[str]:
    watch = Watch()
    with browser.new_context() as context:
        page = context.new_page()
        watch.follow(page)
        page.goto(url, wait_until="networkidle")
    return watch.errors


def test_a_page_without_errors_passes(page: Page, site: str) -> None:
    page.goto(f"{site}/fine")
    assert page.title() == "Fine"


@pytest.mark.parametrize(
    ("path", "words"),
    [("/logs", "it went wrong"), ("/talks", "only talking"), ("/throws", "thrown"), ("/lacks", "404")],
)
def test_an_error_or_a_message_of_a_page_is_noticed(browser: Browser, site: str, path: str, words: str) -> None:
    (error,) = errors(browser, site + path)
    assert words in error


def test_a_page_that_answers_404_itself_is_no_error(browser: Browser, site: str) -> None:
    assert errors(browser, f"{site}/absent") == []


def test_options_of_a_context_are_taken(open_page: OpenPage, site: str) -> None:
    page = open_page(viewport={"width": 390, "height": 844}, locale="ar")
    page.goto(f"{site}/fine")
    assert page.evaluate("[innerWidth, navigator.language]") == [390, "ar"]
