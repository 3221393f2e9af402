"""The commands beside Flask's own: `flask prepare`, `flask content ...`, and so on; a module each."""

from __future__ import annotations

from flask import Flask

from portal.commands.accounts import accounts
from portal.commands.bookings import bookings
from portal.commands.content import content
from portal.commands.export import export
from portal.commands.partners import partners
from portal.commands.prepare import prepare
from portal.commands.reports import reports
from portal.commands.search import search
from portal.commands.secrets import secrets
from portal.commands.seo import seo
from portal.commands.worker import worker


def register(app: Flask) -> None:
    """Add the commands to the application's."""
    for command in (prepare, content, search, accounts, bookings, partners, secrets, reports, seo, export, worker):
        app.cli.add_command(command)
