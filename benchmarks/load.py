"""Load from wrk, for a bounded time, to this machine only."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tools.console import ToolError
from tools.ports import HOST

CONNECTIONS = 64  # so many that each worker gets its share of them; with 8, one worker often has them all
ANOTHER_QUERY = Path(__file__).with_name("another_query.lua")
UNITS_MS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


@dataclass(frozen=True)
class Load:
    """What a server did under load."""

    requests_per_second: float
    p50_ms: float
    p99_ms: float


@dataclass(frozen=True)
class Target:
    """What to ask for.

    :param varied: with another query string each time, so that no kept page answers.
    :param coding: the content coding to accept, plain when empty.
    :param etag: what the asker has already; the answer is a 304 as long as it is right.
    :param script: makes the requests, in wrk's Lua, from `arguments`.
    :param connections: how many requests are under way at a time.
    """

    port: int
    path: str
    varied: bool = False
    coding: str = ""
    etag: str = ""
    script: Path | None = None
    arguments: tuple[str, ...] = ()
    connections: int = CONNECTIONS


def generate(target: Target, *, seconds: int) -> Load:
    """Send requests over kept connections, each as soon as its last answer is there.

    :raises ToolError: when an answer was no success, or did not come.
    """
    file = target.script or (ANOTHER_QUERY if target.varied else None)
    script = ("--script", str(file)) if file else ()
    coding = ("--header", f"Accept-Encoding: {target.coding}") if target.coding else ()
    known = ("--header", f"If-None-Match: {target.etag}") if target.etag else ()
    command = (
        *("wrk", "--threads", "1", "--connections", str(target.connections), "--duration", f"{seconds}s"),
        *("--latency", "--timeout", "10s"),
        *(*script, *coding, *known, f"http://{HOST}:{target.port}{target.path}"),
        *(("--", *target.arguments) if target.arguments else ()),
    )
    return parse(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def parse(report: str) -> Load:
    """Read wrk's report.

    :raises ToolError: when it tells of failures, or cannot be read.
    """
    if failures := re.search(r"^\s*(Non-2xx.*|Socket errors.*)$", report, re.MULTILINE):
        raise ToolError(f"The server failed under load: {failures[1]}")
    rate = re.search(r"^Requests/sec:\s+([\d.]+)$", report, re.MULTILINE)
    latencies = dict(re.findall(r"^\s+(50|99)%\s+([\d.]+(?:us|ms|s))\s*$", report, re.MULTILINE))
    if not rate or len(latencies) != 2:
        raise ToolError(f"wrk's report has another form than expected:\n{report}")
    return Load(float(rate[1]), _milliseconds(latencies["50"]), _milliseconds(latencies["99"]))


def _milliseconds(text: str) -> float:
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s)", text).groups()  # type: ignore[union-attr]
    return float(number) * UNITS_MS[unit]
