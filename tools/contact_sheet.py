"""Draws every listing's illustration on one page: whole, as a wide card and as a square one, by one hand or not."""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Sequence
from html import escape
from math import ceil
from pathlib import Path

from tools import apt, packages
from tools.console import ROOT, ToolError, run_command, say
from tools.processes import interrupt_on_signals, run_quietly

CONTENT = ROOT / "content"
OUTPUT = ROOT / "build" / "contact-sheet.png"
CHROMIUM = next(package for package in packages.TEST if package.name == "chromium")

COLUMNS = 3
CELL = (600, 620)  # CSS pixels, picture and cards and caption
MARGIN = 20
GROUNDS = {"light": ("#ffffff", "#14343b"), "dark": ("#10191c", "#f7eedd")}

# the whole picture, then what a page's cards cut out of it about the centre
VIEWS = ((600, 400), (320, 180), (180, 180))


def illustrations(content: Path = CONTENT) -> list[Path]:
    """Return the drawings of all listings, in the order of their addresses."""
    return sorted(content.glob("*/*/*.svg"))


def size(count: int) -> tuple[int, int]:
    """Return width and height in CSS pixels of a sheet of so many illustrations."""
    width, height = CELL
    return COLUMNS * (width + MARGIN) + MARGIN, ceil(count / COLUMNS) * (height + MARGIN) + MARGIN


def sheet(files: Sequence[Path], ground: str) -> str:
    """Return the sheet as an HTML page."""
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
    address = escape(file.resolve().as_uri(), quote=True)
    views = "".join(f"<img src='{address}' width='{width}' height='{height}' alt=''>" for width, height in VIEWS)
    return f"<figure>{views}<figcaption>{escape(file.stem)}</figcaption></figure>"


def draw(files: Sequence[Path], output: Path, ground: str) -> None:
    """Write the sheet as a PNG.

    :raises ToolError: when there is nothing to draw, no browser, or the browser draws nothing.
    """
    if not files:
        raise ToolError(f"No illustrations under {CONTENT}.")
    browser = next(filter(None, map(shutil.which, CHROMIUM.commands)), None)
    if browser is None:
        raise ToolError(f"None of {', '.join(CHROMIUM.commands)} is installed.")
    output.parent.mkdir(parents=True, exist_ok=True)
    output.unlink(missing_ok=True)
    width, height = size(len(files))
    with tempfile.TemporaryDirectory(prefix="contact-sheet-") as folder:
        page = Path(folder) / "sheet.html"
        page.write_text(sheet(files, ground), encoding="utf-8")
        run_quietly(
            f"Drawing {len(files)} illustrations",
            (
                # as root, in containers, Chromium's sandbox refuses to start
                *(browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
                *(f"--user-data-dir={folder}/profile", f"--window-size={width},{height}"),
                *(f"--screenshot={output.resolve()}", page.as_uri()),
            ),
        )
    if not output.exists():
        raise ToolError(f"{browser} drew nothing.")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `make contact-sheet`."""
    interrupt_on_signals()
    parser = argparse.ArgumentParser(prog="contact_sheet", description=__doc__)
    parser.add_argument("output", nargs="?", type=Path, default=OUTPUT, help=f"a PNG file (default: {OUTPUT})")
    parser.add_argument("--ground", choices=GROUNDS, default="light", help="the colour of the page")
    options = parser.parse_args(arguments)
    apt.ensure((CHROMIUM,))
    draw(illustrations(), options.output, options.ground)
    say(f"Wrote {options.output}")
    return 0


if __name__ == "__main__":
    run_command(main)
