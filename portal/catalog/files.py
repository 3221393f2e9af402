"""One file of the content directory into a checked value. No file is opened here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from portal.catalog import markdown, yaml
from portal.catalog.facts import FACTS, KINDS, PLACES, Facts, ItineraryFacts
from portal.catalog.problems import ContentError, Problem
from portal.catalog.schema import Closures, District, FrontMatter, PlaceFrontMatter, Site, Synonyms, TagNames, Text

FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?P<head>(?:.*\n)+?)---[ \t]*\n(?P<body>[\s\S]*)\Z")
PICTURES = frozenset({".svg", ".jpg", ".jpeg", ".png", ".webp", ".avif"})
SLUG = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
BESIDE_LISTINGS: Mapping[str, type[BaseModel]] = MappingProxyType(
    {"site.yaml": Site, "closures.yaml": Closures, "districts": District, "tags": TagNames, "synonyms": Synonyms}
)
"""The models of the files that are no listing's, by the first part of their path."""
OF_LISTINGS = PICTURES | {".md"}
LARGEST_TEXT = 1024 * 1024
LARGEST_PICTURE = 32 * 1024 * 1024


class Picture(BaseModel):
    """That a picture file is there."""

    bytes: int


@dataclass(frozen=True)
class Known:
    """What a file may refer to, and the model a bookable product must fit."""

    products: TypeAdapter[Any]
    languages: Set[str] = frozenset()
    there: Callable[[str], bool] = lambda _path: False
    """Tells whether there is a file, by its path in the content directory."""


def unit_of(path: str) -> str | None:
    """Return what a content path belongs to: `site`, `districts/heping`, `dining/goubuli`; None for other files."""
    match path.split("/"):
        case [("site.yaml" | "closures.yaml") as name]:
            return name.removesuffix(".yaml")
        case [("districts" | "tags" | "synonyms") as folder, name] if name.endswith(".yaml"):
            return f"{folder}/{name.removesuffix('.yaml')}"
        case [kind, slug, name] if kind in KINDS and is_listing_file(name):
            return f"{kind}/{slug}"
    return None


def is_listing_file(name: str) -> bool:
    """Tell whether a file of that name in a listing's folder is part of the listing."""
    return not name.startswith(".") and (name == "listing.yaml" or _suffix(name) in OF_LISTINGS)


def _suffix(path: str) -> str:
    stem, dot, suffix = path.rpartition(".")
    return dot + suffix if stem else ""


def largest(path: str) -> int:
    """Return how many bytes a file may have: more is a slip, and would take the memory of a serving site."""
    return LARGEST_PICTURE if _suffix(path) in PICTURES else LARGEST_TEXT


def parse(path: str, content: bytes, known: Known) -> BaseModel:
    """Return the checked value of one file that belongs to a unit.

    :raises ContentError: with every mistake in it.
    """
    if _suffix(path) in PICTURES:
        return Picture(bytes=len(content))
    if path.startswith("synonyms/"):
        _check_language(path, known)
    else:
        _check_slug(path)
    text = _decoded(path, content)
    if path.endswith(".md"):
        return _language_file(path, text, known)
    value = yaml.load(text, path)
    if model := BESIDE_LISTINGS.get(path.partition("/")[0]):
        return yaml.checked(model, value, text, path)
    facts = yaml.checked(FACTS[path.partition("/")[0]], value, text, path)
    if problems := [*_references(path, text, facts, known), *_products(path, text, facts, known)]:
        raise ContentError(problems)
    return facts


def _check_slug(path: str) -> None:
    slug = (unit_of(path) or "").rpartition("/")[2]
    if not SLUG.match(slug):
        raise ContentError([Problem(path, 1, "", f"{slug!r} is not lower-case words joined by hyphens")])


def _decoded(path: str, content: bytes) -> str:
    try:
        return content.decode().removeprefix("\ufeff").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ContentError([Problem(path, line, "", "not UTF-8 text")]) from error


def _check_language(path: str, known: Known) -> None:
    tag = path.rpartition("/")[2].rpartition(".")[0]
    if tag not in known.languages:
        expected = ", ".join(sorted(known.languages))
        raise ContentError([Problem(path, 1, "", f"{tag!r} is no language of site.yaml; expected one of {expected}")])


def _language_file(path: str, text: str, known: Known) -> Text:
    _check_language(path, known)
    match = FRONT_MATTER.match(text)
    if match is None:
        raise ContentError([Problem(path, 1, "", "expected front matter between two lines of --- and a body after it")])
    head, body = match["head"], match["body"].strip()
    model = PlaceFrontMatter if path.startswith(PLACES) else FrontMatter
    front = yaml.checked(model, yaml.load(head, path, 2), head, path, 2)
    if not body:
        raise ContentError([Problem(path, text.count("\n"), "body", "expected a text below the front matter")])
    return Text.model_construct(**dict(front), body=markdown.to_html(body))  # the front matter has been checked


def _references(path: str, text: str, facts: Facts, known: Known) -> list[Problem]:
    """Return what the facts name that is not there."""
    folder = path.rpartition("/")[0]
    wanted = [
        *((("district",), f"districts/{name}.yaml") for name in [facts.district] if name),
        *((("tags", n), f"tags/{tag}.yaml") for n, tag in enumerate(facts.tags)),
        *((at, f"{folder}/{file}") for at, file in _pictures(facts)),
        *((at, f"{listing}/listing.yaml") for at, listing in _listings(facts)),
    ]
    missing = [(at, file) for at, file in wanted if not known.there(file)]
    if not missing:
        return []
    lines = yaml.Lines(text)
    return [Problem(path, lines.of(at), ".".join(map(str, at)), f"there is no {file}") for at, file in missing]


def _pictures(facts: Facts) -> Iterator[tuple[tuple[str | int, ...], str]]:
    yield from ((("images", n, "file"), image.file) for n, image in enumerate(facts.images))
    if facts.share_image:
        yield ("share_image",), facts.share_image


def _listings(facts: Facts) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for n, listing in enumerate(facts.leads_to):
        yield ("stops", n, "place") if isinstance(facts, ItineraryFacts) else ("places", n), listing


def _products(path: str, text: str, facts: Facts, known: Known) -> list[Problem]:
    try:
        known.products.validate_python(facts.booking)
    except ValidationError as error:
        return yaml.problems_of(error, text, path, within=("booking",))
    return []
