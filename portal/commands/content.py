"""`flask content ...`: the content directory."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from portal.catalog import pins
from portal.catalog.compiler import Compiler
from portal.catalog.problems import ContentError
from portal.catalog.store import MEMORY
from portal.commands.shared import compiled, fail, services
from portal.editing.takers import PRODUCTS

content = AppGroup("content", help="The content directory: check it, pin translations, list what lacks sources.")


@content.command("check")
@click.option("--strict", is_flag=True, help="Also report translations that are not made from the present source.")
def content_check(strict: bool) -> None:
    """Read every file and report every mistake with its file, line and field."""
    settings = services().settings
    compiler = Compiler(settings.content, MEMORY, PRODUCTS)
    try:
        report = compiler.compile()
    except ContentError as error:
        fail(error.problems)
    problems = list(report.problems)
    if strict:
        problems += pins.stale_translations(settings.content, compiler.site().source_language)
    if problems:
        fail(problems)
    click.echo(f"{len(report.listings)} listings, no problem found")


@content.command("pin")
def content_pin() -> None:
    """Write into each translation which state of the source text it was made from."""
    settings = services().settings
    compiler = Compiler(settings.content, MEMORY, PRODUCTS)
    compiler.compile()
    click.echo(f"{pins.pin_all(settings.content, compiler.site().source_language)} files pinned anew")


@content.command("unverified")
def content_unverified() -> None:
    """List the listings whose facts name no source."""
    catalog = compiled()
    for identity in catalog.ids():
        source = catalog.source_of(identity)
        if source and not source[0].sources:
            click.echo(identity)
