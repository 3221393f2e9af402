"""An owner and a moderator at their desks in a real browser: on a phone and on a desktop, without JavaScript too."""

from __future__ import annotations

import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.plugins.browser import OpenPage
from tests.plugins.portal import Server

PASSWORD = "a teahouse by the river"
LISTING = "dining/goubuli"
PHONE = {"viewport": {"width": 390, "height": 844}}
DESKTOP = {"viewport": {"width": 1280, "height": 800}}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, tiles_url: str) -> Iterator[Server]:
    """A portal with an owner and a moderator; the tiles of its maps are the tests' own."""
    server = Server(tmp_path_factory.mktemp("desks"), PORTAL_TILES_URL=tiles_url)
    server.flask("prepare")
    for mail, role in (("owner@example.com", "owner"), ("mod@example.com", "moderator")):
        options = ["--listing", LISTING] if role == "owner" else []
        server.flask("accounts", "create", mail, "--role", role, "--password-stdin", *options, said=PASSWORD)
    server.start()
    yield server
    server.stop()


def sign_in(page: Page, server: Server, language: str, mail: str) -> None:
    page.goto(f"{server.served.url}/{language}/business/sign-in")
    page.fill("#sign-in-mail", mail)
    page.fill("#sign-in-password", PASSWORD)
    page.click("main form button[type=submit]")
    page.wait_for_url("**/business/")


def check(page: Page) -> None:
    """Make sure that a page has no barrier that axe finds, and nothing beside the screen."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1"), page.url


@pytest.mark.parametrize("language", ["zh-hans", "en", "ar"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_an_owner_changes_hours_and_a_moderator_publishes(
    server: Server, open_page: OpenPage, language: str, size: dict[str, object]
) -> None:
    desk = f"{server.served.url}/{language}/business"
    owner = open_page(**size, java_script_enabled=True)
    sign_in(owner, server, language, "owner@example.com")
    check(owner)
    close = f"1{['zh-hans', 'en', 'ar'].index(language)}:{'15' if size is PHONE else '45'}"
    owner.goto(f"{desk}/listings/{LISTING}/facts")
    check(owner)
    owner.fill("[name=Mo-open-1]", "08:00")
    owner.fill("[name=Mo-close-1]", close)
    owner.click(".form-end button[type=submit]")
    owner.goto(f"{desk}/listings/{LISTING}/texts/fr")
    check(owner)
    owner.goto(f"{desk}/listings/{LISTING}/")
    check(owner)
    owner.click(f"form[action$='{LISTING}/send'] button")
    moderator = open_page(**size)
    sign_in(moderator, server, language, "mod@example.com")
    moderator.goto(f"{desk}/review/")
    check(moderator)
    moderator.goto(f"{desk}/review/drafts/{LISTING}/")
    check(moderator)
    assert close in moderator.inner_text(".diffs")
    started = time.monotonic()
    moderator.click(f"form[action$='{LISTING}/approve'] button:not([formaction])")
    moderator.wait_for_url("**/review/*")
    shown = f"{server.served.url}/en/{LISTING}/"
    while f"08:00–{close}" not in urllib.request.urlopen(shown).read().decode():
        assert time.monotonic() - started < 5, "not shown"
        time.sleep(0.02)


def test_the_desk_works_without_javascript(server: Server, open_page: OpenPage) -> None:
    page = open_page(**PHONE, java_script_enabled=False)
    sign_in(page, server, "en", "owner@example.com")
    page.goto(f"{server.served.url}/en/business/listings/{LISTING}/texts/en")
    page.fill("#text-tips", "Come early.")
    page.click(".form-end button[type=submit]")
    assert "Draft" in page.inner_text("main")
    assert Path(server.served.content / LISTING / "en.md").read_text().count("Come early.") == 0


SCRIPT = "</textarea></title><img src=x onerror=alert(7)><script>alert(7)</script>"


def test_script_that_somebody_types_runs_nowhere(server: Server, open_page: OpenPage) -> None:
    desk = f"{server.served.url}/en/business"
    owner, moderator = open_page(**DESKTOP), open_page(**DESKTOP)
    said: list[str] = []
    for page, mail in ((owner, "owner@example.com"), (moderator, "mod@example.com")):
        page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
        sign_in(page, server, "en", mail)
    owner.goto(f"{desk}/claims/")
    for field in ("#claim-name", "#claim-evidence"):
        owner.fill(field, SCRIPT)
    owner.click("main form.panel button[type=submit]")
    owner.goto(f"{desk}/listings/{LISTING}/texts/de")
    for field in ("name", "summary", "tips", "body"):
        owner.fill(f"#text-{field}", SCRIPT)
    owner.click(".form-end button[type=submit]")
    owner.goto(f"{desk}/listings/{LISTING}/")
    owner.click(f"form[action$='{LISTING}/send'] button")
    seen = {owner: ("claims/", f"listings/{LISTING}/texts/de")}
    seen[moderator] = ("review/", f"review/drafts/{LISTING}/", f"listings/{LISTING}/texts/de")
    for page, paths in seen.items():
        for path in paths:
            page.goto(f"{desk}/{path}")
            assert "alert(7)" in page.content(), path
        page.goto(f"{server.served.url}/de/business/listings/{LISTING}/preview")
        assert "alert(7)" in page.content()
    assert said == []
