"""`flask export`: the site as static files."""

from __future__ import annotations

import os
from pathlib import Path

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from portal.commands.shared import compiled, errors, services
from portal.config import server_address
from portal.export import plan
from portal.export.render import Job
from portal.export.run import run

COLUMNS = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())


@click.command("export")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--base-url", help="The address readers of the export use; PORTAL_BASE_URL when it is left out.")
@click.option("--live", help="The address of a running portal, for search, filters, bookings and reports.")
@click.option("--compress", is_flag=True, help="Write .gz and .br beside texts.")
@click.option("--processes", type=click.IntRange(1, 64), help="How many processes make pages; all processors' worth.")
def export(folder: Path, base_url: str | None, live: str | None, compress: bool, processes: int | None) -> None:
    """Write the whole site into DIR as static files, for any web server or CDN.

    What is killed half-way goes on where it was; files that did not change are not written again; others in DIR go.
    """
    settings = services().settings
    base = _address("--base-url", base_url) or settings.base_url
    if folder.is_dir() and any(folder.iterdir()) and not (folder / ".export").is_file():
        raise click.ClickException(f"{folder} has other files in it, and an export removes what is no part of it")
    compiled()
    job = Job.of(settings, folder.resolve(), base, _address("--live", live), compressed=compress)
    with Progress(*COLUMNS, console=errors) as progress:
        task = progress.add_task("Writing pages", total=plan.count())
        outcome = run(job, processes or os.cpu_count() or 1, lambda done: progress.advance(task, done))
        progress.update(task, total=outcome.pages)
    files = len(outcome.wanted)
    click.echo(f"{outcome.pages} pages, {files} files: {outcome.written} written, {outcome.removed} removed")


def _address(option: str, url: str | None) -> str | None:
    if url is None:
        return None
    address = server_address(url)
    if address is None:
        raise click.ClickException(f"{option} must be like https://tianjin.example, not {url!r}")
    return address
