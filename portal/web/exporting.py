"""The site as static files: what pages leave out or link differently when no portal answers behind them."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, current_app

EXTENSION = "portal-export"
PAGED = frozenset({"visitors.listings", "visitors.district", "visitors.map"})
"""Lists, whose pages have addresses of their own in an export."""


@dataclass(frozen=True)
class Export:
    """An export that pages are made for.

    :param live: the address of a running portal that does what static files cannot; None when there is none.
    """

    live: str | None = None


def begin(app: Flask, export: Export) -> None:
    """Make all pages of an application for an export from now on."""
    app.extensions[EXTENSION] = export


def exporting() -> Export | None:
    """Return the export that pages are made for; None when they are served."""
    export: Export | None = current_app.extensions.get(EXTENSION)
    return export


def page_suffix(number: int | str) -> str:
    """Return what the address of a list's further page ends with."""
    return f"page/{number}/" if exporting() else f"?page={number}"


def static_address(endpoint: str, address: str, number: int) -> str:
    """Return the address under which an export has a page.

    :param address: the one it is served under, without the page's number in its list.
    """
    if number != 1:
        return f"{address}page/{number}/"
    return f"{address}/" if endpoint == "visitors.driver" else address
