"""What a person does, in a real browser, with the portal under gunicorn."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.plugins.browser import OpenPage
from tests.plugins.portal import Served

PHONE = {"width": 390, "height": 844}


def test_a_thai_reader_finds_the_wheel_and_what_to_show_the_driver(open_page: OpenPage, served: Served) -> None:
    page = open_page(viewport=PHONE, locale="th-TH")
    page.goto(f"{served.url}/")
    expect(page).to_have_url(f"{served.url}/th/")
    page.locator("#hero-q").fill("ชิงช้าสวรรค์")
    page.keyboard.press("Enter")
    page.locator(".card-name a").first.click()
    expect(page).to_have_url(f"{served.url}/th/attractions/tianjin-eye/")
    expect(page.locator(".listing-local .local")).to_have_text("天津之眼")
    expect(page.locator(".local-address")).to_contain_text("天津")


def test_switching_the_language_keeps_the_page_and_its_query(page: Page, served: Served) -> None:
    page.goto(f"{served.url}/en/attractions/?district=hebei")
    page.locator(".switcher summary").click()
    page.locator(".switcher").get_by_role("link", name="العربية").click()
    expect(page).to_have_url(f"{served.url}/ar/attractions/?district=hebei")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    page.goto(f"{served.url}/")
    expect(page).to_have_url(f"{served.url}/ar/")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_visitor_books_a_cruise_on_a_phone(open_page: OpenPage, served: Served, javascript: bool) -> None:
    page = open_page(viewport=PHONE, locale="en-GB", java_script_enabled=javascript)
    day = (date.today() + timedelta(days=3)).isoformat()
    page.goto(f"{served.url}/en/entertainment/haihe-cruise/")
    page.get_by_role("link", name="Book", exact=True).click()
    page.goto(f"{page.url}?date={day}")
    page.locator(".slots input").last.check()
    page.get_by_label(re.compile("^Adult")).fill("2")
    page.get_by_role("button", name="Hold these places").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your places are held")
    page.get_by_label("Name").fill("Li Lei")
    page.get_by_label("Email").fill("li@example.com")
    page.get_by_role("button", name="Confirm booking").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your booking is confirmed")
    expect(page.locator(".reference")).to_have_text(re.compile(r"^[2-9A-Z]{5}-[2-9A-Z]{5}$"))
    page.get_by_role("link", name="Cancel booking").click()
    page.get_by_role("button", name="Cancel booking").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This booking has been cancelled")


def test_a_keyboard_reaches_the_content_and_a_place(page: Page, served: Served) -> None:
    page.goto(f"{served.url}/en/dining/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to content")
    page.keyboard.press("Enter")
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.locator(".card a:focus").count():
            break
    page.keyboard.press("Enter")
    expect(page.locator(".listing h1")).to_be_visible()
