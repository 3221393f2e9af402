"""A real Chromium for tests: `browser` for the whole run, `page` and `open_page` for one test.

A page that logs an error to its console, or throws one, fails the test that opened it.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Response, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")

OpenPage = Callable[..., Page]


class Watch:
    """Collects what went wrong in the pages of one test."""

    def __init__(self) -> None:
        self.errors: list[str] = []
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
        if message.type == "error" and address not in self._refused:
            self.errors.append(f"{address}: {message.text}")


def executable() -> str:
    """Return the path of the system's Chromium."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    assert found, f"none of {', '.join(NAMES)} is installed; make test installs it"
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a window, started once."""
    with sync_playwright() as playwright:
        # tests run as root in containers, where Chromium's sandbox refuses to start
        browser = playwright.chromium.launch(executable_path=executable(), args=["--no-sandbox"])
        yield browser
        browser.close()


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
