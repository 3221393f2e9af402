"""Suggestions while one types, in a real browser."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.plugins.browser import OpenPage
from tests.plugins.portal import Served


def test_a_suggestion_is_chosen_by_keyboard(page: Page, served: Served) -> None:
    page.goto(f"{served.url}/en/search")
    box = page.get_by_role("combobox", name="What are you looking for?")
    box.press_sequentially("tianjin ey")
    expect(page.locator(".suggestions [role=option]").first).to_contain_text("Tianjin Eye")
    expect(box).to_have_attribute("aria-expanded", "true")
    box.press("ArrowDown")
    expect(page.locator(".suggestions [role=option]").first).to_have_attribute("aria-selected", "true")
    assert box.get_attribute("aria-activedescendant") == page.locator(".suggestions [role=option]").first.get_attribute(
        "id"
    )
    box.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value("tianjin ey")
    box.press("ArrowDown")
    expect(page.locator(".suggestions [role=option]").first).to_be_visible()
    box.press("ArrowDown")
    box.press("Enter")
    expect(page).to_have_url(f"{served.url}/en/attractions/tianjin-eye/")


def test_an_input_methods_letters_are_not_searched_for(page: Page, served: Served) -> None:
    page.goto(f"{served.url}/zh-hans/search")
    box = page.locator("#search-q")
    box.focus()
    box.dispatch_event("compositionstart")
    box.fill("tian")
    page.wait_for_timeout(400)
    expect(page.locator(".suggestions [role=option]")).to_have_count(0)
    box.fill("天津之")
    box.dispatch_event("compositionend")
    expect(page.locator(".suggestions [role=option]").first).to_contain_text("天津之眼")


def test_recent_searches_are_offered_and_cleared_by_touch(open_page: OpenPage, served: Served) -> None:
    page = open_page(viewport={"width": 390, "height": 844}, locale="ar", has_touch=True)
    page.goto(f"{served.url}/ar/search")
    page.locator("#search-q").fill("متحف")
    page.locator("#search-q").press("Enter")
    expect(page.locator(".card-name").first).to_be_visible()
    page.locator("#search-q").fill("")
    expect(page.locator(".suggestions [role=option]")).to_have_text(["متحف"])
    page.locator(".suggestions button:visible").tap()
    expect(page.locator(".suggestions [role=option]")).to_have_count(0)
    assert page.evaluate("localStorage.length") == 0
