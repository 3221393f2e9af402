"""Limits on requests over two portals that share one Redis, and sales going on while Redis hangs or is dead."""

from __future__ import annotations

import json
import os
import shutil
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from portal.config import ROOT
from tests.plugins.portal import Server
from tests.plugins.redis import Redis

QUOTA = 6
PATIENT_S = 3.0
"""How long a sale may take on this busy machine while Redis does not answer; by itself it takes milliseconds."""
OFFER = {"productId": "haihe-cruise-day", "optionId": "DEFAULT"}


@dataclass(frozen=True)
class Answer:
    """What was answered."""

    status: int
    headers: Any
    json: Any

    @property
    def left(self) -> int:
        """How many requests are left, as the header says."""
        return int(self.headers["RateLimit"].partition("r=")[2].partition(";")[0])

    @property
    def ends_s(self) -> int:
        """In how many seconds the window ends, as the header says."""
        return int(self.headers["RateLimit"].partition("t=")[2])


@pytest.fixture
def machines(tmp_path: Path, prepared_state: Path, redis: Redis) -> Iterator[tuple[Server, Server]]:
    """Two portals with a state of their own, one database, one Redis."""
    shared = {
        "PORTAL_CONTENT": str(ROOT / "content"),
        "PORTAL_DATABASE_URL": f"sqlite:///{tmp_path / 'shared.sqlite'}",
        "PORTAL_REDIS_URL": redis.url,
        "PORTAL_RATE_LIMIT": str(QUOTA),
        "PORTAL_SECRET_KEY": "the same on every machine",
    }
    pair = []
    for name in ("one", "two"):
        server = Server(tmp_path / name, **shared)
        shutil.copytree(prepared_state, server.served.state)
        pair.append(server)
    shutil.copy(prepared_state / "portal.sqlite", tmp_path / "shared.sqlite")
    for server in pair:
        server.start()
    yield pair[0], pair[1]
    for server in pair:
        server.stop()


def ask(server: Server, key: str, path: str = "/supplier", body: Any = None) -> Answer:
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{server.served.url}/octo{path}", data, headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return Answer(answer.status, answer.headers, json.load(answer))
    except urllib.error.HTTPError as refused:
        return Answer(refused.code, refused.headers, json.load(refused))


def sell(server: Server, key: str) -> float:
    """Sell a place, from question to confirmation, and return how many seconds that took."""
    began = time.monotonic()
    first = datetime.now(UTC).date() + timedelta(days=1)
    dates = {"localDateStart": f"{first}", "localDateEnd": f"{first + timedelta(days=200)}"}
    slots = ask(server, key, "/availability", {**OFFER, **dates}).json
    slot = next(one for one in slots if one["available"])
    body = {"availabilityId": slot["id"], "unitItems": [{"unitId": "adult"}]}
    held = ask(server, key, "/bookings", {**OFFER, **body})
    sold = ask(server, key, f"/bookings/{held.json['uuid']}/confirm", {"contact": {}})
    assert (held.status, sold.status, sold.json["status"]) == (200, 200, "CONFIRMED")
    return time.monotonic() - began


def test_one_limit_holds_over_two_machines_and_sales_go_on_without_redis(
    machines: tuple[Server, Server], redis: Redis
) -> None:
    one, two = machines
    key, other = (one.flask("partners", "create", name).strip() for name in ("Harbour", "Other"))
    answers = [ask(machines[number % 2], key) for number in range(QUOTA)]
    assert [answer.status for answer in answers] == [200] * QUOTA
    assert [answer.left for answer in answers] == list(range(QUOTA))[::-1]
    assert {answer.headers["RateLimit-Policy"] for answer in answers} == {f'"key";q={QUOTA};w=60'}
    ends = [answer.ends_s for answer in answers]
    assert 0 < ends[-1] <= ends[0] <= 60
    for server in machines:
        refused = ask(server, key)
        assert (refused.status, refused.json["error"], refused.left) == (429, "TOO_MANY_REQUESTS", 0)
        assert 0 < int(refused.headers["Retry-After"]) == refused.ends_s <= 60
    assert ask(two, other).left == QUOTA - 1  # another key has its own

    assert redis.process is not None
    os.kill(redis.process.pid, signal.SIGSTOP)  # it hangs: connections open, and nothing comes back
    assert sell(one, key) < PATIENT_S
    os.kill(redis.process.pid, signal.SIGCONT)
    redis.stop()  # it is dead: each machine counts on its own
    assert sell(two, key) < PATIENT_S
    alone = ask(two, key)
    assert (alone.status, alone.left) == (200, QUOTA - 4)
    assert [ask(two, key).status for _ in range(3)] == [200, 200, 429]
