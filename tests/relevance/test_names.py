"""Over the real content, on both engines: whoever types a place's name, in any language, gets that place first."""

from __future__ import annotations

from collections.abc import Iterator

from portal.catalog.catalog import Catalog
from portal.languages.scripts import syllables
from portal.services import Services
from search.backend import SearchBackend
from search.model import Query


def names(catalog: Catalog) -> Iterator[tuple[str, str, str]]:
    """Yield every listing's id, language and name."""
    for identity in catalog.ids():
        source = catalog.source_of(identity)
        assert source is not None
        for language, text in source[1].items():
            yield identity, language, text.name


def test_a_name_finds_its_place_first(engine: SearchBackend, content: Services) -> None:
    wrong = [
        f"{language} {name}: {hits[:1]}"
        for identity, language, name in names(content.catalog)
        if (hits := [hit.id for hit in engine.search(Query(name, language, limit=3)).hits])[:1] != [identity]
    ]
    assert wrong == []


def test_a_name_in_pinyin_finds_its_place_among_the_first_three(engine: SearchBackend, content: Services) -> None:
    wrong = [
        f"{typed}: {hits}"
        for identity, language, name in names(content.catalog)
        if language == "zh-Hans"
        for typed in (" ".join(syllables(name)), "".join(syllables(name)))
        if identity not in (hits := [hit.id for hit in engine.search(Query(typed, "en", limit=3)).hits])
    ]
    assert wrong == []
