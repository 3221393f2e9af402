"""`flask search ...`: the search index."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence

import click
from flask.cli import AppGroup

from portal.catalog.search_document import Documents
from portal.commands.shared import compiled, services, shown_when_slow
from portal.editing.takers import SearchIndex
from search.backend import SearchBackend, SearchError
from search.drift import Drift, compare, digests
from search.model import IndexStatus

SETTLED_S = 2.0
"""What an edit of just now has reached by then."""
NAMED = 20
"""Ids that one line names."""

search = AppGroup("search", help="The search index: build it anew, verify it, go back to the one before.")


@search.command("rebuild")
def search_rebuild() -> None:
    """Build every index anew beside the one that serves, then swap."""
    total = len(compiled().ids())
    for index in services().intake().indexes():
        with shown_when_slow(f"Indexing into {index.name}", total=total) as progress:
            try:
                status = index.rebuild(progress)
            except SearchError as error:
                raise click.ClickException(f"{index.name}: {error}") from error
        _say(status)


@search.command("rollback")
def search_rollback() -> None:
    """Let the index before the one that serves serve again, brought up to the catalog first."""
    catalog = compiled()
    for engine in services().search_engines():
        try:
            _say(engine.rollback(Documents(catalog)))
        except SearchError as error:
            raise click.ClickException(f"{engine.name}: {error}") from error


@search.command("verify")
@click.option("--repair", is_flag=True, help="Index anew what differs.")
def search_verify(repair: bool) -> None:
    """Compare every document of every index with the catalog; exit 1 when one differs or cannot be asked."""
    catalog = compiled()
    documents = Documents(catalog)
    with shown_when_slow("Reading the catalog", total=len(catalog.ids())) as progress:
        expected = digests(documents, progress)
    engines, indexes = services().search_engines(), services().intake().indexes()
    good = [_verify(*pair, expected, repair=repair) for pair in zip(engines, indexes, strict=True)]
    sys.exit(0 if all(good) else 1)


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
        behind = services().lag(engine.name).known()
        state = "a rebuild is due" if status.stale else "behind, embedded search stands in" if behind else "current"
        click.echo(f"{engine.name}: {status.index}, {status.documents} documents, built {status.built_at}, {state}")
        failed = failed or status.stale or behind
    sys.exit(1 if failed else 0)


def _say(status: IndexStatus) -> None:
    click.echo(f"{status.backend}: {status.index}, {status.documents} documents")


def _verify(engine: SearchBackend, index: SearchIndex, expected: Mapping[str, str], *, repair: bool) -> bool:
    """Say how an index differs; return whether it agrees with the catalog, perhaps after a repair."""
    try:
        drift = _drift(engine, expected)
        if repair and drift:
            index.update(sorted(drift.ids))
    except SearchError as error:
        click.echo(f"{engine.name}: unavailable: {error}")
        return False
    for name in ("missing", "extra", "different"):
        _name(engine.name, name, getattr(drift, name))
    if not drift:
        click.echo(f"{engine.name}: all {len(expected)} documents agree with the catalog")
    elif repair:
        click.echo(f"{engine.name}: repaired")
    return repair or not drift


def _drift(engine: SearchBackend, expected: Mapping[str, str]) -> Drift:
    """Return how an index differs, without what was only being passed on just now."""
    drift = compare(expected, engine.indexed())
    if not drift:
        return drift
    time.sleep(SETTLED_S)
    now = digests(Documents(services().catalog, sorted(drift.ids)))
    rest = {id: digest for id, digest in expected.items() if id not in drift.ids}
    return compare(rest | now, engine.indexed()).only(drift.ids)


def _name(engine: str, what: str, ids: Sequence[str]) -> None:
    if ids:
        more = f" and {len(ids) - NAMED} more" if len(ids) > NAMED else ""
        click.echo(f"{engine}: {len(ids)} {what}: {', '.join(ids[:NAMED])}{more}")
