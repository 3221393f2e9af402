"""The everyday words of searches, as the catalog has them now."""

from __future__ import annotations

import threading

from portal.catalog.catalog import Catalog
from search.analysis import Analysis
from search.lexicon import Lexicon, Vocabulary


class EverydayWords:
    """Makes the lexicon of a search from `synonyms/`, anew only when they changed; for use by many threads."""

    def __init__(self, catalog: Catalog, analysis: Analysis) -> None:
        self._catalog = catalog
        self._analysis = analysis
        self._lock = threading.Lock()
        self._made: tuple[int, dict[str, Vocabulary], Lexicon] | None = None

    def lexicon(self) -> Lexicon:
        """Return the words that hold now."""
        made, generation = self._made, self._catalog.generation()
        if made and made[0] == generation:
            return made[2]
        with self._lock:
            made = self._made
            if made is None or made[0] != generation:
                words = vocabularies(self._catalog)
                lexicon = made[2] if made and made[1] == words else Lexicon(words, self._analysis)
                self._made = made = (generation, words, lexicon)
            return made[2]


def vocabularies(catalog: Catalog) -> dict[str, Vocabulary]:
    """Return the words by language; the city's name, in any language, is implied."""
    city, files = catalog.site().city, catalog.synonyms()
    found = {}
    for tag in catalog.languages.tags:
        words = files.get(tag)
        found[tag] = Vocabulary(
            synonyms=tuple(tuple(group) for group in words.synonyms) if words else (),
            asking=tuple(words.asking) if words else (),
            advice=tuple(words.advice) if words else (),
            implied=tuple(city.values()),
        )
    return found
