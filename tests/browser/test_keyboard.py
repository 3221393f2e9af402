"""The main journey with the keyboard alone, with scripts and without, from left to right and from right to left."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.keyboard import Keyboard
from tests.plugins.browser import OpenPage
from tests.plugins.portal import Served


def find_a_place(page: Page, keyboard: Keyboard) -> None:
    keyboard.write(page.locator("#hero-q"), "天津之眼")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/search\?q="))
    keyboard.activate(page.locator(".card-name a").first)
    expect(page).to_have_url(re.compile("/attractions/tianjin-eye/$"))


def show_the_driver_and_come_back(page: Page, keyboard: Keyboard) -> None:
    keyboard.activate(page.locator(".listing-actions a[href$='/driver']"))
    expect(page.locator("h1")).to_have_text("天津之眼")
    keyboard.activate(page.locator("nav a"))
    expect(page).to_have_url(re.compile("/attractions/tianjin-eye/$"))


def switch_language(page: Page, keyboard: Keyboard, to: str) -> None:
    keyboard.activate(page.locator(".switcher summary"))
    keyboard.activate(page.locator(f".switcher a[hreflang='{to}']"))
    expect(page.locator("html")).to_have_attribute("lang", to)


def filter_a_list(page: Page, keyboard: Keyboard) -> None:
    keyboard.activate(page.locator(".sections a[href$='/attractions/']"))
    expect(page).to_have_url(re.compile("/attractions/$"))
    before = page.locator(".card").count()
    district = keyboard.choose_next(page.locator("#filter-district"))
    assert district
    keyboard.activate(page.locator(".filters button[type=submit]"))
    expect(page).to_have_url(re.compile(f"district={district}"))
    assert 0 < page.locator(".card").count() < before


def open_a_marker(page: Page, keyboard: Keyboard) -> None:
    keyboard.activate(page.locator(".sections a[href$='/map/']"))
    expect(page.locator(".pin").first).to_be_visible()
    for _ in range(8):  # a group of places opens into smaller ones
        if page.locator(".pin:not(.pin-group)").count():
            break
        keyboard.activate(page.locator(".pin-group").first)
        page.wait_for_timeout(400)
    keyboard.activate(page.locator(".pin:not(.pin-group)").first)
    expect(page.locator(".pin-card a")).to_be_visible()
    keyboard.go_to(page.locator(".pin-card a"))


def open_a_place_of_the_map(page: Page, keyboard: Keyboard) -> None:
    keyboard.activate(page.locator(".sections a[href$='/map/']"))
    expect(page.locator("#map")).to_be_hidden()
    keyboard.activate(page.locator("#places a").first)
    expect(page.locator(".listing h1")).to_be_visible()


def book(page: Page, keyboard: Keyboard) -> None:
    keyboard.activate(page.locator("input[name=slot]:not([disabled])").first, "Space")
    keyboard.write(page.locator("#unit-adult"), "2")
    keyboard.activate(page.locator("#book button[value=hold]"))
    expect(page).to_have_url(re.compile("/bookings/"))
    keyboard.write(page.locator("#guest-full_name"), "Li Lei")
    keyboard.write(page.locator("#guest-email_address"), "li@example.com")
    keyboard.activate(page.locator("form[action*='/confirm'] button").first)
    expect(page.locator("form[action*='/confirm']")).to_have_count(0)
    expect(page.locator(".reference")).to_have_text(re.compile(r"^[2-9A-Z]{5}-[2-9A-Z]{5}$"))


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without scripts"])
@pytest.mark.parametrize(("start", "then"), [("th", "en"), ("zh-hans", "ar")])
def test_the_keyboard_alone_is_enough(
    open_page: OpenPage, served: Served, javascript: bool, start: str, then: str
) -> None:
    page = open_page(viewport={"width": 1280, "height": 800}, java_script_enabled=javascript, reduced_motion="reduce")
    keyboard = Keyboard(page)
    page.goto(f"{served.url}/{start}/")
    find_a_place(page, keyboard)
    show_the_driver_and_come_back(page, keyboard)
    switch_language(page, keyboard, to=then)
    filter_a_list(page, keyboard)
    if javascript:
        open_a_marker(page, keyboard)
    else:
        open_a_place_of_the_map(page, keyboard)
    page.goto(f"{served.url}/{then}/entertainment/haihe-cruise/")
    keyboard.activate(page.locator(".fact-booking a"))
    book(page, keyboard)
