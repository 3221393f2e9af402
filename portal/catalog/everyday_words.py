"""The everyday words of searches, as the catalog has them now."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping

from portal.catalog.catalog import Catalog
from search.analysis import Analysis
from search.lexicon import Lexicon, Vocabulary

SHORT_MIN = 2
"""Characters of a district's name without what they all have in common; fewer say too little."""


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
            near=tuple(words.near) if words else (),
            kinds={kind: tuple(said) for kind, said in words.kinds.items()} if words else {},
            implied=tuple(city.values()),
            districts=_districts(catalog, tag),
        )
    return found


def _districts(catalog: Catalog, tag: str) -> dict[str, tuple[str, ...]]:
    districts = {slug: one for slug, one in catalog.districts().items() if tag in one.names}
    names = short_names({slug: district.names[tag] for slug, district in districts.items()})
    return {slug: (*names[slug], *district.other_names.get(tag, ())) for slug, district in districts.items()}


def short_names(names: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return the districts of one language by slug: each name, and without what most of them begin or end with.

    So `Heping` is found for `Heping District`, and 和平 for 和平区.
    """
    least = len(names) / 2
    ends = Counter(end for name in names.values() for end in _ends(name))
    common = sorted((end for end, often in ends.items() if often > least), key=lambda end: -len(end[1]))
    found: dict[str, tuple[str, ...]] = {}
    for slug, name in names.items():
        short = next((_without(name, end) for end in common if end in _ends(name)), name)
        found[slug] = (name, short) if SHORT_MIN <= len(short) < len(name) else (name,)
    return found


def _ends(name: str) -> set[tuple[bool, str]]:
    """Return every beginning (True) and ending (False) of a name, at which it may be cut."""
    cuts = [n for n in range(1, len(name)) if " " not in name or " " in (name[n - 1], name[n])]
    return {(True, name[:n]) for n in cuts} | {(False, name[n:]) for n in cuts}


def _without(name: str, end: tuple[bool, str]) -> str:
    first, text = end
    return (name.removeprefix(text) if first else name.removesuffix(text)).strip()
