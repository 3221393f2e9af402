"""`flask partners ...`: e-commerce partners."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from portal.commands.shared import services
from portal.commands.webhooks import webhooks
from portal.partners import accounts

partners = AppGroup("partners", help="Partners who book over OCTO.")
partners.add_command(webhooks)


@partners.command("create")
@click.argument("name")
@click.option("--supplier", help="Bind the key to one supplier; without it, the portal's own, which sells everything.")
@click.option("--sandbox", is_flag=True, help="Bookings with this key are tests and take no places.")
def partners_create(name: str, supplier: str | None, sandbox: bool) -> None:
    """Make a partner and print its key, alone, on standard output. It is shown only this once."""
    here = services()
    here.database.upgrade()
    try:
        key = accounts.create_partner(here.database, name, supplier=supplier, sandbox=sandbox)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    click.echo(key)
