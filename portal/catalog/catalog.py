"""What pages read of the city: listings, districts, tags and the site, in the reader's language or the next best."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import TypeVar

from pydantic import BaseModel

from portal.catalog import bitmaps, cards
from portal.catalog.bitmaps import Bitmaps
from portal.catalog.facts import FACTS, PLACES, Facts
from portal.catalog.hours import is_open
from portal.catalog.model import Card, CatalogUnavailable, Listing
from portal.catalog.problems import Problem, problems_in
from portal.catalog.reader import CatalogFile, lately
from portal.catalog.schema import Closures, District, Site, Synonyms, TagNames, Text
from portal.catalog.selection import FACETS, SINGLE, Selection, Value, order_by, where
from portal.catalog.working_days import WorkingDays
from portal.languages.model import Language, Languages
from search.geo import around, distance_m

NEIGHBOURHOODS_M = (500, 2_000, 10_000, 100_000)
"""How far around a place it is looked for neighbours, until there are enough."""
FACTS_VALUE = "(SELECT value FROM files WHERE path = l.id || '/listing.yaml')"
TEXT_VALUE = "coalesce(t.value, (SELECT value FROM files WHERE path = t.listing || '/' || t.language || '.md'))"
"""Where the values are that only few rows of a query need."""
CARDS_KEPT = 1000
"""How many cards are kept at hand in each language."""
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class _Stored:
    """A listing without its texts; `texts` are the languages it has one in, and whether that was converted."""

    id: str
    facts: Facts
    texts: Mapping[str, bool]
    translations: tuple[str, ...]
    pinyin: str
    modified: str
    media_version: str


class Catalog(CatalogFile):
    """The compiled catalog in the words of pages."""

    @cached_property
    def languages(self) -> Languages:
        """The languages of the portal. Read once: adding one needs a restart, as its interface texts do."""
        return self.site().spoken

    def site(self) -> Site:
        """Return what `site.yaml` says.

        :raises CatalogUnavailable: when nothing has been compiled yet.
        """
        return self.remembered("site", self._read_site)

    def _read_site(self) -> Site:
        value = self.document("site")
        if value is None:
            raise CatalogUnavailable("the catalog has no site")
        return Site.model_validate_json(value)

    def working_days(self) -> WorkingDays:
        """Return the working calendar of the site's country, with the corrections of `closures.yaml`."""
        return self.remembered("working days", self._read_working_days)

    def _read_working_days(self) -> WorkingDays:
        corrections = self.document("closures")
        closures = None if corrections is None else Closures.model_validate_json(corrections)
        return WorkingDays(self.site().country, closures)

    def district(self, slug: str) -> District | None:
        """Return one district."""
        return self.districts().get(slug)

    def districts(self) -> dict[str, District]:
        """Return all districts by slug."""
        return self.remembered("districts", lambda: _parsed(District, self._documents("districts")))

    def tags(self) -> dict[str, TagNames]:
        """Return all tags by slug."""
        return self.remembered("tags", lambda: _parsed(TagNames, self._documents("tags")))

    def synonyms(self) -> dict[str, Synonyms]:
        """Return the everyday words of searches by language tag."""
        return _parsed(Synonyms, self._documents("synonyms"))

    def open_hours(self, moment: datetime) -> tuple[str, ...]:
        """Return which of the opening hours that listings have hold at a moment (local time)."""
        return self._open_hours(moment.replace(second=0, microsecond=0))  # they are told to the minute

    def _documents(self, folder: str) -> Iterator[tuple[str, str]]:
        rows = self.rows("SELECT name, value FROM documents WHERE name GLOB ? ORDER BY name", (f"{folder}/*",))
        return ((row["name"].partition("/")[2], row["value"]) for row in rows)

    def listing(self, kind: str, slug: str, language: Language) -> Listing | None:
        """Return one listing with its text in `language`, or in the nearest one it has."""
        stored = self._stored(f"{kind}/{slug}")
        if stored is None:
            return None
        texts = stored.texts
        best = next(tag for tag in (*self.languages.fallback_tags(language), *texts) if tag in texts)
        local = self.languages.source.tag if self.languages.source.tag in texts else best
        text = self._text(stored.id, best)
        return Listing(
            id=stored.id,
            kind=kind,
            slug=slug,
            facts=stored.facts,
            text=text,
            language=best,
            converted=texts[best],
            local=text if local == best else self._text(stored.id, local),
            local_language=local,
            pinyin=stored.pinyin,
            translations=stored.translations,
            modified=stored.modified,
            media_version=stored.media_version,
        )

    @lately(512)
    def _stored(self, identity: str) -> _Stored | None:
        row = self.row(f"SELECT l.*, {FACTS_VALUE} AS facts FROM listings l WHERE l.id = ?", (identity,))
        if row is None:
            return None
        found = self.rows("SELECT language, converted FROM texts WHERE listing = ?", (identity,))
        texts = {text["language"]: bool(text["converted"]) for text in found}
        return _Stored(
            id=identity,
            facts=_facts(row),
            texts=texts,
            translations=tuple(tag for tag in self.languages.tags if tag in texts),
            pinyin=row["pinyin"],
            modified=row["modified"],
            media_version=row["media_version"],
        )

    @lately(512)
    def _text(self, identity: str, tag: str) -> Text:
        value = self.value(f"SELECT {TEXT_VALUE} FROM texts t WHERE t.listing = ? AND t.language = ?", (identity, tag))
        return Text.model_validate_json(value)

    def count(self, selection: Selection) -> int:
        """Return how many listings a selection has. It may not ask for ids or places."""
        return self._bitmaps().count(selection, self._hours_of(selection))

    def cards(self, selection: Selection, language: Language, *, limit: int = 24, offset: int = 0) -> list[Card]:
        """Return the cards of a selection in its order; those asked for by id come in that order."""
        ids = selection.ids or tuple(self.ids_of(selection, language, limit=limit, offset=offset))
        known = self._cards(ids, language)
        found = (known[identity] for identity in ids if identity in known)
        return [cards.away(card, selection.near) for card in found] if selection.near else list(found)

    def _cards(self, ids: Sequence[str], language: Language) -> Mapping[str, Card]:
        """Return cards by id. Those read before stay at hand: a place is the neighbour of several."""
        kept: dict[str, Card] = self.remembered(f"cards in {language.tag}", dict)
        known = {identity: kept[identity] for identity in ids if identity in kept}
        if missing := [identity for identity in ids if identity not in known]:
            read = {card.id: card for card in self._read_cards(missing, language)}
            if len(kept) + len(read) > CARDS_KEPT:
                kept.clear()
            if len(read) <= CARDS_KEPT:  # those of a map are not all kept
                kept.update(read)
            known.update(read)
        return known

    def _read_cards(self, ids: Sequence[str], language: Language) -> Iterator[Card]:
        rows = self.rows(cards.QUERY, (self.languages.source.tag, json.dumps(ids), language.tag))
        return map(cards.card, rows)

    def leading_to(self, place: str, language: Language) -> list[Card]:
        """Return the cards of the days, events and guides that send readers to a place."""
        if place not in self.remembered("places led to", self._places_led_to):
            return []
        return self.cards(Selection(place=place), language)

    def _places_led_to(self) -> frozenset[str]:
        return frozenset(place for (place,) in self.rows("SELECT DISTINCT place FROM listing_places"))

    def ids_of(self, selection: Selection, language: Language, *, limit: int = -1, offset: int = 0) -> list[str]:
        """Return the ids of a selection in its order; as many as there are when there is no limit."""
        condition, values = where(selection, self._hours_of(selection))
        order, order_values = order_by(selection)
        # the list's own index holds its order, so that a page of it costs the same however long the list is
        of_kind = "AND s.kind = ?" if selection.kind else ""
        rows = self.rows(
            "SELECT s.listing FROM shown s JOIN listings l ON l.id = s.listing"
            f" WHERE {condition} AND s.language = ? {of_kind} ORDER BY {order} LIMIT ? OFFSET ?",
            (*values, language.tag, *([selection.kind] if selection.kind else []), *order_values, limit, offset),
        )
        return [identity for (identity,) in rows]

    def nearest(self, point: tuple[float, float], language: Language, *, limit: int, but: str) -> list[Card]:
        """Return the places nearest to a point, `but` one, with their distance."""
        ids = self._nearest(point, limit, but)
        return self.cards(Selection(ids=ids, near=point), language, limit=limit) if ids else []

    @lately(512)
    def _nearest(self, point: tuple[float, float], limit: int, but: str) -> tuple[str, ...]:
        for reach in NEIGHBOURHOODS_M:
            box = around(*point, reach)
            found = self.rows(
                f"SELECT id, lat, lon FROM listings WHERE kind IN ({', '.join('?' * len(PLACES))}) AND id <> ?"
                " AND lat BETWEEN ? AND ? AND lon BETWEEN ? AND ?",
                (*PLACES, but, box.south, box.north, box.west, box.east),
            )
            if len(found) >= limit:
                break
        away = sorted((distance_m(point, (row["lat"], row["lon"])), row["id"]) for row in found)
        return tuple(identity for _, identity in away[:limit])

    def facets(self, selection: Selection) -> Mapping[str, Mapping[Value, int]]:
        """Return for each facet how many listings a selection would have with each of its values.

        Of a facet with one choice the present choice is left out; further aids to accessibility narrow it more.
        """
        return {facet: self.facet(facet, selection) for facet in (*SINGLE, *FACETS)}

    def facet(self, facet: str, selection: Selection) -> Mapping[Value, int]:
        """Return the counts of one facet."""
        return self._bitmaps().counts(facet, selection, self._hours_of(selection))

    def has_hours(self, selection: Selection) -> bool:
        """Tell whether any listing of a selection states its opening hours, whatever they are."""
        return self._bitmaps().has_hours(replace(selection, open_at=None))

    def _bitmaps(self) -> Bitmaps:
        return self.remembered(
            "bitmaps", lambda: bitmaps.read(self.rows("SELECT facet, value, bits FROM bitmaps ORDER BY facet, value"))
        )

    def _hours_of(self, selection: Selection) -> tuple[str, ...]:
        """Return which opening hours hold at the moment a selection asks for; none when it asks for none."""
        return () if selection.open_at is None else self.open_hours(selection.open_at)

    @lately(16)
    def _open_hours(self, minute: datetime) -> tuple[str, ...]:
        calendar = self.working_days()
        return tuple(known for known in self._bitmaps().hours() if is_open(known, minute, calendar))

    def addresses(self, offset: int, limit: int) -> list[tuple[str, str, tuple[str, ...]]]:
        """Return some listings' id, day of change (ISO) and the languages they have a text in, in the order of ids."""
        rows = self.rows(
            "SELECT l.id, l.modified, (SELECT group_concat(language) FROM texts WHERE listing = l.id) AS languages"
            " FROM listings l ORDER BY l.id LIMIT ? OFFSET ?",
            (limit, offset),
        )
        return [(row["id"], row["modified"], tuple(row["languages"].split(","))) for row in rows]

    def ids(self) -> list[str]:
        """Return the ids of all listings."""
        return [identity for (identity,) in self.rows("SELECT id FROM listings ORDER BY id")]

    def source_of(self, identity: str) -> tuple[Facts, Mapping[str, Text]] | None:
        """Return a listing's facts and all its texts by language: what search documents are made from."""
        facts = self.facts(identity)
        if facts is None:
            return None
        texts = self.rows(f"SELECT t.language, {TEXT_VALUE} FROM texts t WHERE t.listing = ?", (identity,))
        return (
            facts,
            {language: Text.model_validate_json(value) for language, value in texts},
        )

    def facts(self, identity: str) -> Facts | None:
        """Return a listing's facts."""
        stored = self._stored(identity)
        return stored.facts if stored else None

    def facts_of_kind(self, kind: str) -> dict[str, Facts]:
        """Return the facts of all listings of a kind, by id."""
        rows = self.rows(f"SELECT l.id, l.kind, {FACTS_VALUE} AS facts FROM listings l WHERE l.kind = ?", (kind,))
        return {row["id"]: _facts(row) for row in rows}

    def media_version(self, identity: str) -> str | None:
        """Return the version of a listing's pictures, as their addresses carry it."""
        stored = self._stored(identity)
        return stored.media_version if stored else None

    def problems(self) -> list[Problem]:
        """Return every mistake the content has now."""
        with self.reading() as db:
            return list(problems_in(db))


def _parsed(model: type[Model], documents: Iterable[tuple[str, str]]) -> dict[str, Model]:
    return {slug: model.model_validate_json(value) for slug, value in documents}


def _facts(row: sqlite3.Row) -> Facts:
    return FACTS[row["kind"]].model_validate_json(row["facts"])
