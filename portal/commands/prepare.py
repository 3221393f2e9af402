"""`flask prepare`: everything brought up to this code and this content."""

from __future__ import annotations

import click

from portal.accounts import factors
from portal.catalog.problems import ContentError
from portal.catalog.selection import Selection
from portal.commands.shared import fail, services, shown_when_slow
from portal.config import keep_secret
from portal.languages import catalogs
from portal.partners import accounts, keys
from portal.services import Services


@click.command("prepare")
def prepare() -> None:
    """Bring database, catalog, products and search index up to this code and this content."""
    here = services()
    here.database.upgrade()
    factors.seal_all(here.database, here.vault)
    click.echo("Database ready")
    intake = here.intake()
    try:
        with shown_when_slow("Reading the content") as progress:
            report = intake.compile(compiling=progress)
    except ContentError as error:
        fail(error.problems)
    for problem in report.problems:
        click.secho(str(problem), err=True, fg="yellow")
    catalogs.check(here.settings.translations, here.catalog.languages)
    click.echo(f"Catalog ready: {here.catalog.count(Selection())} listings, {len(report.changed)} units read anew")
    for taker in intake.takers():
        with shown_when_slow(f"Passing on to {taker.name}", total=len(here.catalog.ids())) as progress:
            status = taker.catch_up(progress)
        if status:
            click.echo(f"Search ready: {status.documents} documents in {status.backend}")
    if here.settings.demo:
        click.echo(f"Demo partner key: {_demo_key(here)}")


def _demo_key(here: Services) -> str:
    """Return the demo partner's key, made once and kept in the state folder: a demo, and on loopback only."""
    file = here.settings.state / "demo-partner-key"
    if file.is_file() and (known := keys.authenticate(here.database, file.read_text())):
        accounts.set_limit(here.database, known.partner.id, 0)  # whoever tries the demo may send what they like
        return file.read_text()
    file.unlink(missing_ok=True)
    return keep_secret(file, accounts.create_partner(here.database, "Demo partner", limit=0))
