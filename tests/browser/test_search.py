"""Suggestions while one types, in a real browser."""

from __future__ import annotations

import re

import pytest
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
    page.evaluate("localStorage.setItem('recent-searches', JSON.stringify(['夜景']))")
    box.focus()
    expect(page.locator(".suggestions [role=option]")).to_have_text(["夜景"])
    box.dispatch_event("compositionstart")
    expect(page.locator(".suggestions")).to_be_hidden()
    box.fill("tian")
    page.wait_for_timeout(400)
    expect(page.locator(".suggestions")).to_be_hidden()
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


def test_a_suggestion_hangs_below_its_box_and_is_chosen_by_touch(open_page: OpenPage, served: Served) -> None:
    page = open_page(viewport={"width": 390, "height": 844}, locale="ar", has_touch=True)
    for address in ("/ar/", "/ar/search"):
        page.goto(served.url + address)
        page.evaluate("localStorage.clear()")  # what was searched for is offered before suggestions come
        box = page.get_by_role("combobox")
        box.tap()
        box.press_sequentially("عين تيان")
        first = page.locator(".suggestions [role=option]").first
        expect(first).to_contain_text("عين تيانجين")
        below, panel = box.bounding_box(), page.locator(".suggestions").bounding_box()
        assert below
        assert panel
        assert 0 <= panel["y"] - (below["y"] + below["height"]) < 16
        first.tap()
        expect(page).to_have_url(f"{served.url}/ar/attractions/tianjin-eye/")


def test_the_first_result_is_seen_on_a_phone_and_the_filters_stay_open_when_used(
    open_page: OpenPage, served: Served
) -> None:
    page = open_page(viewport={"width": 390, "height": 844}, locale="en", has_touch=True)
    page.goto(f"{served.url}/en/search?q=museum")
    expect(page.locator(".card").first).to_be_in_viewport()
    page.locator(".filter-more summary").tap()
    page.locator("#search-district").select_option("nankai")
    page.get_by_role("button", name="Search").tap()
    expect(page).to_have_url(re.compile("district=nankai"))
    expect(page.locator("#search-district")).to_be_visible()


@pytest.mark.parametrize("address", ["attractions/", "search?q=museum", "map"])
def test_all_filters_stand_beside_the_results_on_a_wide_screen(
    open_page: OpenPage, served: Served, address: str
) -> None:
    page = open_page(viewport={"width": 1440, "height": 900}, locale="ar")
    page.goto(f"{served.url}/ar/{address}")
    expect(page.locator(".filter-more summary")).to_be_hidden()
    expect(page.locator("[name=near]")).to_be_visible()
    filters, results = page.locator(".filters").bounding_box(), page.locator(".results").bounding_box()
    assert filters
    assert results
    assert results["x"] + results["width"] <= filters["x"]  # the page begins on the right
    assert abs(filters["y"] - results["y"]) < 1
