"""Large content directories to measure with, written once under build/ and kept.

Every listing is put together from sentences of the project's own texts, so that sizes and scripts are those of real
ones. A listing depends on its number and on `content/` alone: the same corpus comes out on every machine.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from random import Random

from rich.progress import Progress

from benchmarks import corpus_facts
from benchmarks.corpus_texts import Material, language_file
from tools.console import ROOT

VERSION = 1
"""Part of a corpus' name: raise it when other files come out."""
SHARED = ("site.yaml", "closures.yaml", "districts", "tags")
"""What a corpus takes over from content/ as it is."""
CHUNK = 250
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 800"><path d="M0 0h1200v800H0z"/></svg>\n'
LINKS = 10_000
"""How many listings share one picture by hard links; file systems allow about 65,000 to a file."""


def ensure(listings: int) -> Path:
    """Return a content directory of so many listings in every language, writing it when it is not there yet."""
    root = ROOT / "build" / f"corpus-{VERSION}-{listings}"
    if not root.is_dir():
        unfinished = root.with_suffix(".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        write(unfinished, listings)
        unfinished.rename(root)
    return root


def write(root: Path, listings: int) -> None:
    """Write a content directory of so many listings, in as many processes as there are cores."""
    root.mkdir(parents=True)
    for name in SHARED:
        source = ROOT / "content" / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, root / name)
    _home_page(root / "site.yaml", listings)
    chunks = [range(start, min(start + CHUNK, listings)) for start in range(0, listings, CHUNK)]
    with multiprocessing.get_context("spawn").Pool(os.cpu_count()) as pool, Progress() as progress:
        task = progress.add_task(f"Writing {listings} listings", total=listings)
        for written in pool.imap_unordered(partial(_write_chunk, root), chunks):
            progress.advance(task, written)


def _home_page(site: Path, listings: int) -> None:
    """Let the home page pick places that the corpus has."""
    head, _, rest = site.read_text("utf-8").partition("\nhome:\n")
    tail = rest[rest.index("\ntimezone:") :]
    picks = "".join(f"  - {corpus_facts.identity(number)}\n" for number in range(min(6, listings)))
    site.write_text(f"{head}\nhome:\n{picks.rstrip()}{tail}", "utf-8")


def _write_chunk(root: Path, numbers: range) -> int:
    material = Material.of_content()
    for number in numbers:
        folder = root / corpus_facts.identity(number)
        folder.mkdir(parents=True)
        for name, text in files(number, material):
            (folder / name).write_text(text, "utf-8")
        if number % 100 not in corpus_facts.BEYOND_PLACES:
            _link_drawing(root, folder / corpus_facts.PICTURE, number)
    return len(numbers)


def files(number: int, material: Material) -> Iterator[tuple[str, str]]:
    """Yield the files of one listing, by name."""
    yield "listing.yaml", json.dumps(corpus_facts.facts(number), ensure_ascii=False, indent=1)
    place = number % 100 not in corpus_facts.BEYOND_PLACES
    for tag in material.languages:
        random = Random(f"{number} {tag}")
        yield f"{tag}.md", str(language_file(random, number, tag, material, place=place))


def _link_drawing(root: Path, target: Path, number: int) -> None:
    drawing = root / f".drawing-{number // LINKS}.svg"
    with suppress(FileExistsError), drawing.open("x") as file:
        file.write(DRAWING)
    target.hardlink_to(drawing)
