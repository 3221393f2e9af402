"""What pages read of the city: listings, districts, tags and the site, in the reader's language or the next best."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar, cast

from pydantic import BaseModel

from portal.catalog import compiler, store
from portal.catalog.facts import FACTS, Facts, Image
from portal.catalog.model import Card, CatalogUnavailable, Cover, Listing, Selection
from portal.catalog.problems import Problem
from portal.catalog.schema import District, Location, Site, TagNames, Text
from portal.languages.model import Language, Languages

Remembered = TypeVar("Remembered")
Model = TypeVar("Model", bound=BaseModel)


class Catalog:
    """Reads the compiled catalog. Each thread has a connection of its own; a compilation shows with the next read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()

    @property
    def _db(self) -> sqlite3.Connection:
        file = store.identity(self._path)
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = store.connect_to_read(self._path)
        elif file in {None, self._local.file} or not store.is_compiled(self._path):
            return connection  # one that was deleted serves until there is another
        else:
            self.close()
            connection = store.connect_to_read(self._path)
        self._local.connection, self._local.file = connection, file
        return connection

    def close(self) -> None:
        """Close this thread's connection."""
        if connection := getattr(self._local, "connection", None):
            connection.close()
            self._local.__dict__.clear()

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """Give this thread's connection.

        :raises CatalogUnavailable: when the catalog is not there, or cannot be read.
        """
        try:
            yield self._db
        except sqlite3.Error as error:
            raise CatalogUnavailable(f"{self._path} cannot be read, flask prepare makes it anew: {error}") from error

    def _rows(self, sql: str, values: Sequence[str | int] = ()) -> list[sqlite3.Row]:
        with self._reading() as db:
            return db.execute(sql, values).fetchall()

    def _row(self, sql: str, values: Sequence[str | int] = ()) -> sqlite3.Row | None:
        return next(iter(self._rows(sql, values)), None)

    def _value(self, sql: str, values: Sequence[str | int] = ()) -> Any:
        """Return the one value a query gives."""
        return self._rows(sql, values)[0][0]

    def _document(self, name: str) -> str | None:
        row = self._row("SELECT value FROM documents WHERE name = ?", (name,))
        return None if row is None else row["value"]

    @cached_property
    def languages(self) -> Languages:
        """The languages of the portal. Read once: adding one needs a restart, as its interface texts do."""
        site = self.site()
        spoken = {item.tag: Language(item.tag, item.name) for item in site.languages}
        return Languages(tuple(spoken.values()), spoken[site.source_language])

    def site(self) -> Site:
        """Return what `site.yaml` says.

        :raises CatalogUnavailable: when nothing has been compiled yet.
        """
        return self._remembered("site", self._read_site)

    def _read_site(self) -> Site:
        value = self._document("site")
        if value is None:
            raise CatalogUnavailable("the catalog has no site")
        return Site.model_validate_json(value)

    def _remembered(self, name: str, read: Callable[[], Remembered]) -> Remembered:
        """Return what nearly every page needs, read again only after a compilation."""
        generation = self.generation()
        known: tuple[int, dict[str, Any]] = getattr(self._local, "known", (-1, {}))
        if known[0] != generation:
            known = self._local.known = (generation, {})
        if name not in known[1]:
            known[1][name] = read()
        return cast(Remembered, known[1][name])

    def district(self, slug: str) -> District | None:
        """Return one district."""
        return self.districts().get(slug)

    def districts(self) -> dict[str, District]:
        """Return all districts by slug."""
        return self._remembered("districts", lambda: _parsed(District, self._documents("districts")))

    def tags(self) -> dict[str, TagNames]:
        """Return all tags by slug."""
        return self._remembered("tags", lambda: _parsed(TagNames, self._documents("tags")))

    def _documents(self, folder: str) -> Iterator[tuple[str, str]]:
        rows = self._rows("SELECT name, value FROM documents WHERE name GLOB ? ORDER BY name", (f"{folder}/*",))
        return ((row["name"].partition("/")[2], row["value"]) for row in rows)

    def listing(self, kind: str, slug: str, language: Language) -> Listing | None:
        """Return one listing with its text in `language`, or in the nearest one it has."""
        identity = f"{kind}/{slug}"
        row = self._row("SELECT * FROM listings WHERE id = ?", (identity,))
        if row is None:
            return None
        tags = [step.tag for step in self.languages.fallbacks(language)]
        texts = {
            text["language"]: text
            for text in self._rows(
                f"SELECT language, converted, value FROM texts WHERE listing = ? ORDER BY {_rank('language', tags)}",
                (identity, *tags),
            )
        }
        if not texts:
            return None
        best = next(iter(texts.values()))
        local = texts.get(self.languages.source.tag, best)
        text = Text.model_validate_json(best["value"])
        return Listing(
            id=identity,
            kind=kind,
            slug=slug,
            facts=_facts(row),
            text=text,
            language=best["language"],
            converted=bool(best["converted"]),
            local=text if local is best else Text.model_validate_json(local["value"]),
            local_language=local["language"],
            translations=tuple(tag for tag in self.languages.tags if tag in texts),
            modified=row["modified"],
            media_version=row["media_version"],
        )

    def count(self, selection: Selection) -> int:
        """Return how many listings a selection has."""
        where, values = _where(selection)
        return int(self._value(f"SELECT count(*) FROM listings l {where}", values))

    def cards(self, selection: Selection, language: Language, *, limit: int = 24, offset: int = 0) -> list[Card]:
        """Return the cards of a selection, ordered by name; those asked for by id come in that order."""
        tags = [step.tag for step in self.languages.fallbacks(language)]
        where, values = _where(selection)
        rows = self._rows(
            "SELECT l.id, l.kind, l.slug, l.district, l.bookable, l.facts -> '$.location' AS location,"
            " t.language, t.name, t.summary, s.name AS local_name,"
            " c.kind AS cover_kind, c.slug AS cover_slug, c.media_version, c.facts -> '$.images[0]' AS image"
            " FROM listings l JOIN texts t ON t.listing = l.id AND t.language ="
            f" (SELECT x.language FROM texts x WHERE x.listing = l.id ORDER BY {_rank('x.language', tags)} LIMIT 1)"
            " LEFT JOIN texts s ON s.listing = l.id AND s.language = ?"
            " LEFT JOIN listings c ON c.id = l.cover"
            f" {where} ORDER BY l.position IS NULL, l.position, t.name, l.id LIMIT ? OFFSET ?",
            (*tags, self.languages.source.tag, *values, limit, offset),
        )
        cards = [_card(row) for row in rows]
        if selection.ids:
            cards.sort(key=lambda card: selection.ids.index(card.id))
        return cards

    def facets(self, selection: Selection) -> Mapping[str, Mapping[str, int]]:
        """Return how many listings of a selection lie in each `district` and carry each `tag`, by slug."""
        where, values = _where(selection)
        districts = f"SELECT l.district, count(*) FROM listings l {where} GROUP BY 1"
        tags = f"SELECT g.tag, count(*) FROM listings l JOIN listing_tags g ON g.listing = l.id {where} GROUP BY 1"
        return {
            "district": _counts(self._rows(districts, values)),
            "tag": _counts(self._rows(tags, values)),
        }

    def addresses(self) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        """Yield every listing's id, day of change (ISO) and the languages it has a text in."""
        rows = self._rows(
            "SELECT l.id, l.modified, group_concat(t.language) AS languages"
            " FROM listings l JOIN texts t ON t.listing = l.id GROUP BY l.id ORDER BY l.id"
        )
        return ((row["id"], row["modified"], tuple(row["languages"].split(","))) for row in rows)

    def ids(self) -> list[str]:
        """Return the ids of all listings."""
        return [identity for (identity,) in self._rows("SELECT id FROM listings ORDER BY id")]

    def source_of(self, identity: str) -> tuple[Facts, Mapping[str, Text]] | None:
        """Return a listing's facts and all its texts by language: what search documents are made from."""
        facts = self.facts(identity)
        if facts is None:
            return None
        texts = self._rows("SELECT language, value FROM texts WHERE listing = ?", (identity,))
        return (
            facts,
            {language: Text.model_validate_json(value) for language, value in texts},
        )

    def facts(self, identity: str) -> Facts | None:
        """Return a listing's facts."""
        row = self._row("SELECT kind, facts FROM listings WHERE id = ?", (identity,))
        return None if row is None else _facts(row)

    def facts_of_kind(self, kind: str) -> dict[str, Facts]:
        """Return the facts of all listings of a kind, by id."""
        rows = self._rows("SELECT id, kind, facts FROM listings WHERE kind = ?", (kind,))
        return {row["id"]: _facts(row) for row in rows}

    def media_version(self, identity: str) -> str | None:
        """Return the version of a listing's pictures, as their addresses carry it."""
        row = self._row("SELECT media_version FROM listings WHERE id = ?", (identity,))
        return None if row is None else row["media_version"]

    def problems(self) -> list[Problem]:
        """Return every mistake the content has now."""
        with self._reading() as db:
            return list(compiler.problems_in(db))

    def generation(self) -> int:
        """Return a number that changes with every compilation that changed anything, the same for every reader."""
        with self._reading() as db:
            return store.generation(db)


def _counts(rows: Iterable[sqlite3.Row]) -> dict[str, int]:
    return {row[0]: row[1] for row in rows if row[0] is not None}


def _parsed(model: type[Model], documents: Iterable[tuple[str, str]]) -> dict[str, Model]:
    return {slug: model.model_validate_json(value) for slug, value in documents}


def _rank(column: str, tags: Sequence[str]) -> str:
    """Return the SQL that orders languages by a fallback chain; its values are the tags."""
    return f"CASE {column} {' '.join(f'WHEN ? THEN {n}' for n in range(len(tags)))} ELSE 99 END"


def _where(selection: Selection) -> tuple[str, list[str]]:
    wanted: list[tuple[str, list[str]]] = []
    if selection.kind:
        wanted.append(("l.kind = ?", [selection.kind]))
    if selection.district:
        wanted.append(("l.district = ?", [selection.district]))
    if selection.tag:
        wanted.append(("l.id IN (SELECT listing FROM listing_tags WHERE tag = ?)", [selection.tag]))
    if selection.place:
        wanted.append(("l.id IN (SELECT listing FROM listing_places WHERE place = ?)", [selection.place]))
    if selection.ids:
        wanted.append((f"l.id IN ({', '.join('?' * len(selection.ids))})", list(selection.ids)))
    where = " AND ".join(condition for condition, _ in wanted)
    return (f"WHERE {where}" if where else ""), [value for _, values in wanted for value in values]


def _facts(row: sqlite3.Row) -> Facts:
    return FACTS[row["kind"]].model_validate_json(row["facts"])


def _cover(row: sqlite3.Row) -> Cover | None:
    if row["image"] is None:
        return None
    image = Image.model_validate_json(row["image"])
    return Cover(row["cover_kind"], row["cover_slug"], image, row["media_version"])


def _card(row: sqlite3.Row) -> Card:
    location = Location.model_validate_json(row["location"]) if row["location"] else None
    return Card(
        id=row["id"],
        kind=row["kind"],
        slug=row["slug"],
        district=row["district"],
        bookable=bool(row["bookable"]),
        name=row["name"],
        summary=row["summary"],
        language=row["language"],
        local_name=row["local_name"],
        cover=_cover(row),
        location=(location.lat, location.lon) if location else None,
    )
