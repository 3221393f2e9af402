"""What the commands have in common."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import NoReturn, Protocol, cast

import click
from flask import current_app
from rich.console import Console
from rich.progress import Progress

from portal.catalog.catalog import Catalog
from portal.catalog.problems import ContentError, Problem
from portal.partners.accounts import find_partners
from portal.partners.model import Partner
from portal.services import Services

errors = Console(stderr=True, highlight=False)
"""Where progress is shown, so that what a command answers stands alone on standard output."""


SLOW_S = 1.0


class Advance(Protocol):
    """Is told how much is done, of how much."""

    def __call__(self, done: int, of: int | None = None, /) -> None:
        """Show it."""
        ...


def services() -> Services:
    """Return the services of the application that the command runs in."""
    return cast(Services, current_app.extensions["portal"])


def partner_named(name: str) -> Partner:
    """Return the partner of a name or number.

    :raises click.ClickException: when there is none, or several are called so.
    """
    found = find_partners(services().database, name)
    if len(found) != 1:
        numbers = ", ".join(str(one.id) for one in found)
        why = f"several partners are called so, by number: {numbers}" if found else f"there is no partner {name!r}"
        raise click.ClickException(why)
    return found[0]


def compiled() -> Catalog:
    """Return the catalog, brought up to the content."""
    here = services()
    compiler = here.compiler()
    try:
        compiler.compile()
    except ContentError as error:
        fail(error.problems)
    finally:
        compiler.close()
    return here.catalog


@contextmanager
def shown_when_slow(what: str, total: int | None = None) -> Iterator[Advance]:
    """Give what is told how far some work is; a bar shows it once the work takes longer than a second.

    :param total: how much there is to do, when the work does not say.
    """
    began = time.monotonic()
    with ExitStack() as stack:
        bar = Progress(console=errors, transient=not errors.is_terminal)
        task = bar.add_task(what, total=total)

        def advance(done: int, of: int | None = None) -> None:
            if not bar.live.is_started and time.monotonic() - began > SLOW_S:
                stack.enter_context(bar)
            bar.update(task, completed=done, total=of or total)

        yield advance


def fail(problems: list[Problem]) -> NoReturn:
    """Name every problem and end with exit code 1."""
    for problem in problems:
        click.echo(str(problem), err=True)
    click.echo(f"{len(problems)} problems", err=True)
    sys.exit(1)
