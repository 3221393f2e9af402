"""`flask search ...`: the search index."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup
from rich.progress import Progress

from portal.commands.shared import compiled, errors, services
from search.backend import SearchError

search = AppGroup("search", help="The search index: build it anew, see what serves.")


@search.command("rebuild")
def search_rebuild() -> None:
    """Build the index anew beside the one that serves, then swap."""
    here = services()
    total = len(compiled().ids())
    with Progress(console=errors) as progress:
        task = progress.add_task("Indexing", total=total)
        try:
            states = here.intake().rebuild_indexes(lambda done: progress.update(task, completed=done))
        except SearchError as error:
            raise click.ClickException(str(error)) from error
    for status in states:
        click.echo(f"{status.backend}: {status.index}, {status.documents} documents")


@search.command("status")
def search_status() -> None:
    """Say what serves: engine, index, documents, when it was built; exit 1 when an engine has no good index."""
    failed = False
    for engine in services().search_engines():
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
