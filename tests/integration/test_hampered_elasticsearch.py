"""Elasticsearch stopped, slow, read-only, out of disk or busy, each for real: the portal goes on, and back to it."""

from __future__ import annotations

import json
import os
import signal
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from search.elasticsearch.backend import SEARCH_TIMEOUT_S
from search.elasticsearch.client import connect
from search.fallback import FAILURES_TO_OPEN
from tests.elasticsearch_node.node import Node, running
from tests.plugins.portal import Server

LISTING = "attractions/tianjin-eye"


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    if os.environ.get("PORTAL_TEST_ELASTICSEARCH_URL"):
        pytest.skip("an Elasticsearch that is not ours is not hampered")
    with running(tmp_path_factory.mktemp("hampered-node")) as node:
        yield node


@pytest.fixture(scope="module")
def server(node: Node, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("hampered"), PORTAL_ELASTICSEARCH_URL=node.url)
    server.flask("prepare")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def client(node: Node) -> Iterator[Elasticsearch]:
    client = connect([node.url])
    yield client
    client.close()


@pytest.fixture(autouse=True)
def recovers(server: Server) -> Iterator[None]:
    """Before and after each test Elasticsearch answers and is current, within the seconds that retries take."""
    wait_until(lambda: served_by(server) == ("elasticsearch", False), 60)
    yield
    wait_until(lambda: served_by(server) == ("elasticsearch", False), 60)


def wait_until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not happened(condition):
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def happened(condition: Callable[[], bool]) -> bool:
    try:
        return condition()
    except TimeoutError:  # a portal that has just started, on a busy machine
        return False


def found(server: Server, words: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(server.served.get(f"/api/v1/search?lang=en&q={words}"))
    return answer


def served_by(server: Server) -> tuple[str, bool]:
    """Return which engine answers in every worker, or the one that stands in for it in any."""
    answers = [found(server, "wheel") for _ in range(8)]
    worst = max(answers, key=lambda answer: bool(answer["degraded"]))
    return worst["backend"], worst["degraded"]


def rename(server: Server, name: str) -> None:
    file = server.served.content / LISTING / "en.md"
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(f"name: {name}\n" if line.startswith("name: ") else line for line in lines))


def shows_from_the_embedded_index(server: Server, word: str) -> bool:
    answer = found(server, word)
    return (answer["total"], answer["backend"], answer["degraded"]) == (1, "embedded", True)


def readiness(server: Server) -> str:
    with urllib.request.urlopen(f"{server.served.url}/readyz", timeout=10) as answer:
        return str(json.load(answer)["status"])


@contextmanager
def block(client: Elasticsearch, name: str) -> Iterator[None]:
    client.indices.put_settings(index="portal", settings={name: True})
    try:
        yield
    finally:
        client.indices.put_settings(index="portal-*", settings={name: None})


@contextmanager
def cluster(client: Elasticsearch, **settings: str) -> Iterator[None]:
    named = {name.replace("__", "."): value for name, value in settings.items()}
    client.cluster.put_settings(persistent=named)
    try:
        yield
    finally:
        client.cluster.put_settings(persistent=dict.fromkeys(named))


def test_read_only(server: Server, client: Elasticsearch) -> None:
    with block(client, "index.blocks.read_only"):
        rename(server, "The Zephyrlock")
        wait_until(lambda: shows_from_the_embedded_index(server, "zephyrlock"))
        wait_until(lambda: readiness(server) == "degraded")
    wait_until(lambda: found(server, "zephyrlock")["backend"] == "elasticsearch", 30)
    assert found(server, "zephyrlock")["total"] == 1


def test_out_of_disk(server: Server, client: Elasticsearch) -> None:
    marks = dict.fromkeys(
        (f"cluster__routing__allocation__disk__watermark__{mark}" for mark in ("low", "high", "flood_stage")), "900tb"
    )
    watched = {
        "cluster__routing__allocation__disk__threshold_enabled": "true",
        "cluster__info__update__interval": "10s",
    }
    with cluster(client, **watched, **marks):
        blocked = "index.blocks.read_only_allow_delete"
        wait_until(lambda: blocked in str(client.indices.get_settings(index="portal", flat_settings=True).body), 40)
        rename(server, "The Zephyrflood")
        wait_until(lambda: shows_from_the_embedded_index(server, "zephyrflood"))
        wait_until(lambda: readiness(server) == "degraded")
    # the server takes the block back by itself, and the portal goes on by itself


def test_too_many_requests(server: Server, client: Elasticsearch) -> None:
    with cluster(client, indices__breaker__request__limit="1b"):
        with pytest.raises(Exception, match="429"):
            client.search(index="portal", aggs={"kinds": {"terms": {"field": "kind"}}}, size=0)
        wait_until(lambda: served_by(server) == ("embedded", True))
        assert found(server, "museum")["total"] > 3


def test_slow(server: Server, node: Node) -> None:
    assert node.process is not None
    os.kill(node.process.pid, signal.SIGSTOP)
    try:
        times = [timed(lambda: server.served.get("/en/search?q=museum")) for _ in range(30)]
        waited = [seconds for seconds in times if seconds > SEARCH_TIMEOUT_S * 0.9]
        assert len(waited) <= 2 * FAILURES_TO_OPEN, times  # in each of two workers, until its breaker opens
        assert max(times) < 2 * SEARCH_TIMEOUT_S + 0.5, times  # a busy machine adds to it
        rename(server, "The Zephyrslow")
        wait_until(lambda: shows_from_the_embedded_index(server, "zephyrslow"))
        assert all("The Zephyrslow" in server.served.get(f"/en/{LISTING}/") for _ in range(8))
        rename(server, "The Zephyrstill")  # while the edit before still waits for Elasticsearch
        wait_until(lambda: shows_from_the_embedded_index(server, "zephyrstill"))
    finally:
        os.kill(node.process.pid, signal.SIGCONT)


def timed(ask: Callable[[], object]) -> float:
    start = time.perf_counter()
    ask()
    return time.perf_counter() - start


def test_stopped_and_started_again(server: Server, node: Node) -> None:
    node.stop()
    try:
        wait_until(lambda: served_by(server) == ("embedded", True))
        rename(server, "The Zephyrstop")
        wait_until(lambda: shows_from_the_embedded_index(server, "zephyrstop"))
    finally:
        node.start()


def test_hampered_while_it_is_indexing(server: Server, client: Elasticsearch, node: Node) -> None:
    served = client.indices.get_alias(name="portal").body.keys()
    with cluster(client, cluster__blocks__read_only_allow_delete="true"):
        with pytest.raises(AssertionError, match="Elasticsearch"):
            server.flask("search", "rebuild")
        assert client.indices.get_alias(name="portal").body.keys() == served
    assert "elasticsearch: portal-" in server.flask("search", "rebuild")


def test_an_index_that_was_deleted_is_built_again(server: Server, client: Elasticsearch) -> None:
    for index in client.indices.get_alias(name="portal").body:
        client.indices.delete(index=index)
    wait_until(lambda: served_by(server) == ("embedded", True))


def test_after_all_that_both_indexes_agree_with_the_catalog(server: Server) -> None:
    assert server.flask("search", "verify").count("agree with the catalog") == 2
