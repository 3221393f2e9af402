"""Two portal machines: state and content folders of their own, one PostgreSQL, one Elasticsearch, one secret."""

from __future__ import annotations

import http.cookiejar
import json
import urllib.parse
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.plugins.portal import Server
from tests.web.pages import read

REPORT = "/th/attractions/tianjin-eye/report"


@pytest.fixture
def machines(tmp_path: Path, postgresql_database_url: str, elasticsearch_url: str) -> Iterator[tuple[Server, Server]]:
    """Both made ready at the same moment, as a deployment does."""
    shared = {
        "PORTAL_DATABASE_URL": postgresql_database_url,
        "PORTAL_ELASTICSEARCH_URL": elasticsearch_url,
        "PORTAL_ELASTICSEARCH_INDEX": "two-machines",
        "PORTAL_SECRET_KEY": "the same on every machine",
    }
    pair = tuple(Server(tmp_path / name, **shared) for name in ("one", "two"))
    for server in pair:
        server.served.content.parent.mkdir(exist_ok=True)
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda server: server.flask("prepare"), pair))
    for server in pair:
        server.start()
    yield pair[0], pair[1]
    for server in pair:
        server.stop()


def test_a_visitor_may_be_sent_to_either_at_every_step(machines: tuple[Server, Server]) -> None:
    """A balancer knows no sessions: a form that came from one machine is taken by the other."""
    one, two = machines
    reader = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    with reader.open(f"{one.served.url}{REPORT}") as page:
        form = read(page.read().decode()).fields
    fields = {"csrf_token": form["csrf_token"], "subject": "hours", "message": "ปิดวันจันทร์"}
    with reader.open(f"{two.served.url}{REPORT}", urllib.parse.urlencode(fields).encode()) as answer:
        assert answer.status == 200
        assert read(answer.read().decode()).lang == "th"
    listed = one.flask("reports", "list")
    assert "attractions/tianjin-eye" in listed
    assert "ปิดวันจันทร์" in listed
    two.flask("reports", "settle", listed.split()[0])
    assert one.flask("reports", "list") == ""


def test_both_give_the_same_pages_and_find_the_same(machines: tuple[Server, Server]) -> None:
    """The same ETag, or a reader whose next request goes to the other machine gets the whole page again."""
    for path in ("/en/", "/ar/attractions/tianjin-eye/", "/zh-hans/map/", "/sitemap-th.xml"):
        tags = []
        for server in machines:
            with urllib.request.urlopen(f"{server.served.url}{path}") as answer:
                tags.append(answer.headers["ETag"])
        if not path.startswith("/sitemap"):  # it names its own host
            pages = [server.served.get(path).replace(server.served.url, "") for server in machines]
            assert pages[0] == pages[1], path
        assert all(tags)
    found = [json.loads(server.served.get("/api/v1/search?lang=en&q=wheel")) for server in machines]
    assert found[0]["backend"] == found[1]["backend"] == "elasticsearch"
    assert [hit["id"] for hit in found[0]["results"]] == [hit["id"] for hit in found[1]["results"]]
