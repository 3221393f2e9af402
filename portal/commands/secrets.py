"""`flask secrets ...`: what the database keeps sealed."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from portal.accounts import factors
from portal.commands.shared import services
from portal.sealing import proof
from portal.sealing.seal import Unopenable
from portal.services import Services
from portal.webhooks import keeping

secrets = AppGroup("secrets", help="What the database keeps sealed, under PORTAL_ENCRYPTION_KEYS.")


@secrets.command("reseal")
@click.option("--lost", is_flag=True, help="The old key is lost: endpoints whose secret nobody can read get a new one.")
def reseal(lost: bool) -> None:
    """Seal everything with the first key, so that the others can be left out of the setting."""
    here = services()
    try:
        count = keeping.seal_again(here.database, here.seal, lost=lost)
    except Unopenable as error:
        raise click.ClickException(f"{error}; name the old key too, or say --lost") from error
    factors.seal_again(here.database, here.seal)
    proof.renew(here.database, here.seal)
    click.echo(f"{count} endpoints of partners and the keys of authenticator apps sealed anew")


def prepare(here: Services) -> None:
    """Seal what an older version left readable, and look whether this machine has the key.

    :raises click.ClickException: when it has not, unless it is a demo, which then only tells.
    """
    try:
        proof.check(here.database, here.seal)
    except Unopenable as error:
        told = (
            f"The secrets in this database were {error}. Every machine needs the same keys; "
            "after the loss of one, `flask secrets reseal --lost` makes new secrets."
        )
        if not here.settings.demo:
            raise click.ClickException(told) from error
        click.secho(told, err=True, fg="yellow")
        return
    keeping.seal_plain(here.database, here.seal)
    factors.seal_plain(here.database, here.seal)
