"""`flask partners webhooks ...`: where partners are told what happens, and how that went."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

import click
from flask.cli import AppGroup

from portal.commands.shared import partner_named, services
from portal.webhooks import log
from portal.webhooks.endpoints import Wish
from portal.webhooks.model import Endpoint, Form, Reach, State, WebhookError

webhooks = AppGroup("webhooks", help="Where partners are told what happens. PARTNER is a name or a number.")

identity = click.argument("identity", metavar="ID", type=click.UUID)


def for_partner(command: Callable[..., None]) -> Callable[..., None]:
    """Take the partner as the command's first argument, and tell what is refused."""

    @click.argument("partner")
    @wraps(command)
    def found(partner: str, **given: Any) -> None:
        try:
            command(Reach(partner_named(partner).id), **given)
        except WebhookError as error:
            raise click.ClickException(str(error)) from error

    return found


@webhooks.command("list")
@for_partner
def show(reach: Reach) -> None:
    """List a partner's endpoints."""
    for one in services().webhooks.all(reach):
        off = f" off ({one.disabled_why})" if one.disabled_at else ""
        tests = " test" if one.test else ""
        click.echo(f"{one.id} {one.form}{tests}{off} {one.url} {','.join(one.types)}")


@webhooks.command("add")
@for_partner
@click.argument("url")
@click.option("--type", "types", multiple=True, help="What to tell, several times; booking.* stands for all of a kind.")
@click.option("--octo", is_flag=True, help="Tell it as OCTO's notifications do; types are then OCTO's.")
@click.option("--test", is_flag=True, help="Tell it of test bookings instead of real ones.")
def add(reach: Reach, url: str, types: tuple[str, ...], octo: bool, test: bool) -> None:
    """Make an endpoint and print its id and its secret."""
    form = Form.OCTO if octo else Form.EVENTS
    wish = Wish(url, types or _everything(form), test=test)
    made = services().webhooks.create(reach, form, wish, services().clock())
    _print_secret(made)


@webhooks.command("rotate")
@for_partner
@identity
def rotate(reach: Reach, identity: UUID) -> None:
    """Give an endpoint a new secret and print it; for a day messages are signed by the old one too."""
    _print_secret(services().webhooks.rotate(reach, identity, services().clock()))


@webhooks.command("remove")
@for_partner
@identity
def remove(reach: Reach, identity: UUID) -> None:
    """Remove an endpoint with its log and all that was to be told to it."""
    services().webhooks.remove(reach, identity)


def _switch(name: str, told: str, *, on: bool) -> Callable[..., None]:
    @webhooks.command(name, help=told)
    @for_partner
    @identity
    def switch(reach: Reach, identity: UUID) -> None:
        services().webhooks.switch(reach, identity, services().clock(), on=on)

    return switch


_switch("on", "Switch an endpoint on again.", on=True)
_switch("off", "Switch an endpoint off; what waits for it is given up, and can be replayed.", on=False)


@webhooks.command("ping")
@for_partner
@identity
def ping(reach: Reach, identity: UUID) -> None:
    """Send a message that only tries whether an endpoint answers; print the number of the delivery."""
    click.echo(log.ping(services().database, reach, identity, services().clock()))


@webhooks.command("deliveries")
@for_partner
@click.option("--endpoint", type=click.UUID)
@click.option("--state", type=click.Choice([state.value for state in State]))
@click.option("--type", "kind", help="An event's type, or how it begins.")
@click.option("--about", help="A booking's uuid, another subject, or the id of a message.")
@click.option("--before", type=int, help="Only older ones than this number.")
def deliveries(
    reach: Reach, endpoint: UUID | None, state: str | None, kind: str | None, about: str | None, before: int | None
) -> None:
    """List deliveries, the newest first."""
    wanted = log.Filter(endpoint, State(state) if state else None, kind, about, before)
    for one in log.search(services().database, reach, wanted):
        last = one.tries[-1] if one.tries else None
        outcome = (last.status or last.error) if last else "-"
        moment = one.created_at.isoformat(timespec="seconds")
        click.echo(f"{one.id} {moment} {one.state} {len(one.tries)} {outcome} {one.type} {one.subject} {one.message}")


@webhooks.command("replay")
@for_partner
@click.argument("numbers", nargs=-1, type=int)
@click.option("--dead", "endpoint", type=click.UUID, help="All that was given up for this endpoint.")
def replay(reach: Reach, numbers: tuple[int, ...], endpoint: UUID | None) -> None:
    """Deliver again, under the same id."""
    here = services()
    for number in numbers:
        log.replay(here.database, reach, number, here.clock())
    count = log.replay_dead(here.database, reach, endpoint, here.clock()) if endpoint else 0
    click.echo(f"{len(numbers) + count} to be delivered again")


def _everything(form: Form) -> tuple[str, ...]:
    return ("BOOKING_UPDATE", "AVAILABILITY_UPDATE", "PRODUCT_UPDATE") if form is Form.OCTO else ("*",)


def _print_secret(one: Endpoint) -> None:
    click.echo(f"{one.id} {services().webhooks.secret(one)}")
