"""Keys that seal the database's secrets: a machine without the right one is told at once, and keys can be changed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click
import pytest

from portal.app import create_app
from portal.commands import cli
from portal.commands.secrets import prepare
from portal.partners.accounts import create_partner
from portal.services import Services
from portal.webhooks.endpoints import Wish
from portal.webhooks.model import Form, Reach

OLD, NEW = "the key of last year, which is long enough", "the key of this year, which is long enough"


def with_keys(services: Services, *keys: str, demo: bool = False) -> Services:
    """Return the services of another machine on the same database."""
    return Services(replace(services.settings, encryption_keys=keys, demo=demo))


def run(services: Services, *command: str) -> Any:
    app = create_app(services)
    cli.register(app)
    return app.test_cli_runner().invoke(args=["secrets", *command])


@pytest.fixture
def secret(services: Services) -> str:
    """The secret of the first partner's endpoint, sealed with the old key."""
    create_partner(services.database, "Harbour")
    here = with_keys(services, OLD)
    prepare(here)
    wish = Wish("https://shop.example/hooks", ["*"])
    return here.webhooks.secret(here.webhooks.create(Reach(1), Form.EVENTS, wish, here.clock()))


def read(services: Services) -> str:
    return services.webhooks.secret(services.webhooks.all(Reach(1))[0])


def test_without_a_setting_the_secret_key_seals(services: Services) -> None:
    assert services.settings.sealing_keys == (services.settings.secret_key,)


def test_a_machine_with_another_key_does_not_start_and_is_told_what_to_set(services: Services, secret: str) -> None:
    for other in (with_keys(services), with_keys(services, NEW)):
        with pytest.raises(click.ClickException, match="PORTAL_ENCRYPTION_KEYS"):
            prepare(other)
    prepare(with_keys(services, NEW, OLD))
    prepare(with_keys(services, NEW, demo=True))  # a demo goes on, and says so
    assert read(with_keys(services, OLD)) == secret


def test_a_key_is_replaced_and_the_old_one_left_out(services: Services, secret: str) -> None:
    done = run(with_keys(services, NEW, OLD), "reseal")
    assert done.output.startswith("1 endpoints of partners")
    prepare(with_keys(services, NEW))
    assert read(with_keys(services, NEW)) == secret


def test_a_lost_key_costs_the_secrets_alone_and_only_when_that_is_said(services: Services, secret: str) -> None:
    machine = with_keys(services, NEW)
    refused = run(machine, "reseal")
    assert (refused.exit_code, "--lost" in refused.output) == (1, True)
    assert run(machine, "reseal", "--lost").exit_code == 0
    prepare(machine)
    assert read(machine) not in {secret, ""}
