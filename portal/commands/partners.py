"""`flask partners ...`: e-commerce partners."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from portal.accounts import audit, people
from portal.accounts.model import Role
from portal.commands.shared import partner_named, services
from portal.commands.webhooks import webhooks
from portal.partners import accounts, keys

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


@partners.command("list")
def partners_list() -> None:
    """List partners: number, state, name."""
    for partner in accounts.all_partners(services().database):
        state = "live" if partner.approved else "asks for live" if partner.asked else "sandbox"
        click.echo(f"{partner.id}\t{state}\t{partner.name}")


@partners.command("member")
@click.argument("partner")
@click.argument("mail")
def partners_member(partner: str, mail: str) -> None:
    """Let somebody who has an account act for a partner, given by name or number."""
    here, found = services(), partner_named(partner)
    person = people.find(here.database, mail)
    if person is None:
        raise click.ClickException(f"there is no account {mail!r}")
    with here.database.write() as connection:
        people.give_role(connection, person.id, Role.PARTNER, (str(found.id),))
        audit.record(connection, here.clock(), "partner member added", subject=person.mail, detail=str(found.id))
    click.echo(f"{person.mail} acts for {found.name}")


@partners.command("approve")
@click.argument("partner")
def partners_approve(partner: str) -> None:
    """Let a partner, given by name or number, have live keys."""
    here, found = services(), partner_named(partner)
    with here.database.write() as connection:
        if accounts.approve(connection, found.id, here.clock()):
            audit.record(connection, here.clock(), "partner approved", subject=found.name)
    click.echo(f"{found.name} may have live keys")


@partners.command("limit")
@click.argument("partner")
@click.argument("requests", type=click.IntRange(0, 1_000_000))
def partners_limit(partner: str, requests: int) -> None:
    """Let each key of a partner send so many requests a minute; 0 is any number."""
    found = partner_named(partner)
    accounts.set_limit(services().database, found.id, requests)
    click.echo(f"{found.name}: {requests or 'any number of'} requests a minute")


@partners.command("revoke")
@click.argument("key")
def partners_revoke(key: str) -> None:
    """Make a key useless."""
    if not keys.revoke_key(services().database, key):
        raise click.ClickException("the key is unknown or revoked already")
    click.echo("revoked")
