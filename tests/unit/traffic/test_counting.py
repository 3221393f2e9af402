"""Counting requests: in a file that processes share, in Redis that machines share, and when Redis is away."""

from __future__ import annotations

import multiprocessing
import time
from pathlib import Path

import pytest

from portal.traffic.counting import PAUSE_S, Policy, Traffic
from tests.plugins.redis import Redis

POLICY = Policy("key", 3)


@pytest.fixture(params=["file", "redis"])
def two(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Traffic, Traffic]:
    """Give what two processes have, or two machines."""
    if request.param == "file":
        return Traffic(tmp_path / "counts"), Traffic(tmp_path / "counts")
    url = request.getfixturevalue("redis").url
    return Traffic(tmp_path / "one", url), Traffic(tmp_path / "other", url)


def test_what_two_count_counts_together(two: tuple[Traffic, Traffic]) -> None:
    one, other = two
    verdicts = [traffic.count(POLICY, "7") for traffic in (one, other, one, other)]
    assert [verdict.remaining for verdict in verdicts] == [2, 1, 0, 0]
    assert [verdict.allowed for verdict in verdicts] == [True, True, True, False]
    assert all(0 < verdict.reset_s <= 60 for verdict in verdicts)
    assert one.count(POLICY, "8").remaining == 2
    assert one.count(Policy("address", 5), "7").remaining == 4


def test_a_look_counts_nothing(two: tuple[Traffic, Traffic]) -> None:
    one, other = two
    assert [one.look(POLICY, "7").allowed for _ in range(5)] == [True] * 5
    for _ in range(3):
        other.count(POLICY, "7")
    assert not one.look(POLICY, "7").allowed


def test_a_window_ends(two: tuple[Traffic, Traffic]) -> None:
    one, other = two
    short = Policy("short", 1, window_s=1)
    assert one.count(short, "7").allowed
    assert not other.count(short, "7").allowed
    time.sleep(1.1)
    assert other.count(short, "7").allowed


def _count(file: Path, times: int) -> None:
    traffic = Traffic(file)
    for _ in range(times):
        traffic.count(Policy("many", 10_000), "7")


def test_processes_at_once_lose_no_count(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_count, args=(tmp_path / "counts", 100)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert Traffic(tmp_path / "counts").count(Policy("many", 10_000), "7").remaining == 10_000 - 401


def test_redis_away_limits_nobody_out_and_is_asked_again_later(redis: Redis, tmp_path: Path) -> None:
    now = 0.0
    traffic = Traffic(tmp_path / "counts", redis.url, clock=lambda: now)
    assert traffic.count(POLICY, "7").remaining == 2
    redis.stop()
    assert [traffic.count(POLICY, "7").remaining for _ in range(2)] == [2, 1]  # this machine on its own
    redis.start()
    assert traffic.count(POLICY, "7").remaining == 0
    now = PAUSE_S + 1
    assert traffic.count(POLICY, "7").remaining == 2


def test_a_file_that_cannot_be_used_limits_nobody_out(tmp_path: Path) -> None:
    (tmp_path / "counts").write_text("no database")
    assert all(Traffic(tmp_path / "counts").count(POLICY, "7").allowed for _ in range(5))
