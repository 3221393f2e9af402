"""`flask seo ...`: what search engines find on the running site."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup
from rich.progress import Progress

from portal.commands.shared import errors, services
from portal.seo.crawl import NoSite, crawl
from portal.seo.rules import findings

seo = AppGroup("seo", help="What search engines find: walk the running site and judge it.")


@seo.command("audit")
@click.option("--url", help="Where the site runs; PORTAL_BASE_URL when it is left out.")
def audit(url: str | None) -> None:
    """Walk the running site; exit 1 and say where when a rule is broken."""
    base = (url or services().settings.base_url).rstrip("/")
    try:
        with Progress(console=errors) as progress:
            task = progress.add_task("Walking the site")
            site = crawl(base, lambda done, known: progress.update(task, completed=done, total=known))
    except NoSite as error:
        raise click.ClickException(str(error)) from error
    found = list(findings(site))
    for finding in found:
        click.echo(str(finding))
    click.echo(f"{len(site.pages)} pages, {len(site.sitemap)} in sitemaps, {len(found)} findings")
    sys.exit(1 if found else 0)
