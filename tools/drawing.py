"""Draws with the browser: contact sheets of all illustrations and of all cards, and the pictures for shared links.

Runs in the project's environment (`make contact-sheet`, `make share-images`); docs/illustrations.md tells what for.
"""

from __future__ import annotations

import argparse
import base64
import logging
import shutil
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html import escape
from pathlib import Path

import structlog
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from portal.app import create_app
from portal.catalog.facts import KINDS
from portal.config import Settings
from portal.services import Services
from tools.console import ROOT, ToolError, run_command, say
from tools.packages import CHROMIUM

CONTENT = ROOT / "content"
BUILD = ROOT / "build"
GROUNDS = {"light": ("#ffffff", "#14343b"), "dark": ("#10191c", "#f7eedd")}
COLUMNS, CELL, MARGIN = 3, (600, 620), 20
VIEWS = ((600, 400), (320, 180), (180, 180))
"""The whole picture, then what a page's cards cut out of it about the centre; CSS pixels."""
SHARED = (1200, 630)
"""What networks show of a shared link, in pixels."""
WIDTH = 1440


def illustrations(content: Path = CONTENT) -> list[Path]:
    """Return the drawings of all listings, in the order of their addresses."""
    return sorted(content.glob("*/*/*.svg"))


def sheet(files: Sequence[Path], ground: str) -> str:
    """Return a page with every illustration: whole, as a wide card and as a square one."""
    background, ink = GROUNDS[ground]
    return (
        "<!doctype html><meta charset='utf-8'><style>"
        f"body{{margin:0;padding:{MARGIN}px 0 0 {MARGIN}px;background:{background};color:{ink};font:16px sans-serif;"
        "display:flex;flex-wrap:wrap;align-content:flex-start}"
        f"figure{{margin:0 {MARGIN}px {MARGIN}px 0;width:{CELL[0]}px;height:{CELL[1]}px}}"
        "img{object-fit:cover;margin-right:10px;display:inline-block}img:first-child{display:block}"
        f"</style>{''.join(map(_figure, files))}"
    )


def _figure(file: Path) -> str:
    address = _inline(file)
    views = "".join(f"<img src='{address}' width='{width}' height='{height}' alt=''>" for width, height in VIEWS)
    return f"<figure>{views}<figcaption>{escape(file.stem)}</figcaption></figure>"


def _inline(file: Path) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(file.read_bytes()).decode()}"


def to_share(content: Path = CONTENT, *, again: bool = False) -> list[tuple[Path, Path]]:
    """Return the drawings whose picture for shared links is missing, or all of them, with the picture's file."""
    pairs = ((file, file.with_suffix(".jpg")) for file in illustrations(content))
    return [(drawing, picture) for drawing, picture in pairs if again or not picture.exists()]


def share_images(browser: Browser, *, again: bool) -> None:
    """Write the pictures for shared links: the middle of each drawing, without text."""
    width, height = SHARED
    page = browser.new_page(viewport={"width": width, "height": height})
    for drawing, picture in to_share(again=again):
        style = f"display:block;width:{width}px;height:{height}px;object-fit:cover"
        page.set_content(f"<body style='margin:0'><img src='{_inline(drawing)}' style='{style}' alt=''>")
        _screenshot(page, picture, full=False)
    page.close()


def contact_sheets(browser: Browser, folder: Path, ground: str) -> None:
    """Write one sheet of all illustrations, and one a language with all cards as their lists show them.

    :raises ToolError: when there is nothing to draw.
    """
    files = illustrations()
    if not files:
        raise ToolError(f"No illustrations under {CONTENT}.")
    page = browser.new_page(viewport={"width": COLUMNS * (CELL[0] + MARGIN) + MARGIN, "height": 800})
    page.set_content(sheet(files, ground))
    _screenshot(page, folder / "contact-sheet.png")
    page.close()
    page = browser.new_page(
        viewport={"width": WIDTH, "height": 1000}, color_scheme="dark" if ground == "dark" else "light"
    )
    with serving() as (address, languages):
        for language in languages:
            _gather_cards(page, f"{address}/{language.lower()}")
            _screenshot(page, folder / f"cards-{language}.png")
    page.close()


def _gather_cards(page: Page, home: str) -> None:
    """Turn the page into one with the cards of every list."""
    cards = []
    for kind in KINDS:
        following: str | None = f"{home}/{kind}/"
        while following:
            page.goto(following)
            cards += [grid.inner_html() for grid in page.locator("main .grid").all()]
            onward = page.locator("a[rel=next]")
            following = onward.evaluate("link => link.href") if onward.count() else None
    every = "".join(cards).replace('loading="lazy"', "")
    whole = f'<div class="wrap page"><div class="grid">{every}</div></div>'
    page.evaluate("cards => { document.querySelector('main').innerHTML = cards }", whole)


def _screenshot(page: Page, file: Path, *, full: bool = True) -> None:
    page.wait_for_function("() => [...document.images].every(image => image.complete)")
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.suffix == ".jpg":
        page.screenshot(path=file, type="jpeg", quality=80, full_page=full)
    else:
        page.screenshot(path=file, full_page=full)
    say(f"Wrote {file}")


@contextmanager
def serving() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Serve the portal on a free port of this machine, without its log; give its address and its languages."""
    logging.disable(logging.INFO)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with tempfile.TemporaryDirectory(prefix="drawing-") as state:
        services = Services(Settings.from_environment({"PORTAL_STATE": state}))
        services.database.upgrade()
        services.intake().refresh()
        server = make_server("127.0.0.1", 0, create_app(services), threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", services.catalog.languages.tags
        finally:
            server.shutdown()
            server.server_close()
            services.close()


@contextmanager
def browser() -> Iterator[Browser]:
    """Give a browser without a window.

    :raises ToolError: when none is installed.
    """
    found = next(filter(None, map(shutil.which, CHROMIUM.commands)), None)
    if found is None:
        raise ToolError(f"None of {', '.join(CHROMIUM.commands)} is installed.")
    with sync_playwright() as playwright:
        # as root, in containers, Chromium's sandbox refuses to start
        started = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield started
        started.close()


def main() -> int:
    """Run one of the two commands."""
    parser = argparse.ArgumentParser(prog="drawing", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    sheets = commands.add_parser("contact-sheet", help="one PNG of all illustrations, one a language of all cards")
    sheets.add_argument("--to", type=Path, default=BUILD, help=f"a folder (default: {BUILD})")
    sheets.add_argument("--ground", choices=GROUNDS, default="light", help="the colour of the page")
    share = commands.add_parser("share-images", help="the pictures for shared links that are missing")
    share.add_argument("--all", action="store_true", help="draw every one again")
    options = parser.parse_args()
    with browser() as chromium:
        if options.command == "contact-sheet":
            contact_sheets(chromium, options.to, options.ground)
        else:
            share_images(chromium, again=options.all)
    return 0


if __name__ == "__main__":
    run_command(main)
