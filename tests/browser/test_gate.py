"""At the gate with a phone: a guest books, the business sees who comes, lets them in once, closes a day."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.test_desks import PASSWORD, PHONE, sign_in
from tests.plugins.browser import OpenPage
from tests.plugins.portal import Server

LISTING = "attractions/tianjin-eye"
TEAHOUSE = "dining/chatang"
WORDS = {
    "en": ("Let in", "Do not let in"),
    "zh-hans": ("可以入场", "不能入场"),
    "ar": ("يُسمح بالدخول", "لا يُسمح بالدخول"),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A portal whose wheel has an owner, and turns until midnight."""
    server = Server(tmp_path_factory.mktemp("gate"))
    facts = server.served.content / LISTING / "listing.yaml"
    hours = '{from: "00:00", to: "24:00"}'
    kept = [line for line in facts.read_text().splitlines() if "cutoff_minutes" not in line]
    lines = [line[: line.index("{")] + hours if "opening_hours: {" in line else line for line in kept]
    facts.write_text("\n".join(lines) + "\n")
    server.flask("prepare")
    options = ("--role", "owner", "--password-stdin", "--listing", LISTING)
    server.flask("accounts", "create", "owner@example.com", *options, said=PASSWORD)
    options = ("--role", "owner", "--password-stdin", "--listing", TEAHOUSE)
    server.flask("accounts", "create", "teahouse@example.com", *options, said=PASSWORD)
    server.start()
    yield server
    server.stop()


def book(server: Server, name: str, days: int = 0) -> str:
    """Sell a ride over OCTO; return its code."""
    key = (server.served.state / "demo-partner-key").read_text().strip()
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    def call(path: str, body: Any) -> Any:
        url = f"{server.served.url}/octo{path}"
        request = urllib.request.Request(url, json.dumps(body).encode(), headers, method="POST")
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)

    uuid, day = str(uuid4()), (datetime.now(ZoneInfo("Asia/Shanghai")) + timedelta(days=days)).date()
    offer = {"productId": "tianjin-eye-ride", "optionId": "DEFAULT", "availabilityId": f"{day}T00:00:00+08:00"}
    call("/bookings", {**offer, "uuid": uuid, "unitItems": [{"unitId": "adult"}] * 2, "notes": "Wheelchair"})
    contact = {"contact": {"fullName": name, "emailAddress": "li@example.com"}}
    return str(call(f"/bookings/{uuid}/confirm", contact)["supplierReference"])


def check(page: Page) -> None:
    """Make sure that a page has no barrier that axe finds, and nothing beside the screen."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1"), page.url


def let_in(page: Page, code: str) -> str:
    """Type a code at the gate; return the verdict."""
    page.fill("#gate-code", code)
    page.click("#gate button")
    page.wait_for_selector(".verdict h2")
    return page.inner_text(".verdict h2").lstrip("✓✗ ")


@pytest.mark.parametrize("language", ["zh-hans", "en", "ar"])
def test_guests_are_let_in_once_with_a_phone(server: Server, open_page: OpenPage, language: str) -> None:
    yes, no = WORDS[language]
    code = book(server, f"李娜 {language}")
    page = open_page(**PHONE, java_script_enabled=language != "ar")
    sign_in(page, server, language, "owner@example.com")
    page.click(".desk-nav a[href$='/business/bookings/']")
    check_unless_bare(page, language)
    assert f"李娜 {language}" in page.inner_text(".departure .guest-list")
    page.click(".desk-row > a.button[href$='/check-in/']")
    check_unless_bare(page, language)
    assert let_in(page, code.lower()) == yes
    assert f"李娜 {language}" in page.inner_text(".verdict")
    check_unless_bare(page, language)
    page.goto(page.url)
    assert let_in(page, code) == no
    page.click(".verdict a")
    check_unless_bare(page, language)
    page.click("details.panel summary")
    page.click("form[action$='/take-back'] button")
    page.wait_for_url("**done=1")
    page.goto(f"{server.served.url}/{language}/business/bookings/check-in/")
    assert let_in(page, code) == yes


def check_unless_bare(page: Page, language: str) -> None:
    """Check with axe where scripts run, which axe is."""
    if language != "ar":
        check(page)


@pytest.mark.parametrize(("language", "ahead"), [("zh-hans", 9), ("en", 10)])
def test_a_day_is_closed_on_the_calendar_with_a_phone(
    server: Server, open_page: OpenPage, language: str, ahead: int
) -> None:
    book(server, "Li Na", ahead)
    page = open_page(**PHONE)
    sign_in(page, server, language, "owner@example.com")
    day = (datetime.now(ZoneInfo("Asia/Shanghai")) + timedelta(days=ahead)).date()
    calendar = f"{server.served.url}/{language}/business/bookings/calendar/tianjin-eye-ride/DEFAULT"
    page.goto(f"{calendar}/?month={day:%Y-%m}")
    check(page)
    page.click(f"a[href$='/DEFAULT/{day}']")
    page.check("input[value=places]")
    page.fill(".slot-places", "1")
    page.click("main form.panel button")
    assert "2" in page.inner_text("#problem")
    check(page)
    page.check("input[value=closed]")
    page.click("main form.panel button")
    page.wait_for_url("**done=1")
    cell = page.locator(f"td:has(a[href$='/DEFAULT/{day}'])")
    assert "month-shut" in (cell.get_attribute("class") or "")
    page.goto(f"{server.served.url}/{language}/business/listings/{LISTING}/sale/")
    check(page)
    page.goto(f"{server.served.url}/{language}/business/bookings/lists/sheet?date={day}")
    assert "Li Na" in page.inner_text("table")
    check(page)


@pytest.mark.parametrize("language", ["zh-hans", "ar"])
def test_a_teahouse_puts_something_on_sale_with_a_phone(server: Server, open_page: OpenPage, language: str) -> None:
    page = open_page(**PHONE, java_script_enabled=language != "ar")
    sign_in(page, server, language, "teahouse@example.com")
    sale = f"{server.served.url}/{language}/business/listings/{TEAHOUSE}/sale"
    page.goto(f"{sale}/new")
    assert page.locator("#new-start_times").is_visible()
    page.check("[value=OPENING_HOURS]")
    assert not page.locator("#new-start_times").is_visible()
    check_unless_bare(page, language)
    page.fill("#new-name", "午间茶座")
    page.fill("#new-opens", "9:30")
    page.fill("#new-closes", "18:00")
    page.fill("#new-capacity", "40")
    page.fill("#new-adult", "60")
    page.click(".sale-new button")
    page.wait_for_url("**done=1")
    page.goto(f"{sale}/")
    check_unless_bare(page, language)
    added = page.locator(".sale-product").last.locator("details:has([name$='-1-price'])")
    added.locator("> summary").click()
    added.locator("[name$='-price']").fill("30")
    page.click(".form-end button")
    page.wait_for_url("**done=1")
    page.goto(f"{sale}/")
    assert page.locator(".sale-product").last.locator("[name$='-price']").nth(1).input_value() == "30.00"
    check_unless_bare(page, language)
    page.goto(f"{sale}/texts/en")
    check_unless_bare(page, language)


SCANNER = """
window.BarcodeDetector = class {
  static async getSupportedFormats() { return ["qr_code"]; }
  async detect() { return window.shown ? [{ rawValue: window.shown }] : []; }
};
"""


def test_a_code_held_before_the_camera_is_checked_in_without_leaving_the_page(
    server: Server, open_page: OpenPage
) -> None:
    code = book(server, "Scanned guest")
    page = open_page(**PHONE)
    page.add_init_script(SCANNER)  # Chromium has a detector on phones only; the camera is its made-up one
    page.add_init_script(
        "navigator.mediaDevices.getUserMedia = async () => document.createElement('canvas').captureStream(1)"
    )
    sign_in(page, server, "en", "owner@example.com")
    page.goto(f"{server.served.url}/en/business/bookings/check-in/")
    page.click("#scanner button")
    page.evaluate("code => { window.shown = code; }", code)
    page.wait_for_selector(".verdict-yes")
    assert "Scanned guest" in page.inner_text("#verdict")
    assert page.get_attribute("#scanner button", "aria-pressed") == "true"
    page.evaluate("() => { window.shown = 'ABCDE-ABCDE'; }")
    page.wait_for_selector(".verdict-no")
