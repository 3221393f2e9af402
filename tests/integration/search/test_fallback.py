"""The embedded index stands in while a real Elasticsearch is down, slow or empty."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from search.backend import SearchUnavailable
from search.elasticsearch.backend import SEARCH_TIMEOUT_S, ElasticsearchSearch
from search.elasticsearch.client import connect
from search.embedded.backend import EmbeddedSearch
from search.fallback import FAILURES_TO_OPEN, LONGEST_PAUSE_S, FallbackSearch
from search.model import Query
from tests.elasticsearch_node.node import Node, running
from tests.integration.search.listings import ANALYSIS, LISTINGS, TIANJIN_EYE

QUERY = Query("eye", "en")


class Clock:
    """Time that passes only when told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def own_node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """A node that a test may stop and hamper."""
    if os.environ.get("PORTAL_TEST_ELASTICSEARCH_URL"):
        pytest.skip("an Elasticsearch that is not ours is not stopped")
    with running(tmp_path_factory.mktemp("own-node")) as node:
        yield node


@contextmanager
def slowed(node: Node, seconds: float) -> Iterator[str]:
    """Give an address in front of a node that holds every answer back for a while."""

    class Proxy(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            asked = http.client.HTTPConnection("127.0.0.1", node.port)
            asked.request("POST", self.path, body, dict(self.headers))
            answer = asked.getresponse()
            said = answer.read()
            asked.close()
            time.sleep(seconds)
            with suppress(OSError):  # who asked has given up
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    if name.lower() != "transfer-encoding" and name.lower() != "content-length":
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

        def log_message(self, *_args: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def make_search(tmp_path: Path, clock: Clock) -> Iterator[Callable[..., FallbackSearch]]:
    made: list[FallbackSearch] = []

    def make(url: str, timeout_s: float = 5.0) -> FallbackSearch:
        elastic = ElasticsearchSearch(connect([url]), ANALYSIS, index="test-fallback", search_timeout_s=timeout_s)
        made.append(FallbackSearch(elastic, EmbeddedSearch(tmp_path, ANALYSIS), clock))
        return made[-1]

    yield make
    for search in made:
        search.close()


@pytest.fixture
def closed_port_url() -> Iterator[str]:
    with socket.socket() as taken:  # bound, but nobody listens
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


def timed(ask: Callable[[], object]) -> float:
    start = time.perf_counter()
    ask()
    return time.perf_counter() - start


def recovers(search: FallbackSearch, clock: Clock) -> bool:
    """Search until Elasticsearch answers again; its shards may still be coming up."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        clock.now += LONGEST_PAUSE_S
        if not search.search(QUERY).degraded:
            return True
        time.sleep(0.1)
    return False


def test_without_a_server_the_embedded_index_answers_and_says_so(
    make_search: Callable[..., FallbackSearch], closed_port_url: str
) -> None:
    search = make_search(closed_port_url)
    with pytest.raises(SearchUnavailable):
        search.rebuild(LISTINGS)  # the fallback is built all the same
    for _ in range(5):
        results = search.search(QUERY)
        assert (results.degraded, results.backend, results.total) == (True, "embedded", 2)
    assert search.suggest("tianj", "en")
    with pytest.raises(SearchUnavailable):
        search.update([], deleted=[TIANJIN_EYE.id])
    assert search.search(QUERY).total == 1
    with pytest.raises(SearchUnavailable):
        search.status()
    assert search.engines[1].status().documents == len(LISTINGS) - 1


def test_stopped_and_started_again_it_recovers_by_itself(
    make_search: Callable[..., FallbackSearch], own_node: Node, clock: Clock
) -> None:
    search = make_search(own_node.url)
    search.rebuild(iter(LISTINGS))
    assert (search.search(QUERY).backend, search.search(QUERY).degraded) == ("elasticsearch", False)

    own_node.stop()
    for _ in range(FAILURES_TO_OPEN + 1):
        assert search.search(QUERY).degraded
    assert timed(lambda: search.search(QUERY)) < SEARCH_TIMEOUT_S

    own_node.start()
    assert search.search(QUERY).degraded  # not tried again yet
    assert recovers(search, clock)


def test_a_slow_server_costs_a_reader_no_more_than_the_budget(
    make_search: Callable[..., FallbackSearch], own_node: Node, clock: Clock
) -> None:
    search = make_search(own_node.url, SEARCH_TIMEOUT_S)
    search.rebuild(LISTINGS)
    assert own_node.process is not None
    os.kill(own_node.process.pid, signal.SIGSTOP)
    try:
        for _ in range(FAILURES_TO_OPEN):
            assert timed(lambda: search.search(QUERY)) < SEARCH_TIMEOUT_S + 0.5
        for _ in range(3):
            clock.now += LONGEST_PAUSE_S  # it is tried again, but no reader waits for that
            assert timed(lambda: search.search(QUERY)) < SEARCH_TIMEOUT_S / 2
    finally:
        os.kill(own_node.process.pid, signal.SIGCONT)
    assert recovers(search, clock)


def test_several_requests_of_one_query_have_one_budget_together(
    make_search: Callable[..., FallbackSearch], own_node: Node
) -> None:
    """Nothing is found as typed and little in close spellings, so it takes three requests, each slow on its own."""
    search = make_search(own_node.url, 5.0)
    search.rebuild(LISTINGS)
    elastic = search.engines[0]
    assert isinstance(elastic, ElasticsearchSearch)
    with slowed(own_node, 0.3) as url:
        slow = ElasticsearchSearch(connect([url]), ANALYSIS, index="test-fallback", search_timeout_s=SEARCH_TIMEOUT_S)
        began = time.perf_counter()
        with pytest.raises(SearchUnavailable):
            slow.search(Query("zzqqy xxyyqz wwqq", "en", offset=20))
        assert SEARCH_TIMEOUT_S * 0.9 < time.perf_counter() - began < SEARCH_TIMEOUT_S + 0.4
        slow.close()


def test_what_lacks_changes_is_not_asked(tmp_path: Path, elasticsearch_url: str) -> None:
    behind = True
    elastic = ElasticsearchSearch(connect([elasticsearch_url]), ANALYSIS, index="test-behind", search_timeout_s=10)
    search = FallbackSearch(elastic, EmbeddedSearch(tmp_path, ANALYSIS), behind=lambda: behind)
    search.rebuild(LISTINGS)
    assert (search.search(QUERY).backend, search.search(QUERY).degraded) == ("embedded", True)
    behind = False
    assert (search.search(QUERY).backend, search.search(QUERY).degraded) == ("elasticsearch", False)
    for index in connect([elasticsearch_url]).indices.get(index="test-behind-*"):
        connect([elasticsearch_url]).indices.delete(index=index)
    search.close()


def test_an_elasticsearch_without_the_index_is_stood_in_for(tmp_path: Path, elasticsearch_url: str) -> None:
    elastic = ElasticsearchSearch(connect([elasticsearch_url]), ANALYSIS, index="test-never-built")
    search = FallbackSearch(elastic, EmbeddedSearch(tmp_path, ANALYSIS))
    search.engines[1].rebuild(LISTINGS)
    assert search.search(QUERY).degraded
    search.close()
