"""Over the real content, on both engines: whoever types a place's name, in any language, gets that place first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from portal.catalog.catalog import Catalog
from portal.catalog.search_document import Documents
from portal.languages.scripts import syllables
from portal.services import NORMALISERS, Services
from search.analysis import Analysis
from search.backend import SearchBackend
from search.elasticsearch.backend import ElasticsearchSearch
from search.elasticsearch.client import connect
from search.embedded.backend import EmbeddedSearch
from search.model import Query


@pytest.fixture(params=["embedded", "elasticsearch"])
def engine(request: pytest.FixtureRequest, services: Services, tmp_path: Path) -> Iterator[SearchBackend]:
    """An engine that has indexed the project's content."""
    analysis = Analysis(languages=services.catalog.languages.tags, normalisers=NORMALISERS)
    engine: SearchBackend
    if request.param == "embedded":
        engine = EmbeddedSearch(tmp_path / "search", analysis)
    else:
        client = connect([request.getfixturevalue("elasticsearch_url")])
        engine = ElasticsearchSearch(client, analysis, index=f"test-names-{uuid4().hex[:8]}")
    engine.rebuild(Documents(services.catalog))
    yield engine
    engine.close()


def names(catalog: Catalog) -> Iterator[tuple[str, str, str]]:
    """Yield every listing's id, language and name."""
    for identity in catalog.ids():
        source = catalog.source_of(identity)
        assert source is not None
        for language, text in source[1].items():
            yield identity, language, text.name


def test_a_name_finds_its_place_first(engine: SearchBackend, services: Services) -> None:
    wrong = [
        f"{language} {name}: {hits[:1]}"
        for identity, language, name in names(services.catalog)
        if (hits := [hit.id for hit in engine.search(Query(name, language, limit=3)).hits])[:1] != [identity]
    ]
    assert wrong == []


def test_a_name_in_pinyin_finds_its_place_among_the_first_three(engine: SearchBackend, services: Services) -> None:
    wrong = [
        f"{typed}: {hits}"
        for identity, language, name in names(services.catalog)
        if language == "zh-Hans"
        for typed in (" ".join(syllables(name)), "".join(syllables(name)))
        if identity not in (hits := [hit.id for hit in engine.search(Query(typed, "en", limit=3)).hits])
    ]
    assert wrong == []
