"""The values of a unit's files into the rows that pages read; pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from pydantic import BaseModel

from portal.catalog.facts import FACTS, KINDS, Facts, PlaceFacts
from portal.catalog.problems import Problem
from portal.catalog.schema import Text
from portal.languages.model import Languages
from portal.languages.scripts import CONVERTIBLE, sort_key, traditional, with_tones

LAST = 1000
"""The place in lists of a listing without a position: after those that have one."""
FACTS_FILE = "listing.yaml"
Row = tuple[Any, ...]
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Value:
    """What is known of a file: `json` is its last good value, None when there never was one.

    :ivar model: the same, where it was parsed just now.
    """

    path: str
    mtime_ns: int
    hash: str
    json: str | None
    model: BaseModel | None = None

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.rpartition("/")[2]


@dataclass(frozen=True)
class Rows:
    """What pages read of a unit, by table; a unit that lacks something has none."""

    document: str | None = None
    listings: list[Row] = field(default_factory=list)
    texts: list[Row] = field(default_factory=list)
    shown: list[Row] = field(default_factory=list)
    listing_facets: list[Row] = field(default_factory=list)
    listing_places: list[Row] = field(default_factory=list)


def rows(unit: str, values: Mapping[str, Value], spoken: Languages) -> tuple[Rows, list[Problem]]:
    """Return the rows of a unit from its files' last good values, and what it lacks as a whole."""
    good = sorted((value for value in values.values() if value.json is not None), key=lambda value: value.path)
    if unit.partition("/")[0] not in KINDS:
        return Rows(document=good[0].json if good else None), []
    if not good:
        return Rows(), []
    facts = next((_model(value, FACTS[unit.partition("/")[0]]) for value in good if value.name == FACTS_FILE), None)
    texts = {tag: _model(value, Text) for value in good if (tag := _language(value.name)) in spoken.tags}
    problems = list(_shortcomings(unit, facts, texts, spoken.source.tag))
    if facts is None or not texts:
        return Rows(), problems
    return _listing(unit, facts, texts, good, spoken), problems


def _listing(unit: str, facts: Facts, own: Mapping[str, Text], values: Sequence[Value], spoken: Languages) -> Rows:
    kind, _, slug = unit.partition("/")
    made = _conversions(own, spoken)
    texts = {**own, **made}
    lat, lon = (facts.location.lat, facts.location.lon) if facts.location else (None, None)
    price, opening = _price_and_hours(facts)
    bookable = bool(facts.booking)
    row = (
        *(unit, kind, slug, facts.district, facts.position, _cover(unit, facts)),
        *(bookable, price, opening, lat, lon, pinyin(own, spoken.source.tag), _modified(values), _media(values)),
    )
    return Rows(
        listings=[row],
        texts=[
            (unit, tag, tag in made, text.name, text.summary, text.model_dump_json() if tag in made else None)
            for tag, text in texts.items()
        ],
        shown=list(_shown(unit, facts, texts, spoken)),
        listing_facets=[(facet, value, unit, kind, facts.district) for facet, value in dict.fromkeys(_facets(facts))],
        listing_places=[(place, unit) for place in dict.fromkeys(facts.leads_to)],
    )


def _model(value: Value, model: type[Model]) -> Model:
    """Return a good value as its model, which it may have been read as just now."""
    if isinstance(value.model, model):
        return value.model
    return model.model_validate_json(value.json or "")


def _language(name: str) -> str | None:
    """Return the language a file is in; None for files of no language."""
    return name.removesuffix(".md") if name.endswith(".md") else None


def _shortcomings(unit: str, facts: Facts | None, texts: Mapping[str, Text], source: str) -> Iterator[Problem]:
    """Yield what a unit lacks as a whole. Their path is the unit's, so that they are told from those of files."""
    if facts is None:
        yield Problem(unit, 1, "", "there is no good listing.yaml")
    if not texts:
        yield Problem(unit, 1, "", f"there is no good language file, such as {source}.md")
    for image in facts.images if facts else ():
        for tag, text in texts.items():
            if image.file not in text.alt:
                yield Problem(unit, 1, f"alt.{image.file}", f"{tag}.md does not say what the picture shows")


def _shown(unit: str, facts: Facts, texts: Mapping[str, Text], spoken: Languages) -> Iterator[Row]:
    """Yield for each of the portal's languages which text its readers see, and where it stands in their lists."""
    keys = {tag: sort_key(text.name, tag) for tag, text in texts.items()}
    kind = unit.partition("/")[0]
    for language in spoken:
        shown = next(tag for tag in (*spoken.fallback_tags(language), *texts) if tag in texts)
        yield language.tag, unit, kind, facts.position or LAST, keys[shown], shown


def _cover(unit: str, facts: Facts) -> str | None:
    """Return the id of the listing whose picture this one's card shows: its own, or that of where it leads first."""
    return unit if facts.images else next(iter(facts.leads_to), None)


def pinyin(texts: Mapping[str, Text], source: str) -> str:
    """Return the pinyin of the name in the source language, with tone marks; empty where that has none."""
    return with_tones(texts[source].name) if source in texts and source.startswith("zh") else ""


def _price_and_hours(facts: Facts) -> tuple[int | None, str | None]:
    if not isinstance(facts, PlaceFacts):
        return None, None
    return facts.price.level if facts.price else None, facts.opening_hours


def _facets(facts: Facts) -> Iterator[tuple[str, str]]:
    """Yield what the listing is found by, under the names of a selection."""
    yield from (("tag", tag) for tag in facts.tags)
    if isinstance(facts, PlaceFacts):
        yield from (("accessibility", aid) for aid in facts.accessibility)
        yield from (("speaks", tag) for tag in facts.languages_spoken)


def _modified(values: Sequence[Value]) -> str:
    newest = max(value.mtime_ns for value in values)
    return datetime.fromtimestamp(newest / 1e9, UTC).date().isoformat()


def _media(values: Sequence[Value]) -> str:
    """Return a version of the unit's pictures, for addresses that may be cached for good."""
    hashes = "".join(value.hash for value in values if not value.name.endswith((".md", ".yaml")))
    return hashlib.sha256(hashes.encode()).hexdigest()[:10]


def _conversions(texts: Mapping[str, Text], spoken: Languages) -> dict[str, Text]:
    """Return the texts that are made from another's by script conversion, because nobody wrote them."""
    return {
        target: converted(texts[source])
        for target, source in CONVERTIBLE.items()
        if source in texts and target not in texts and target in spoken.tags
    }


def converted(text: Text) -> Text:
    """Return a Simplified Chinese text in Traditional characters."""
    return text.model_copy(
        update={
            "name": traditional(text.name),
            "other_names": [traditional(name) for name in text.other_names],
            "summary": traditional(text.summary),
            "address": traditional(text.address),
            "directions": traditional(text.directions),
            "tips": [traditional(tip) for tip in text.tips],
            "alt": {file: traditional(words) for file, words in text.alt.items()},
            "translated_from": None,
            "body": traditional(text.body),
        }
    )
