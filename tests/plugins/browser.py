"""A real Chromium for tests: `browser` for the whole run, `page` and `open_page` for one test.

A page that writes anything to its console, or throws an error, fails the test that opened it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Response

from tools import drawing

OpenPage = Callable[..., Page]


class Watch:
    """Collects what went wrong in the pages of one test."""

    def __init__(self) -> None:
        self.errors: list[str] = []
        """Console messages of any kind, and errors nobody caught, with the address of their page."""
        self._refused: set[str] = set()

    def follow(self, page: Page) -> None:
        page.on("response", self._response)
        page.on("console", self._message)
        page.on("pageerror", lambda error: self.errors.append(f"{page.url}: {error}"))

    def _response(self, response: Response) -> None:
        """Note pages that answer 4xx: Chromium logs those too, and the test that asked for one expects it."""
        if response.status >= 400 and response.request.is_navigation_request():
            self._refused.add(response.url)

    def _message(self, message: ConsoleMessage) -> None:
        address = message.location["url"]
        if not (message.type == "error" and address in self._refused):
            self.errors.append(f"{address}: {message.text}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a window, started once."""
    with drawing.browser() as browser:
        yield browser


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Open a page in a context of its own; takes Playwright's context options, such as viewport and locale."""
    watch = Watch()
    contexts = []

    def open_page(**options: Any) -> Page:
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        watch.follow(page)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not watch.errors, "errors in the browser:\n" + "\n".join(watch.errors)


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """One page with a desktop's width."""
    return open_page(viewport={"width": 1280, "height": 800})
