"""`flask bookings ...`: what happens to bookings at the gate."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from portal.bookings.errors import BookingError
from portal.bookings.redemption import redeem
from portal.commands.shared import services

bookings = AppGroup("bookings", help="Bookings of visitors and partners.")


@bookings.command("redeem")
@click.argument("code")
@click.option("--supplier", help="Let in the guests of this supplier only.")
def bookings_redeem(code: str, supplier: str | None) -> None:
    """Mark the booking with this code as used and print what it was for."""
    here = services()
    try:
        booking = redeem(here.database, here.clock, code, supplier)
    except BookingError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{booking.reference} {booking.state} {booking.product.id} {booking.slot.id} {len(booking.tickets)}")
