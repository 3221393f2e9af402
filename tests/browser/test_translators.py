"""A translator finds what is out of date, brings it along and sends it; a moderator publishes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.test_desks import DESKTOP, PASSWORD, PHONE, check, sign_in
from tests.plugins.browser import OpenPage
from tests.plugins.portal import Server

LISTING = "dining/goubuli"
LANGUAGES = {"zh-hans": "fr", "en": "ja", "ar": "ar"}
"""The language pages are read in, and the one translated into."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A portal with a translator of three languages and a moderator."""
    server = Server(tmp_path_factory.mktemp("translators"))
    server.flask("prepare")
    scopes = [option for tag in LANGUAGES.values() for option in ("--scope", tag)]
    for mail, role, options in (("translator@example.com", "translator", scopes), ("mod@example.com", "moderator", [])):
        server.flask("accounts", "create", mail, "--role", role, "--password-stdin", *options, said=PASSWORD)
    server.start()
    yield server
    server.stop()


def save(page: Page) -> None:
    with page.expect_navigation():
        page.click(".form-end button[type=submit]")


def press(page: Page, form: str) -> None:
    with page.expect_navigation():
        page.click(f"form[action$='{form}'] button:not([formaction])")


def change_the_source(page: Page, desk: str, word: str) -> None:
    """Publish a Chinese text that says something more."""
    page.goto(f"{desk}/listings/{LISTING}/texts/zh-Hans")
    for field in ("summary", "tips"):
        page.fill(f"#text-{field}", f"{page.input_value(f'#text-{field}').strip()}{word}")
    save(page)
    press(page, f"{LISTING}/send")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_translator_brings_along_what_a_new_source_made_stale(
    server: Server, open_page: OpenPage, language: str, size: dict[str, object]
) -> None:
    desk, tag = f"{server.served.url}/{language}/business", LANGUAGES[language]
    moderator, translator = open_page(**size), open_page(**size)
    sign_in(moderator, server, language, "mod@example.com")
    change_the_source(moderator, desk, "新增")
    sign_in(translator, server, language, "translator@example.com")
    translator.goto(f"{desk}/translations/")
    check(translator)
    translator.goto(f"{desk}/translations/?kind=dining&of={tag}")
    check(translator)
    translator.click(f"main a[href$='{LISTING}/texts/{tag}']")
    check(translator)
    assert translator.locator(".original ins", has_text="新增").count() == 2
    assert translator.locator(".state-stale").count() == 2
    text, width = translator.locator("#text-summary"), translator.viewport_size["width"]  # type: ignore[index]
    original = translator.locator(".side-by-side", has=text).locator(".original").bounding_box()
    beside = text.bounding_box()
    assert original is not None
    assert beside is not None
    assert (abs(original["y"] - beside["y"]) < 80) == (width > 800), "beside each other where there is room"
    text.fill(f"{text.input_value()} +1")
    translator.check("[name=keep-tips]")
    save(translator)
    check(translator)
    press(translator, f"{LISTING}/send")
    moderator.goto(f"{desk}/review/?what=drafts&of={tag}")
    check(moderator)
    moderator.click(f"main a[href$='{LISTING}/']")
    assert "+1" in moderator.inner_text(".diffs")
    check(moderator)
    press(moderator, f"{LISTING}/approve")
    translator.goto(f"{desk}/translations/?kind=dining&of={tag}")
    assert translator.locator(f"main a[href$='{LISTING}/texts/{tag}']").count() == 0
