"""The Elasticsearch that tests use: the developer's own, or a node started for this run."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.elasticsearch_node.node import running


def pytest_configure(config: pytest.Config) -> None:
    """Put up with an official server that has its security switched off, and says so in every answer."""
    config.addinivalue_line(
        "filterwarnings", "ignore:Elasticsearch built-in security features:elasticsearch.ElasticsearchWarning"
    )


@pytest.fixture(scope="session")
def elasticsearch_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running Elasticsearch; `PORTAL_TEST_ELASTICSEARCH_URL` names one to use instead."""
    if url := os.environ.get("PORTAL_TEST_ELASTICSEARCH_URL"):
        yield url
        return
    with running(tmp_path_factory.mktemp("elasticsearch")) as node:
        yield node.url
