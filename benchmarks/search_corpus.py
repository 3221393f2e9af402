"""Made-up listings as search documents, without content files and catalog in between."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from random import Random

from benchmarks import corpus_facts
from benchmarks.corpus_texts import Material, language_file
from portal.catalog import yaml
from portal.catalog.facts import PLACES
from search.model import Document, Text
from tools.console import ROOT


def documents(listings: int) -> Iterator[Document]:
    """Yield so many listings in every language; the same each time."""
    material = Material.of_content()
    for number in range(listings):
        yield document(number, material)


def document(number: int, material: Material) -> Document:
    """Return one listing."""
    facts, kind = corpus_facts.facts(number), corpus_facts.kind(number)
    location = facts.get("location")
    district, tags = facts.get("district"), tuple(facts["tags"])
    return Document(
        id=corpus_facts.identity(number),
        kind=kind,
        slug=corpus_facts.identity(number).partition("/")[2],
        district=district,
        tags=tags,
        location=(location["lat"], location["lon"]) if location else None,
        place=kind in PLACES,
        hours=facts.get("opening_hours"),
        price=facts["price"]["level"] if "price" in facts else None,
        texts={tag: _text(number, tag, material, district, tags) for tag in material.languages},
    )


def _text(number: int, tag: str, material: Material, district: str | None, tags: tuple[str, ...]) -> Text:
    place = number % 100 not in corpus_facts.BEYOND_PLACES
    file = language_file(Random(f"{number} {tag}"), number, tag, material, place=place)
    paragraphs = [block.removeprefix("## ") for block in file.blocks]
    return Text(
        name=file.front["name"],
        other_names=tuple(file.front["other_names"]),
        summary=file.front["summary"],
        body="\n".join([*paragraphs, *file.front["tips"], file.front.get("address", "")]),
        tags=tuple(_names("tags", slug).get(tag, "") for slug in tags),
        district=_names("districts", district).get(tag, "") if district else "",
    )


@cache
def _names(folder: str, slug: str) -> dict[str, str]:
    file = ROOT / "content" / folder / f"{slug}.yaml"
    names: dict[str, str] = yaml.load(file.read_text("utf-8"), file.name)["names"]
    return names
