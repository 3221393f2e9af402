"""The portal under gunicorn with two workers: edits, mistakes, crashes, and an Elasticsearch that comes and goes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portal.config import ROOT, Settings
from portal.services import Services
from tests.elasticsearch_node.node import running
from tests.plugins.portal import Server

PAGE = "/en/attractions/tianjin-eye/"
LISTING = "attractions/tianjin-eye"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server that a test may break."""
    server = Server(tmp_path)
    server.flask("prepare")
    server.start()
    yield server
    server.stop()


def wait_until(condition: Callable[[], bool], seconds: float = 5.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def rename(server: Server, before: str, after: str) -> None:
    file = server.served.content / LISTING / "en.md"
    file.write_text(file.read_text().replace(f"name: {before}\n", f"name: {after}\n"))


def shown_everywhere(server: Server, words: str) -> bool:
    """Tell whether each of many new connections, so both workers, shows the words."""
    return all(words in server.served.get(PAGE) for _ in range(12))


def found(server: Server, words: str) -> dict[str, object]:
    answer: dict[str, object] = json.loads(server.served.get(f"/api/v1/search?lang=en&q={words}"))
    return answer


def test_an_edit_shows_in_every_worker_and_in_the_search_without_a_restart(server: Server) -> None:
    assert "The Tianjin Eye" in server.served.get(PAGE)
    rename(server, "The Tianjin Eye", "The Zephyrwheel")
    wait_until(lambda: "The Zephyrwheel" in server.served.get(PAGE))
    assert shown_everywhere(server, "The Zephyrwheel")
    wait_until(lambda: found(server, "zephyrwheel")["total"] == 1)  # it may still be loading dictionaries
    rename(server, "The Zephyrwheel", "The Borealwheel")
    wait_until(lambda: found(server, "borealwheel")["total"] == 1, 2)


def test_an_index_of_another_version_is_built_anew_by_itself_on_start(server: Server) -> None:
    server.stop()
    for facts in (server.served.state / "search").glob("*/generation.json"):
        facts.write_text(json.dumps(json.loads(facts.read_text()) | {"fingerprint": "of an older version"}))
    server.start()
    services = Services(Settings.from_environment(server.environ))
    wait_until(lambda: not services.search.status().stale, 30)
    services.close()
    assert found(server, "wheel")["total"] > 0


def test_the_index_is_verified_repaired_and_rolled_back_on_the_command_line(tmp_path: Path) -> None:
    server = Server(tmp_path)
    server.flask("prepare")
    assert "agree with the catalog" in server.flask("search", "verify")
    with pytest.raises(AssertionError, match="no older embedded index"):
        server.flask("search", "rollback")
    services = Services(Settings.from_environment(server.environ))
    services.search.update([], deleted=[LISTING])
    services.close()
    with pytest.raises(AssertionError, match=f"embedded: 1 missing: {LISTING}"):
        server.flask("search", "verify")
    assert "embedded: repaired" in server.flask("search", "verify", "--repair")
    assert "agree with the catalog" in server.flask("search", "verify")
    first = server.flask("search", "status").split()[1]
    assert first.strip(",") not in server.flask("search", "rebuild")
    rename(server, "The Tianjin Eye", "The Zephyrwheel")
    assert first in server.flask("search", "rollback")
    assert "agree with the catalog" in server.flask("search", "verify")


def test_a_broken_file_keeps_its_last_good_version_and_is_reported(server: Server) -> None:
    file = server.served.content / LISTING / "en.md"
    good = file.read_text()
    file.write_text(good.replace("summary:", "sumary:"))
    wait_until(lambda: json.loads(server.served.get("/readyz"))["content_problems"] > 0)
    assert "The Tianjin Eye" in server.served.get(PAGE)
    command = subprocess.run(
        [ROOT / ".venv/bin/flask", "content", "check"],
        cwd=ROOT,
        env=server.environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert command.returncode == 1
    assert f"{LISTING}/en.md:" in command.stderr
    assert "sumary" in command.stderr
    file.write_text(good)
    wait_until(lambda: json.loads(server.served.get("/readyz"))["content_problems"] == 0)


def test_when_the_worker_that_follows_the_content_is_killed_another_takes_over(server: Server) -> None:
    lock = server.served.state / "follower.lock"
    (leader,) = holders(lock)
    os.kill(leader, signal.SIGKILL)
    wait_until(lambda: holders(lock) not in ([], [leader]))
    rename(server, "The Tianjin Eye", "The Second Wheel")
    wait_until(lambda: "The Second Wheel" in server.served.get(PAGE))
    assert shown_everywhere(server, "The Second Wheel")


def holders(lock: Path) -> list[int]:
    """Return the processes that hold a file lock (Linux's /proc/locks)."""
    inode = str(lock.stat().st_ino)
    rows = [line.split() for line in Path("/proc/locks").read_text().splitlines()]
    return [int(row[4]) for row in rows if row[1] == "FLOCK" and row[5].rpartition(":")[2] == inode]


def test_demo_mode_prints_a_key_that_books(tmp_path: Path) -> None:
    server = Server(tmp_path)
    key = next(line for line in server.flask("prepare").splitlines() if "key" in line).rpartition(" ")[2]
    assert key in server.flask("prepare")
    server.start()
    try:
        request = urllib.request.Request(
            f"{server.served.url}/octo/products", headers={"Authorization": f"Bearer {key}", "Octo-Capabilities": ""}
        )
        with urllib.request.urlopen(request) as answer:
            assert {product["id"] for product in json.load(answer)} > {"haihe-cruise-day", "tianjin-eye-ride"}
    finally:
        server.stop()


def test_a_partner_made_on_the_command_line_gets_its_key_alone_on_standard_output(tmp_path: Path) -> None:
    server = Server(tmp_path)
    printed = server.flask("partners", "create", "Harbour Travel", "--sandbox")
    assert printed.strip().startswith("test_")
    assert printed.count("\n") == 1


def test_an_elasticsearch_that_is_down_at_start_leaves_every_page_up(tmp_path: Path) -> None:
    server = Server(tmp_path, PORTAL_ELASTICSEARCH_URL="http://127.0.0.1:9")
    server.flask("prepare")
    server.start()
    try:
        assert "The Tianjin Eye" in server.served.get(PAGE)
        assert "The Tianjin Eye" in server.served.get("/en/search?q=wheel")
        answer = found(server, "wheel")
        assert (answer["backend"], answer["degraded"]) == ("embedded", True)
        ready = json.loads(server.served.get("/readyz"))
        assert ready["status"] == "degraded"
        assert ready["checks"]["search.elasticsearch"].startswith("unavailable")
        assert ready["checks"]["search.embedded"] == "ok"
    finally:
        server.stop()


def test_with_elasticsearch_search_goes_there_and_survives_its_end(tmp_path: Path) -> None:
    with running(tmp_path / "node") as node:
        server = Server(tmp_path, PORTAL_ELASTICSEARCH_URL=node.url)
        server.flask("prepare")
        assert "elasticsearch: " in server.flask("search", "status")
        assert "embedded: " in server.flask("search", "rebuild")
        server.start()
        try:
            answer = found(server, "wheel")
            assert (answer["backend"], answer["degraded"]) == ("elasticsearch", False)
            rename(server, "The Tianjin Eye", "The Zephyrwheel")
            wait_until(lambda: found(server, "zephyrwheel")["total"] == 1)
            node.stop()
            assert "The Zephyrwheel" in server.served.get("/en/search?q=zephyrwheel")
            answer = found(server, "zephyrwheel")
            assert (answer["backend"], answer["degraded"], answer["total"]) == ("embedded", True, 1)
        finally:
            server.stop()


def test_the_log_has_one_structured_line_for_a_request(server: Server) -> None:
    request = urllib.request.Request(f"{server.served.url}/en/nothing")
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)
    identity = refused.value.headers["X-Request-Id"]
    refused.value.close()
    wait_until(lambda: identity in server.log.read_text())
    (line,) = [line for line in server.log.read_text().splitlines() if identity in line]
    entry = json.loads(line)
    assert (entry["method"], entry["path"], entry["status"]) == ("GET", "/en/nothing", 404)
    assert entry["ms"] > 0
