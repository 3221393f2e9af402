"""A partner's journey in a real browser: a sandbox key, a booking sent with curl, seen on the sandbox page."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.plugins.browser import OpenPage
from tests.plugins.portal import Server

PASSWORD = "a teahouse by the river"
PHONE = {"viewport": {"width": 390, "height": 844}}
DESKTOP = {"viewport": {"width": 1280, "height": 800}}
LANGUAGES = ("zh-hans", "en", "ar")
VISITS = [(language, size) for language in LANGUAGES for size in (PHONE, DESKTOP)]
NAMES = [f"{language}-{size['viewport']['width']}" for language, size in VISITS]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A portal with people who have no partner yet."""
    server = Server(tmp_path_factory.mktemp("partners"))
    server.flask("prepare")
    for number in range(len(VISITS)):
        mail = f"shop{number}@example.com"
        server.flask("accounts", "create", mail, "--role", "owner", "--password-stdin", said=PASSWORD)
    server.start()
    yield server
    server.stop()


def check(page: Page) -> None:
    """Make sure that a page has no barrier that axe finds, and nothing beside the screen."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1"), page.url


def curl(*arguments: str) -> Any:
    """Send what a partner would type."""
    return json.loads(subprocess.run(["curl", "-sS", *arguments], check=True, capture_output=True, timeout=30).stdout)


@pytest.mark.parametrize("number", range(len(VISITS)), ids=NAMES)
def test_a_partner_takes_a_sandbox_key_and_sells_a_river_cruise(
    server: Server, open_page: OpenPage, number: int
) -> None:
    language, size = VISITS[number]
    office = f"{server.served.url}/{language}/partners"
    page = open_page(**size, java_script_enabled=True)
    for path in ("/", "/guide", "/reference", "/reference/octo", "/reference/data"):
        page.goto(f"{office}{path}")
        if number < 2 or path == "/":
            check(page)
    page.goto(f"{office}/")
    page.click("main a.button")
    page.fill("#sign-in-mail", f"shop{number}@example.com")
    page.fill("#sign-in-password", PASSWORD)
    page.click("main form.panel button[type=submit]")
    page.wait_for_url("**/partners/join")
    check(page)
    page.fill("#shop-name", f"Harbour {number}")
    page.click("main form.panel button[type=submit]")
    page.wait_for_url("**/partners/keys/**")
    check(page)
    page.fill("#key-name", "Web shop")
    page.click("main form.panel button[type=submit]")
    check(page)
    key = page.inner_text("#new-key")
    sent = ["-H", f"Authorization: Bearer {key}", "-H", "Content-Type: application/json"]
    order = {"productId": "haihe-cruise-day", "optionId": "DEFAULT", "unitItems": [{"unitId": "adult"}]}
    page.goto(f"{office}/sandbox/")
    slot = page.inner_text("li:has-text('haihe-cruise-day') code:has-text('availabilityId')").partition(": ")[2]
    body = json.dumps({**order, "availabilityId": slot, "resellerReference": "ORDER-1"})
    booked = curl(f"{server.served.url}/octo/bookings", *sent, "-d", body)
    contact = json.dumps({"contact": {"fullName": "Li Na"}})
    curl(f"{server.served.url}/octo/bookings/{booked['uuid']}/confirm", *sent, "-d", contact)
    page.reload()
    check(page)
    shown = page.inner_text("main")
    assert booked["uuid"] in shown
    assert "CONFIRMED" in shown
    page.goto(f"{office}/members/")
    check(page)


def test_everything_works_without_javascript(server: Server, open_page: OpenPage) -> None:
    page = open_page(**PHONE, java_script_enabled=False)
    page.goto(f"{server.served.url}/en/partners/keys/")
    page.fill("#sign-in-mail", "shop0@example.com")
    page.fill("#sign-in-password", PASSWORD)
    page.click("main form.panel button[type=submit]")
    page.click("form[action$='/revoke'] button")
    assert "Revoked" in page.inner_text("main")
