"""Signing in with more than a password, in a real browser with an authenticator of Chromium's own making."""

from __future__ import annotations

from collections.abc import Iterator

import pyotp
import pytest
from playwright.sync_api import Page

from tests.browser.test_desks import PASSWORD, PHONE, check
from tests.plugins.browser import OpenPage
from tests.plugins.portal import Server

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A portal under a name, since browsers make no passkeys for an IP address; return where desks are."""
    server = Server(tmp_path_factory.mktemp("passkeys"))
    address = server.served.url.replace("127.0.0.1", "localhost")
    server.environ["PORTAL_BASE_URL"] = address
    server.flask("prepare")
    for mail, role in (("owner@example.com", "owner"), ("mod@example.com", "moderator")):
        server.flask("accounts", "create", mail, "--role", role, "--password-stdin", said=PASSWORD)
    server.start()
    yield f"{address}/en/business"
    server.stop()


def enter(page: Page, desk: str, mail: str) -> None:
    page.goto(f"{desk}/sign-in")
    page.fill("#sign-in-mail", mail)
    page.fill("#sign-in-password", PASSWORD)
    page.click("main form.panel button[type=submit]")


def add_passkey(page: Page, name: str) -> None:
    page.fill("#new-passkey-name", name)
    page.fill("#passkey-password", PASSWORD)
    with page.expect_navigation():
        page.click("#add-passkey button[type=submit]")
    assert page.locator(f"input[value='{name}']").count() == 1


def test_an_owner_makes_passkeys_signs_in_with_one_and_removes_it(open_page: OpenPage, desk: str) -> None:
    page = open_page(**PHONE)
    chromium = page.context.new_cdp_session(page)
    chromium.send("WebAuthn.enable")
    made = chromium.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    enter(page, desk, "owner@example.com")
    page.wait_for_url("**/business/")
    page.goto(f"{desk}/account/protection/")
    check(page)
    add_passkey(page, "My phone")
    chromium.send("WebAuthn.addVirtualAuthenticator", {"options": {**AUTHENTICATOR, "transport": "usb"}})
    chromium.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": made["authenticatorId"]})
    add_passkey(page, "My key")
    check(page)
    page.click("form[action$='sign-out'] button")
    page.wait_for_url("**/sign-in")
    check(page)
    page.click("#use-passkey button")
    page.wait_for_url("**/business/")
    page.goto(f"{desk}/account/protection/")
    assert page.inner_text("main").count("Last used:") == 1
    key = page.locator("li", has=page.locator("input[value='My key']"))
    key.locator("form[action$='remove'] button").click()
    page.wait_for_url("**done=1")
    assert page.locator("input[value='My key']").count() == 0
    assert page.locator("form[action$='remove']").count() == 1


def test_a_moderator_switches_an_authenticator_app_on_and_signs_in_with_it(open_page: OpenPage, desk: str) -> None:
    page = open_page(**PHONE, java_script_enabled=False)
    enter(page, desk, "mod@example.com")
    page.wait_for_url("**/business/")
    page.click(".notice a")
    page.fill("#protection-password", PASSWORD)
    page.click("form[action$='set-up'] button")
    assert page.locator(".qr svg").bounding_box()["width"] > 150  # type: ignore[index]
    app = pyotp.TOTP(page.inner_text(".key code").replace(" ", ""))
    page.fill("#second-factor-code", app.now())
    page.click("form[action$='/on'] button")
    codes = page.locator(".codes code").all_inner_texts()
    assert len(codes) == 10
    page.click("form[action$='sign-out'] button")
    enter(page, desk, "mod@example.com")
    page.wait_for_url("**/sign-in/code")
    page.fill("#sign-in-code", codes[0])
    page.click("main form.panel button[type=submit]")
    page.wait_for_url("**/business/")
