"""What the commands have in common."""

from __future__ import annotations

import sys
from typing import NoReturn, cast

import click
from flask import current_app
from rich.console import Console

from portal.catalog.catalog import Catalog
from portal.catalog.problems import ContentError, Problem
from portal.services import Services

errors = Console(stderr=True, highlight=False)
"""Where progress is shown, so that what a command answers stands alone on standard output."""


def services() -> Services:
    """Return the services of the application that the command runs in."""
    return cast(Services, current_app.extensions["portal"])


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


def fail(problems: list[Problem]) -> NoReturn:
    """Name every problem and end with exit code 1."""
    for problem in problems:
        click.echo(str(problem), err=True)
    click.echo(f"{len(problems)} problems", err=True)
    sys.exit(1)
