"""Both engines over the project's own content."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from portal.catalog.search_document import Documents
from portal.config import Settings
from portal.services import Services
from search.backend import SearchBackend
from search.elasticsearch.backend import ElasticsearchSearch
from search.elasticsearch.client import connect
from search.embedded.backend import EmbeddedSearch


@pytest.fixture(scope="session")
def content(prepared_state: Path) -> Iterator[Services]:
    """The services over the project's content; only to be read."""
    services = Services(Settings.from_environment({"PORTAL_STATE": str(prepared_state)}))
    yield services
    services.close()


@pytest.fixture(scope="session", params=["embedded", "elasticsearch"])
def engine(
    request: pytest.FixtureRequest, content: Services, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SearchBackend]:
    """An engine that has indexed the project's content."""
    analysis, lexicon = content.analysis, content.everyday_words.lexicon
    engine: SearchBackend
    if request.param == "embedded":
        engine = EmbeddedSearch(tmp_path_factory.mktemp("search"), analysis, lexicon=lexicon)
    else:
        client = connect([request.getfixturevalue("elasticsearch_url")])
        name = f"test-relevance-{uuid4().hex[:8]}"
        engine = ElasticsearchSearch(client, analysis, index=name, lexicon=lexicon, search_timeout_s=10)
    engine.rebuild(Documents(content.catalog))
    yield engine
    if request.param == "elasticsearch":
        for index in client.indices.get(index=f"{name}-*"):
            client.indices.delete(index=index)
    engine.close()
