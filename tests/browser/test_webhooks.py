"""A partner has its own server called, in a real browser: adds its address, tries it, finds the message in the log."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.test_desks import DESKTOP, PASSWORD, PHONE, check
from tests.plugins.browser import OpenPage
from tests.plugins.portal import Server
from tests.plugins.receiver import Receiver


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A portal with somebody of a partner."""
    server = Server(tmp_path_factory.mktemp("partners"))
    server.flask("prepare")
    server.flask("partners", "create", "Harbour")
    who = ("shop@example.com", "--role", "partner", "--scope", "Harbour")
    server.flask("accounts", "create", *who, "--password-stdin", said=PASSWORD)
    server.start()
    yield server
    server.stop()


@pytest.mark.parametrize(("language", "size"), [("zh-hans", PHONE), ("en", DESKTOP), ("ar", PHONE)])
def test_a_partner_adds_an_address_tries_it_and_sees_the_answer(
    server: Server, open_page: OpenPage, receiver: Receiver, language: str, size: dict[str, object]
) -> None:
    page = open_page(**size, java_script_enabled=language != "zh-hans")
    page.goto(f"{server.served.url}/{language}/partners/webhooks")
    page.fill("#sign-in-mail", "shop@example.com")
    page.fill("#sign-in-password", PASSWORD)
    page.click("main form button[type=submit]")
    page.wait_for_url("**/partners/webhooks")
    barriers(page, language)
    page.fill("#webhook-url", receiver.url)
    page.click("form.panel > button[type=submit]")
    page.wait_for_url("**/partners/webhooks/*")
    page.click("button[value=ping]")
    page.wait_for_url("**/partners/webhooks/*done=1")
    receiver.wait_for(1)
    assert receiver.types == ["webhook.ping"]
    page.click("summary:has(+ p code)")
    assert page.inner_text("details code").startswith("whsec_")
    barriers(page, language)
    page.goto(f"{server.served.url}/{language}/partners/deliveries?q={receiver.received[0].id}")
    barriers(page, language)
    page.click(".desk-list a")
    page.wait_for_url("**/partners/deliveries/*")
    assert "200" in page.inner_text("ol")
    barriers(page, language)


def barriers(page: object, language: str) -> None:
    """Look for barriers, where scripts run that can."""
    if language != "zh-hans":
        check(page)  # type: ignore[arg-type]
