"""`flask partners webhooks ...` and `flask worker`, as an operator uses them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from portal.app import create_app
from portal.commands import cli
from portal.partners.accounts import create_partner
from portal.services import Services
from tests.plugins.receiver import Receiver

Run = Callable[..., str]


@pytest.fixture
def office(desks: Services) -> Flask:
    settings = replace(desks.settings, webhooks_allow_private=True)
    app = create_app(Services(settings))
    cli.register(app)
    create_partner(desks.database, "Harbour Travel")
    return app


@pytest.fixture
def run(office: Flask) -> Run:
    def run(*command: str, fails: bool = False) -> str:
        done = office.test_cli_runner().invoke(args=command)
        assert (done.exit_code != 0) == fails, done.output
        return str(done.output)

    return run


def test_an_endpoint_is_made_tried_and_its_deliveries_replayed(run: Run, receiver: Receiver) -> None:
    webhooks = ("partners", "webhooks")
    identity, secret = run(*webhooks, "add", "Harbour Travel", receiver.url, "--type", "booking.*").split()
    assert secret.startswith("whsec_")
    assert secret not in run(*webhooks, "list", "Harbour Travel")
    number = run(*webhooks, "ping", "Harbour Travel", identity).strip()
    run("worker", "--once")
    assert receiver.types == ["webhook.ping"]
    listed = run(*webhooks, "deliveries", "Harbour Travel", "--state", "delivered")
    assert listed.split()[0] == number
    run(*webhooks, "replay", "Harbour Travel", number)
    run("worker", "--once")
    assert receiver.types == ["webhook.ping"] * 2
    assert run(*webhooks, "rotate", "Harbour Travel", identity).split()[1] != secret
    run(*webhooks, "off", "Harbour Travel", identity)
    assert "off (partner)" in run(*webhooks, "list", "Harbour Travel")
    assert "switched off" in run(*webhooks, "ping", "Harbour Travel", identity, fails=True)
    run(*webhooks, "on", "Harbour Travel", identity)
    run(*webhooks, "remove", "Harbour Travel", identity)
    assert run(*webhooks, "list", "Harbour Travel") == ""


def test_what_is_wrong_is_named(run: Run, desks: Services) -> None:
    webhooks = ("partners", "webhooks")
    assert "there is no partner 'Nobody'" in run(*webhooks, "list", "Nobody", fails=True)
    assert "url" in run(*webhooks, "add", "Harbour Travel", "ftp://x", fails=True)
    assert "boat.*" in run(*webhooks, "add", "Harbour Travel", "http://x", "--type", "boat.*", fails=True)
    create_partner(desks.database, "Harbour Travel")
    assert "by number" in run(*webhooks, "list", "Harbour Travel", fails=True)
    assert run(*webhooks, "list", "1") == ""


def test_an_edit_of_a_listing_reaches_a_partner(run: Run, desks: Services, receiver: Receiver) -> None:
    run("partners", "webhooks", "add", "Harbour Travel", receiver.url, "--type", "listing.updated")
    text: Path = desks.settings.content / "attractions/wheel/en.md"
    text.write_text(text.read_text().replace("name: ", "name: New ", 1))
    desks.intake().refresh()
    run("worker", "--once")
    assert [one.data["id"] for one in receiver.received] == ["attractions/wheel"]
