"""Pages per second of `flask export`, beside Hugo building as many pages of about the same sizes."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks import hugo
from benchmarks.servers import Site, free_port
from tools.console import ROOT, ToolError, say
from tools.environment import BIN

LISTINGS = 1000
ROUNDS = 3
KINDS = ("attractions", "dining", "entertainment")
BASE = "https://tianjin.example"


@dataclass(frozen=True)
class Build:
    """A site that was built from its sources: seconds, listing pages, all pages, bytes of a listing page."""

    seconds: float
    listings: int
    pages: int
    size: float

    @property
    def rate(self) -> float:
        """Pages per second, of all kinds: both sides write a driver's card for each place and language as well."""
        return self.pages / self.seconds


def measure() -> str:
    """Build both in turn, each from its sources into an empty folder."""
    with tempfile.TemporaryDirectory(prefix="portal-bench-export-") as name:
        folder = Path(name)
        portal = Site(folder, free_port(), folder / "content")
        multiply(ROOT / "content", portal.content, LISTINGS)
        pages: dict[str, list[Build]] = {"Hugo": [], "flask export": []}
        sample = _export(portal, folder / "out")
        hugo.write(portal.content, folder / "hugo", size=round(sample.size))
        for _ in range(ROUNDS):
            pages["Hugo"].append(_hugo(folder / "hugo", folder / "hugo-out"))
            pages["flask export"].append(_export(portal, folder / "out"))
            say("  " + ", ".join(f"{name}: {builds[-1].rate:.0f}/s" for name, builds in pages.items()))
    return report(pages)


def report(builds: Mapping[str, list[Build]]) -> str:
    """Return the table of medians, and the ratio to the first."""
    reference = median(build.rate for build in next(iter(builds.values())))
    lines = []
    for name, each in builds.items():
        rates, last = [build.rate for build in each], each[-1]
        lines.append(
            f"{name:13} {median(rates):6.0f} pages/s ({min(rates):.0f}-{max(rates):.0f})  "
            f"ratio {median(rates) / reference:5.2f}  "
            f"{last.pages} pages, {last.listings} of them listings' of {last.size:.0f} bytes"
        )
    return "\n".join(lines)


def multiply(source: Path, content: Path, listings: int) -> None:
    """Write a content directory with so many places: those there are, again and again, under names of their own."""
    shutil.copytree(source, content)
    places = [folder for kind in KINDS for folder in sorted((source / kind).iterdir()) if _is_plain(folder)]
    for kind in ("events", "itineraries", "guides"):
        shutil.rmtree(content / kind, ignore_errors=True)
    present = sum(1 for kind in KINDS for _ in (content / kind).iterdir())
    for number in range(listings - present):
        place = places[number % len(places)]
        copy = content / place.parent.name / f"{place.name}-{number}"
        copy.mkdir()
        for file in place.iterdir():
            if file.suffix == ".md":
                text = file.read_text("utf-8")
                copy.joinpath(file.name).write_text(
                    re.sub(r"(?m)^name: (.*[^'\"\n])$", rf"name: \1 {number}", text, count=1)
                )
            elif file.suffix == ".yaml":
                shutil.copy(file, copy)
            else:
                copy.joinpath(file.name).hardlink_to(content / place.parent.name / place.name / file.name)


def _is_plain(folder: Path) -> bool:
    """Tell whether a place can be written twice: products on sale have names of their own."""
    return "\nbooking:" not in (folder / "listing.yaml").read_text("utf-8")


def _export(portal: Site, out: Path) -> Build:
    shutil.rmtree(out, ignore_errors=True)
    shutil.rmtree(portal.folder / "state", ignore_errors=True)
    return _built((str(BIN / "flask"), "export", str(out), "--base-url", BASE), out, portal.environ)


def _hugo(source: Path, out: Path) -> Build:
    shutil.rmtree(out, ignore_errors=True)
    return _built(("hugo", "--quiet", "--source", str(source), "--destination", str(out)), out, None)


def _built(command: tuple[str, ...], out: Path, environ: Mapping[str, str] | None) -> Build:
    began = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    seconds = time.monotonic() - began
    if done.returncode:
        raise ToolError(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    pages = list(out.rglob("*.html"))
    listings = [
        page.stat().st_size
        for page in pages
        if page.name == "index.html" and page.parent.parent.name in KINDS and page.parent.name != "page"
    ]
    return Build(seconds, len(listings), len(pages), sum(listings) / len(listings))
