"""How many requests somebody sent lately, and whether one more is too many.

Counted by the storages of the `limits` library: in Redis over all machines, else in a file over the processes of one.
Redis down limits nobody out: for a while the machine counts on its own.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from math import ceil
from pathlib import Path

import structlog
from limits.storage import Storage

from portal.traffic.local import LocalStorage

log = structlog.get_logger()

PAUSE_S = 5.0
"""How long Redis is left alone after it failed."""
PATIENCE_S = 0.25
"""How long one question to Redis may take."""


@dataclass(frozen=True, slots=True)
class Policy:
    """So many requests (`quota`) in a window of so many seconds; `name` is what the header calls it."""

    name: str
    quota: int
    window_s: int = 60


@dataclass(frozen=True, slots=True)
class Verdict:
    """How it stands after a request: how many more may come until the window ends, and in how many seconds it does."""

    policy: Policy
    allowed: bool
    remaining: int
    reset_s: int


class Traffic:
    """Counts requests.

    :param file: where this machine counts.
    :param redis: `redis://...` where all machines count; None when there is but one.
    """

    def __init__(self, file: Path, redis: str | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._file = file
        self._redis = redis
        self._clock = clock
        self._resume_at = -1.0

    @cached_property
    def _local(self) -> Storage:
        return LocalStorage(self._file)

    @cached_property
    def _shared(self) -> Storage | None:
        if self._redis is None:
            return None
        from limits.storage import RedisStorage  # noqa: PLC0415 - its client takes its time to load

        return RedisStorage(
            self._redis,
            key_prefix="portal",
            wrap_exceptions=True,
            socket_timeout=PATIENCE_S,
            socket_connect_timeout=PATIENCE_S,
        )

    def count(self, policy: Policy, who: str) -> Verdict:
        """Count a request of somebody."""
        return self._ask(policy, who, lambda storage, key: storage.incr(key, policy.window_s))

    def look(self, policy: Policy, who: str) -> Verdict:
        """Tell how it stands with somebody, and whether another request would be allowed, without counting one."""
        return self._ask(policy, who, lambda storage, key: storage.get(key) + 1)

    def _ask(self, policy: Policy, who: str, number: Callable[[Storage, str], int]) -> Verdict:
        key = f"{policy.name}/{policy.window_s}/{who}"
        for storage in self._storages():
            try:
                used, ends = number(storage, key), storage.get_expiry(key)
            except Exception as error:
                self._resume_at = self._clock() + PAUSE_S
                log.warning("requests are not counted there", storage=type(storage).__name__, reason=str(error))
                continue
            reset = min(policy.window_s, max(1, ceil(ends - time.time()))) if used else policy.window_s
            return Verdict(policy, used <= policy.quota, max(0, policy.quota - used), reset)
        return Verdict(policy, allowed=True, remaining=policy.quota, reset_s=policy.window_s)

    def _storages(self) -> tuple[Storage, ...]:
        if self._redis is None or self._clock() < self._resume_at:
            return (self._local,)
        shared = self._shared
        return (self._local,) if shared is None else (shared, self._local)
