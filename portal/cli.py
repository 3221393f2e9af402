"""The commands: `flask prepare`, `flask content ...`, `flask search ...`, `flask partners ...`."""

from __future__ import annotations

import sys
from typing import NoReturn

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from rich.console import Console
from rich.progress import Progress

from portal.catalog import pins
from portal.catalog.catalog import Catalog
from portal.catalog.compiler import MEMORY, Compiler
from portal.catalog.problems import ContentError, Problem
from portal.config import keep_secret
from portal.editing.intake import PRODUCTS
from portal.languages import catalogs
from portal.partners import accounts
from portal.services import Services
from search.backend import SearchError

content = AppGroup("content", help="The content directory: check it, pin translations, list what lacks sources.")
search = AppGroup("search", help="The search index: build it anew, see what serves.")
partners = AppGroup("partners", help="Partners who book over OCTO.")
errors = Console(stderr=True, highlight=False)


def register(app: Flask) -> None:
    """Add the commands to the application's."""
    for group in (content, search, partners):
        app.cli.add_command(group)
    app.cli.add_command(prepare)


def _services() -> Services:
    services: Services = current_app.extensions["portal"]
    return services


@click.command("prepare")
def prepare() -> None:
    """Bring database, catalog, products and search index up to this code and this content."""
    services = _services()
    services.database.upgrade()
    click.echo("Database ready")
    intake = services.intake()
    try:
        report = intake.refresh()
    except ContentError as error:
        _fail(error.problems)
    for problem in report.problems:
        click.secho(str(problem), err=True, fg="yellow")
    catalogs.check(services.settings.translations, services.catalog.languages)
    click.echo(f"Catalog ready: {len(services.catalog.ids())} listings, {len(report.changed)} units read anew")
    for status in intake.catch_up():
        click.echo(f"Search ready: {status.documents} documents in {status.backend}")
    if services.settings.demo:
        click.echo(f"Demo partner key: {_demo_key(services)}")


def _demo_key(services: Services) -> str:
    """Return the demo partner's key, made once and kept in the state folder: a demo, and on loopback only."""
    file = services.settings.state / "demo-partner-key"
    if file.is_file() and accounts.authenticate(services.database, file.read_text()):
        return file.read_text()
    file.unlink(missing_ok=True)
    return keep_secret(file, accounts.create_partner(services.database, "Demo partner"))


@content.command("check")
@click.option("--strict", is_flag=True, help="Also report translations that are not made from the present source.")
def content_check(strict: bool) -> None:
    """Read every file and report every mistake with its file, line and field."""
    settings = _services().settings
    compiler = Compiler(settings.content, MEMORY, PRODUCTS)
    try:
        report = compiler.compile()
    except ContentError as error:
        _fail(error.problems)
    problems = list(report.problems)
    if strict:
        problems += pins.stale_translations(settings.content, compiler.site().source_language)
    if problems:
        _fail(problems)
    click.echo(f"{len(report.listings)} listings, no problem found")


@content.command("pin")
def content_pin() -> None:
    """Write into each translation which state of the source text it was made from."""
    settings = _services().settings
    compiler = Compiler(settings.content, MEMORY, PRODUCTS)
    compiler.compile()
    click.echo(f"{pins.pin_all(settings.content, compiler.site().source_language)} files pinned anew")


@content.command("unverified")
def content_unverified() -> None:
    """List the listings whose facts name no source."""
    catalog = _compiled()
    for identity in catalog.ids():
        source = catalog.source_of(identity)
        if source and not source[0].sources:
            click.echo(identity)


@search.command("rebuild")
def search_rebuild() -> None:
    """Build the index anew beside the one that serves, then swap."""
    services = _services()
    total = len(_compiled().ids())
    with Progress(console=errors) as progress:
        task = progress.add_task("Indexing", total=total)
        try:
            states = services.intake().rebuild_indexes(lambda done: progress.update(task, completed=done))
        except SearchError as error:
            raise click.ClickException(str(error)) from error
    for status in states:
        click.echo(f"{status.backend}: {status.index}, {status.documents} documents")


@search.command("status")
def search_status() -> None:
    """Say what serves: engine, index, documents, when it was built; exit 1 when an engine has no good index."""
    failed = False
    for engine in _services().search_engines():
        try:
            status = engine.status()
        except SearchError as error:
            click.echo(f"{engine.name}: unavailable: {error}")
            failed = True
            continue
        state = "a rebuild is due" if status.stale else "current"
        click.echo(f"{engine.name}: {status.index}, {status.documents} documents, built {status.built_at}, {state}")
        failed = failed or status.stale
    sys.exit(1 if failed else 0)


@partners.command("create")
@click.argument("name")
@click.option("--supplier", help="Bind the key to one supplier; without it, the portal's own, which sells everything.")
@click.option("--sandbox", is_flag=True, help="Bookings with this key are tests and take no places.")
def partners_create(name: str, supplier: str | None, sandbox: bool) -> None:
    """Make a partner and print its key, alone, on standard output. It is shown only this once."""
    services = _services()
    services.database.upgrade()
    try:
        key = accounts.create_partner(services.database, name, supplier=supplier, sandbox=sandbox)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    click.echo(key)


def _compiled() -> Catalog:
    """Return the catalog, brought up to the content."""
    services = _services()
    compiler = services.compiler()
    try:
        compiler.compile()
    except ContentError as error:
        _fail(error.problems)
    finally:
        compiler.close()
    return services.catalog


def _fail(problems: list[Problem]) -> NoReturn:
    for problem in problems:
        click.echo(str(problem), err=True)
    click.echo(f"{len(problems)} problems", err=True)
    sys.exit(1)
