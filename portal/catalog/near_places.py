"""Searches that ask for what is near to a place: the place is looked up, and they are asked around it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from portal.catalog.catalog import Catalog
from search.analysis import Analysis
from search.backend import SearchBackend
from search.lexicon import Lexicon
from search.model import Near, Query
from search.near import Side, sides

LOOKED_AT = 10
"""Results for the words beside `near` of which one may be the place: its whole name has to be there."""


@dataclass(frozen=True)
class Understood:
    """A query as it is asked; `place` is the id of the listing that it says near to, if it does."""

    query: Query
    place: str | None = None


class NearPlaces:
    """Understands which place a text says near to; in front of any engine."""

    def __init__(
        self, catalog: Catalog, engine: SearchBackend, analysis: Analysis, lexicon: Callable[[], Lexicon]
    ) -> None:
        self._catalog = catalog
        self._engine = engine
        self._analysis = analysis
        self._lexicon = lexicon

    def understood(self, query: Query) -> Understood:
        """Return the query around the place that its text says near to, and without these words.

        A query that has a place of its own, or names none that is known, stays as it is.
        """
        if query.near is not None:
            return Understood(query)
        for side in sides(query.text, query.language, self._analysis, self._lexicon()):
            named = self._places(side, query.language)
            taken, place, point = max(named, key=lambda one: one[0], default=(0, "", (0.0, 0.0)))
            if taken:
                near = Near(*point, asked=True)
                text, kind = side.without(taken)
                but = None if text else place  # who asks for anything near to it knows the place itself
                return Understood(replace(query, text=text, kind=query.kind or kind, near=near, but=but), place)
        return Understood(query)

    def _places(self, side: Side, language: str) -> Iterator[tuple[int, str, tuple[float, float]]]:
        """Yield what a side may name: how many of its atoms, the listing, and where that is."""
        for hit in self._engine.search(Query(side.said, language, limit=LOOKED_AT)).hits:
            source = self._catalog.source_of(hit.id)
            if source is None or source[0].location is None:
                continue
            facts, texts = source
            read = [texts[tag] for tag in {language, hit.language} if tag in texts]
            taken = side.named(name for text in read for name in (text.name, *text.other_names))
            if taken and facts.location:
                yield taken, hit.id, (facts.location.lat, facts.location.lon)
