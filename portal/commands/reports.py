"""`flask reports ...`: mistakes that visitors reported."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from portal.commands.shared import services
from portal.reports.reports import settle, waiting

reports = AppGroup("reports", help="Mistakes that visitors reported: list them, settle them.")


@reports.command("list")
def reports_list() -> None:
    """List the reports nobody has settled, oldest first."""
    for report in waiting(services().database):
        who = f" <{report.email}>" if report.email else ""
        click.echo(f"{report.id}  {report.created_at:%Y-%m-%d %H:%M}  {report.listing}  {report.subject}{who}")
        click.echo(f"    [{report.language}] {report.message!r}")


@reports.command("settle")
@click.argument("identity", type=int)
def reports_settle(identity: int) -> None:
    """Mark a report as settled."""
    here = services()
    if not settle(here.database, identity, here.clock()):
        raise click.ClickException(f"no report {identity} waits")
