"""A visitor books, on a phone and on a desktop, in scripts that differ most, with scripts and without."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.test_judges import barriers
from tests.plugins.browser import OpenPage
from tests.plugins.portal import Served

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}
DAY = date.today() + timedelta(days=6)
REFERENCE = re.compile(r"^[2-9A-Z]{5}-[2-9A-Z]{5}$")


def go_on(page: Page) -> None:
    """Leave a page for the next one, on which axe finds no barrier."""
    page.wait_for_load_state()
    assert barriers(page) == []


def choose(page: Page, served: Served, language: str, *, javascript: bool = True) -> None:
    """Take a day from the calendar, the last time, two adults and a child."""
    page.goto(f"{served.url}/{language}/book/haihe-cruise-day/?month={DAY:%Y-%m}")
    page.locator(f".month a[href*='date={DAY}']").click()
    expect(page.locator(".month [aria-current=date]")).to_have_count(1)
    page.locator(".slots input:not([disabled])").last.check()
    if javascript:
        page.locator("[data-unit=adult] [data-step='1']").click()
        page.locator("[data-unit=child] [data-step='1']").click()
    else:
        page.locator("#unit-adult").fill("2")
        page.locator("#unit-child").fill("1")


def hold(page: Page, served: Served, language: str = "en", *, javascript: bool = True) -> None:
    choose(page, served, language, javascript=javascript)
    page.locator("#book button[value=hold]").click()
    expect(page.locator(".clock")).to_be_visible()


def confirm(page: Page) -> None:
    page.locator("#guest-full_name").fill("Li Lei")
    page.locator("#guest-email_address").fill("li@example.com")
    page.locator("form[action*='/confirm'] button").first.click()
    expect(page.locator(".code svg")).to_be_visible()


@pytest.mark.parametrize(
    ("language", "size", "javascript"),
    [
        ("zh-hans", PHONE, True),
        ("en", DESKTOP, True),
        ("ar", PHONE, True),
        ("ar", DESKTOP, False),
        ("en", PHONE, False),
    ],
    ids=["zh-hans phone", "en desktop", "ar phone", "ar desktop without scripts", "en phone without scripts"],
)
def test_a_visitor_chooses_holds_confirms_and_cancels(
    open_page: OpenPage, served: Served, language: str, size: dict[str, int], javascript: bool
) -> None:
    page = open_page(viewport=size, java_script_enabled=javascript)
    choose(page, served, language, javascript=javascript)
    page.locator("#unit-senior").fill("1")
    if not javascript:
        page.locator("#book button[value=total]").click()
        expect(page.locator("#unit-senior")).to_have_value("1")
        expect(page.locator(".slots input").last).to_be_checked()
    expect(page.locator("#total")).to_contain_text("330")
    go_on(page) if javascript else None
    page.locator("#book button[value=hold]").click()
    expect(page.locator(".clock")).to_be_visible()
    go_on(page) if javascript else None
    confirm(page)
    go_on(page) if javascript else None
    expect(page.locator(".reference")).to_have_text(REFERENCE)
    here = page.url
    page.locator("a[href*='/voucher']").click()
    expect(page.locator("figure svg")).to_be_visible()
    expect(page.locator(".sheet[lang=zh-Hans] dd").first).to_have_text("海河游船观光票")
    go_on(page) if javascript else None
    page.goto(here)
    page.locator("a[href*='/cancel']").click()
    go_on(page) if javascript else None
    page.locator("form[action*='/cancel'] button").click()
    expect(page.locator("a[href*='/cancel']")).to_have_count(0)
    expect(page.locator(".code")).to_have_count(0)


def test_a_total_worked_out_here_reads_as_one_from_the_server(page: Page, served: Served) -> None:
    for language in ("zh-hans", "ru", "es", "pt", "ar"):
        address = f"{served.url}/{language}/book/haihe-cruise-day/?date={DAY}&unit-adult=10&unit-child=3"
        page.goto(address)
        worked_out = page.locator("#total").text_content()
        assert f">{worked_out}</output>" in page.context.request.get(address).text()


def test_rules_are_said_as_one_chooses(page: Page, served: Served) -> None:
    page.goto(f"{served.url}/en/book/mingliu-teahouse-seat/?option=FRONT&date={DAY}")
    expect(page.locator("#broken")).to_be_hidden()
    page.locator("[data-unit=adult] [data-step='-1']").click()
    expect(page.locator("#broken")).to_have_text("From 2 to 6 tickets per booking")
    page.locator("[data-unit=adult] [data-step='-1']").click()
    for _ in range(2):
        page.locator("[data-unit=child] [data-step='1']").click()
    expect(page.locator("#broken")).to_have_text("Child: Only together with: Adult")
    page.locator(".slots input").last.check()
    page.locator("#book button[value=hold]").click()
    expect(page).to_have_url(re.compile("/book/"))
    page.locator("[data-unit=adult] [data-step='1']").click()
    expect(page.locator("#broken")).to_be_hidden()
    another = page.locator(".month a").last
    another.click()
    expect(page.locator("#unit-child")).to_have_value("2")


@pytest.mark.parametrize(("language", "forward"), [("en", "ArrowRight"), ("ar", "ArrowLeft")])
def test_arrow_keys_walk_the_calendar(page: Page, served: Served, language: str, forward: str) -> None:
    first = (DAY.replace(day=1) + timedelta(days=32)).replace(day=10)
    page.goto(f"{served.url}/{language}/book/haihe-cruise-day/?month={first:%Y-%m}")
    page.locator(f".month a[href*='date={first}']").focus()
    for key in (forward, "ArrowDown"):
        page.keyboard.press(key)
    focused = page.locator(".month a:focus")
    expect(focused).to_have_attribute("href", re.compile(f"date={first + timedelta(days=8)}"))


def test_the_clock_runs_and_says_when_little_time_is_left_and_none(page: Page, served: Served) -> None:
    page.clock.install()
    hold(page, served)
    face, words = page.locator(".clock-face"), page.locator(".clock-words")
    expect(face).to_have_text(re.compile("^(30:00|29:5.)$"))
    page.locator("#guest-full_name").fill("Li Lei")
    page.clock.run_for(26 * 60_000)
    expect(words).to_contain_text("Do you need more time?")
    page.clock.run_for(5 * 60_000)
    expect(face).to_have_text("0:00")
    expect(words).to_contain_text("Go on")
    expect(page.locator("#guest-full_name")).to_have_value("Li Lei")


def test_more_time_keeps_what_was_typed(page: Page, served: Served) -> None:
    hold(page, served)
    page.locator("#guest-full_name").fill("Li Lei")
    page.get_by_role("button", name="I need more time").click()
    expect(page.locator("#guest-full_name")).to_have_value("Li Lei")


def test_going_back_after_holding_lets_one_choose_again(page: Page, served: Served) -> None:
    hold(page, served)
    first = page.locator(".reference").text_content()
    page.go_back()
    page.locator(".slots input").first.check()
    page.locator("#book button[value=hold]").click()
    expect(page.locator(".clock")).to_be_visible()
    assert page.locator(".reference").text_content() != first
    page.get_by_role("link", name="Change day, time or tickets").click()
    expect(page.locator("#unit-adult")).to_have_value(re.compile("[12]"))


def test_a_voucher_that_was_opened_opens_without_a_network_until_it_is_cancelled(
    open_page: OpenPage, served: Served
) -> None:
    page = open_page(viewport=PHONE)
    context: BrowserContext = page.context
    hold(page, served)
    confirm(page)
    here = page.url
    page.locator("a[href*='/voucher']").click()
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("caches.match(location.href).then(Boolean)")
    reference = page.locator(".reference").text_content()
    context.set_offline(True)
    page.reload()
    expect(page.locator(".reference")).to_have_text(str(reference))
    assert page.locator("figure svg").bounding_box()["width"] > 150  # type: ignore[index]
    context.set_offline(False)
    voucher = page.url
    page.goto(here)
    page.get_by_role("link", name="Cancel booking").click()
    page.get_by_role("button", name="Cancel booking").click()
    page.goto(voucher)
    expect(page.get_by_role("heading", level=1)).to_have_text("This booking has been cancelled")
    assert page.evaluate("address => caches.match(address).then(Boolean)", voucher) is False


def test_a_voucher_is_one_sheet_of_paper(page: Page, served: Served) -> None:
    hold(page, served, "ar")
    confirm(page)
    page.locator("a[href*='/voucher']").click()
    page.emulate_media(media="print")
    assert page.pdf(format="A4").count(b"/Type /Page\n") == 1
    expect(page.locator("nav")).to_be_hidden()
