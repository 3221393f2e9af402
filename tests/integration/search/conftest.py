"""Both search engines over the same listings."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from search.analysis import Analysis
from search.backend import SearchBackend
from search.elasticsearch.backend import ElasticsearchSearch
from search.elasticsearch.client import connect
from search.embedded.backend import EmbeddedSearch
from tests.integration.search.listings import ANALYSIS, LEXICON, LISTINGS

ENGINES = ("embedded", "elasticsearch")
MakeEngine = Callable[..., SearchBackend]


@pytest.fixture(scope="session")
def elasticsearch_client(elasticsearch_url: str) -> Iterator[Elasticsearch]:
    """A client for looking at the server behind an engine's back."""
    client = connect([elasticsearch_url])
    yield client
    client.close()


@pytest.fixture(scope="session")
def alias(elasticsearch_client: Elasticsearch) -> Iterator[Callable[[], str]]:
    """A function that makes up aliases whose indexes are deleted at the end."""
    made: list[str] = []

    def new() -> str:
        made.append(f"test-{secrets.token_hex(4)}")
        return made[-1]

    yield new
    for name in made:
        for index in elasticsearch_client.indices.get(index=f"{name}-*"):
            elasticsearch_client.indices.delete(index=index)


@pytest.fixture(scope="session")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedSearch:
    engine = EmbeddedSearch(tmp_path_factory.mktemp("embedded"), ANALYSIS, lexicon=lambda: LEXICON)
    engine.rebuild(LISTINGS)
    return engine


@pytest.fixture(scope="session")
def elastic(elasticsearch_url: str, alias: Callable[[], str]) -> Iterator[ElasticsearchSearch]:
    engine = ElasticsearchSearch(
        connect([elasticsearch_url]), ANALYSIS, index=alias(), lexicon=lambda: LEXICON, search_timeout_s=10
    )
    engine.rebuild(LISTINGS)
    yield engine
    engine.close()


@pytest.fixture(params=ENGINES)
def backend(request: pytest.FixtureRequest) -> SearchBackend:
    """Each engine in turn, over all listings; not to be written to."""
    engine: SearchBackend = request.getfixturevalue({"elasticsearch": "elastic"}.get(request.param, request.param))
    return engine


@pytest.fixture(params=ENGINES)
def make_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MakeEngine]:
    """A function that opens one and the same index of a test, empty at first; each engine in turn."""
    made: list[SearchBackend] = []
    if request.param == "elasticsearch":
        url, name = request.getfixturevalue("elasticsearch_url"), request.getfixturevalue("alias")()

    def make(analysis: Analysis = ANALYSIS) -> SearchBackend:
        engine: SearchBackend
        if request.param == "embedded":
            engine = EmbeddedSearch(tmp_path / "index", analysis)
        else:
            engine = ElasticsearchSearch(connect([url]), analysis, index=name, search_timeout_s=10)
        made.append(engine)
        return engine

    yield make
    for engine in made:
        engine.close()
