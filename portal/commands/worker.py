"""`flask worker`: the jobs that wait in the database."""

from __future__ import annotations

import signal
import threading

import click
from flask.cli import with_appcontext

from portal.commands.shared import services


@click.command("worker")
@with_appcontext
@click.option("--once", is_flag=True, help="Do what is due now, and end.")
def worker(once: bool) -> None:
    """Send letters and webhooks until told to stop. Servers with PORTAL_WORKER=off leave that to this command."""
    here = services()
    if once:
        click.echo(f"{here.worker().drain()} jobs done")
        return
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    here.work(stop)
