"""deploy/nginx.conf in front of the portal: what it keeps, for how long, and what it never does."""

from __future__ import annotations

import gzip
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import brotli
import pytest
import urllib3

from benchmarks.servers import free_port
from tests.plugins.portal import Server
from tools.nginx import nginx, write

PAGE = "/en/attractions/tianjin-eye/"
BOOKING = "/en/book/haihe-cruise-day/"
HALF_S = 0.5


class Edge:
    """A portal with nginx in front of it."""

    def __init__(self, server: Server, port: int, folder: Path) -> None:
        self.server = server
        self.folder = folder
        self.http = urllib3.PoolManager(retries=False, timeout=20)
        self.url = f"http://127.0.0.1:{port}"

    def ask(self, path: str, method: str = "GET", **headers: str) -> urllib3.BaseHTTPResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.http.request(method, self.url + path, headers=named, redirect=False, decode_content=False)

    def text(self, path: str, **headers: str) -> str:
        return self.ask(path, **headers).data.decode()

    def asked(self, path: str) -> int:
        """Return how often the portal itself was asked for a path."""
        return len(re.findall(rf'"path": ?"{re.escape(path)}"', self.server.log.read_text()))


@pytest.fixture(scope="module")
def edge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edge]:
    yield from running(tmp_path_factory.mktemp("edge"))


@pytest.fixture
def own_edge(tmp_path: Path) -> Iterator[Edge]:
    """An edge that a test may break."""
    yield from running(tmp_path)


def running(folder: Path) -> Iterator[Edge]:
    server = Server(folder, PORTAL_PROXIES="1")
    server.flask("prepare")
    server.start()
    port, files = free_port(), folder / "nginx"
    files.mkdir()
    try:
        with nginx(files, port, [int(server.environ["PORT"])]):
            yield Edge(server, port, files)
    finally:
        server.stop()


def at_start_of_half_a_second() -> None:
    time.sleep(HALF_S - time.time() % HALF_S + 0.01)


def wait_until(condition: Callable[[], bool], seconds: float = 5.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def test_nginx_has_nothing_to_say_against_the_configuration(tmp_path: Path) -> None:
    command = [*write(tmp_path, free_port(), [8000, 8001]), "-t"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    assert "warn" not in said
    assert "test is successful" in said


def test_a_page_is_asked_for_once_in_half_a_second(edge: Edge) -> None:
    path = "/ko/attractions/tianjin-eye/"
    edge.ask(path)
    wait_until(lambda: edge.asked(path) == 1)
    began = time.time()
    answers = [edge.ask(path) for _ in range(100)]
    halves = int(time.time() / HALF_S) - int(began / HALF_S) + 1
    assert len({answer.data for answer in answers}) == 1
    assert [answer.headers["X-Cache"] for answer in answers].count("HIT") >= 100 - halves
    assert edge.asked(path) <= 1 + halves


def test_a_page_is_compressed_as_the_browser_wishes(edge: Edge) -> None:
    plain = edge.ask(PAGE, Accept_Encoding="identity")
    assert "Content-Encoding" not in plain.headers
    for _ in range(2):
        for accepts, coding, decode in (
            ("br, gzip", "br", brotli.decompress),
            ("gzip, deflate, br;q=0", "gzip", gzip.decompress),
            ("gzip;q=0.5", "gzip", gzip.decompress),
            ("gzip;q=0, zstd", None, bytes),
        ):
            answer = edge.ask(PAGE, Accept_Encoding=accepts)
            assert answer.headers.get("Content-Encoding") == coding
            assert decode(answer.data) == plain.data
            assert "Accept-Encoding" in answer.headers["Vary"]


def test_a_page_the_browser_has_is_not_sent_again_from_the_copy_either(edge: Edge) -> None:
    at_start_of_half_a_second()
    etag = edge.ask(PAGE, Accept_Encoding="br").headers["ETag"]
    again = edge.ask(PAGE, Accept_Encoding="br", If_None_Match=etag)
    assert (again.status, again.data, again.headers["X-Cache"]) == (304, b"", "HIT")
    assert again.headers["ETag"] == etag


def test_an_expired_copy_that_is_still_right_is_not_fetched_again(edge: Edge) -> None:
    for _ in range(3):  # each half of a second has its copy
        at_start_of_half_a_second()
        last = edge.ask("/fr/attractions/tianjin-eye/")
    assert last.headers["X-Cache"] == "REVALIDATED"


def test_a_copy_carries_the_headers_of_the_portal_and_none_meant_for_the_proxy(edge: Edge) -> None:
    edge.ask(PAGE)
    kept = edge.ask(PAGE)
    for name in ("Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy"):
        assert kept.headers[name]
    assert kept.headers["Cache-Control"] == "no-cache"
    assert "X-Accel-Expires" not in kept.headers


def test_an_edit_shows_half_a_second_after_the_portal_has_it_whenever_it_is_made(own_edge: Edge) -> None:
    file = own_edge.server.served.content / "attractions/tianjin-eye/en.md"
    before = "The Tianjin Eye"
    for number in range(6):
        for _ in range(4):  # every copy there can be
            time.sleep(0.3 + number * 0.04)
            own_edge.ask(PAGE)
        after = f"Wheel {number}"
        file.write_text(file.read_text().replace(f"name: {before}\n", f"name: {after}\n"))
        wait_until(lambda words=after: words in own_edge.server.served.get(PAGE))  # type: ignore[misc]
        portal_has_it = time.monotonic()
        wait_until(lambda words=after: words in own_edge.text(PAGE), HALF_S + 0.1)  # type: ignore[misc]
        while time.monotonic() < portal_has_it + 1:
            assert after in own_edge.text(PAGE), "an older copy came back"
        before = after


def test_a_static_file_and_a_picture_are_kept_under_the_version_they_have_now(edge: Edge) -> None:
    names = re.findall(r'"(/(?:static/css|media)/[^"#]+\?v=\w+)[" ]', edge.text(PAGE))
    for path in (next(name for name in names if "/static/" in name), next(name for name in names if "/media/" in name)):
        first, second = edge.ask(path), edge.ask(path)
        assert second.headers["X-Cache"] == "HIT"
        assert "immutable" in second.headers["Cache-Control"]
        assert first.data == second.data
        stale = path.partition("?")[0] + "?v=0000000000"
        edge.ask(stale)
        assert edge.ask(stale).headers["X-Cache"] == "MISS"
    style = next(name for name in names if "/static/css/" in name)
    edge.ask(style, Accept_Encoding="gzip, deflate, br, zstd")
    assert edge.ask(style, Accept_Encoding="gzip, deflate, br, zstd").headers["X-Cache"] == "HIT"
    assert gzip.decompress(edge.ask(style, Accept_Encoding="gzip").data) == edge.ask(style).data


@pytest.mark.parametrize(
    "path",
    ["/", BOOKING, "/en/search?q=wheel", "/api/v1/search", "/octo/supplier", "/readyz", "/en/nothing", "/en/choose"],
)
def test_what_is_for_one_reader_or_one_moment_is_never_a_copy(edge: Edge, path: str) -> None:
    for _ in range(3):
        assert edge.ask(path).headers.get("X-Cache", "MISS") == "MISS"


def test_the_front_door_sends_each_reader_to_their_own_language(edge: Edge) -> None:
    for language, path in (("ja", "/ja/"), ("th", "/th/"), ("ja", "/ja/")):
        assert edge.ask("/", Accept_Language=language).headers["Location"] == path
    assert edge.ask("/", Accept_Language="ja", Cookie="language=ar").headers["Location"] == "/ar/"


def test_a_form_is_made_for_each_reader(edge: Edge) -> None:
    first, second = edge.ask(BOOKING), edge.ask(BOOKING)
    token = re.compile(rb'name="csrf_token" value="([^"]+)"')
    assert token.search(first.data)[1] != token.search(second.data)[1]  # type: ignore[index]
    assert first.headers["Set-Cookie"] != second.headers["Set-Cookie"]


def test_a_reader_with_a_session_or_a_key_gets_no_copy_and_leaves_none(edge: Edge) -> None:
    path = "/de/attractions/tianjin-eye/"
    for headers in ({"Cookie": "portal=somebody"}, {"Authorization": "Bearer secret"}):
        assert {edge.ask(path, **headers).headers["X-Cache"] for _ in range(3)} == {"BYPASS"}
    assert edge.ask(path).headers["X-Cache"] == "MISS"


def test_a_booking_over_octo_passes(edge: Edge) -> None:
    key = edge.server.flask("partners", "create", "Harbour", "--sandbox").strip()
    for _ in range(2):
        answer = edge.ask("/octo/products", Authorization=f"Bearer {key}", Octo_Capabilities="")
        assert answer.status == 200
        assert "X-Cache" not in answer.headers
    assert edge.ask("/octo/bookings", "POST", Authorization=f"Bearer {key}", Octo_Capabilities="").status == 400


@pytest.mark.parametrize(
    "hostile",
    [
        {"Host": "evil.example"},
        {"X_Forwarded_Host": "evil.example"},
        {"X_Forwarded_For": "evil.example"},
        {"X_Forwarded_Proto": "evil.example"},
        {"Forwarded": "host=evil.example"},
        {"X_Original_URL": "/evil.example"},
        {"X_Rewrite_URL": "/evil.example"},
        {"X_HTTP_Method_Override": "POST"},
        {"Accept_Encoding": "evil.example"},
        {"Accept_Language": "ar"},
        {"Cookie": "language=ar"},
        {"Range": "bytes=0-9"},
        {"X_Accel_Expires": "600"},
    ],
)
def test_a_hostile_header_leaves_nothing_in_the_copy(edge: Edge, hostile: dict[str, str]) -> None:
    clean = edge.text(PAGE)
    time.sleep(1)
    edge.ask(PAGE, **hostile)
    for _ in range(2):
        answer = edge.ask(PAGE)
        assert answer.status == 200
        assert answer.data.decode() == clean
        assert "evil" not in str(answer.headers)


def test_the_portal_learns_the_readers_address_and_not_a_claimed_one(edge: Edge) -> None:
    edge.ask("/en/nothing-of-the-kind", X_Forwarded_For="203.0.113.9")
    wait_until(lambda: edge.asked("/en/nothing-of-the-kind") == 1)
    assert "203.0.113.9" not in edge.server.log.read_text()


def test_a_body_that_is_too_large_is_refused(edge: Edge) -> None:
    answer = edge.http.request("POST", edge.url + "/octo/bookings", body=b"x" * 1_100_000)
    assert answer.status == 413


def test_while_the_portal_is_down_pages_are_served_and_nothing_else(own_edge: Edge) -> None:
    edge = own_edge
    page = edge.text(PAGE)  # one copy, of one half of a second
    files = re.findall(r'"(/static/css/[^"#]+\?v=\w+)"', page)
    edge.ask(files[0])
    edge.ask("/readyz")
    edge.server.stop()
    for _ in range(6):
        time.sleep(0.3)
        answer = edge.ask(PAGE)
        assert (answer.status, answer.data.decode()) == (200, page)
        assert edge.ask(files[0]).status == 200
    for path in ("/readyz", "/healthz", "/octo/products"):
        assert edge.ask(path).status in {502, 504}, path
    for path in ("/", BOOKING, "/en/search?q=wheel", "/ru/dining/"):
        answer = edge.ask(path)
        assert (answer.status, answer.headers["Retry-After"]) == (503, "60"), path
        assert 'href="/zh-hans/"' in answer.data.decode(), path
    assert edge.ask(f"{PAGE}report", "POST").status == 503
    assert edge.ask(PAGE, "POST").status == 503
    edge.server.start()
    wait_until(lambda: edge.ask("/readyz").status == 200, 15)
    assert edge.ask(PAGE).status == 200


def test_while_the_portal_is_down_a_reader_with_a_session_gets_the_public_page(own_edge: Edge) -> None:
    for _ in range(6):  # so that each half of a second has its copy
        time.sleep(0.3)
        own_edge.ask(PAGE)
    own_edge.server.stop()
    for _ in range(3):
        time.sleep(0.3)
        assert own_edge.ask(PAGE, Cookie="portal=somebody").status == 200
    own_edge.server.start()


def test_one_of_several_upstreams_is_enough(tmp_path: Path) -> None:
    server = Server(tmp_path)
    server.flask("prepare")
    server.start()
    port, files = free_port(), tmp_path / "nginx"
    files.mkdir()
    try:
        with nginx(files, port, [free_port(), int(server.environ["PORT"])]):
            edge = Edge(server, port, files)
            assert {edge.ask(path).status for path in (PAGE, "/en/", "/ar/", "/readyz", "/de/map/")} == {200}
    finally:
        server.stop()
