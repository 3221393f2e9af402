"""Requests per second of the listing page, beside a Flask hello-world under the same conditions."""

from __future__ import annotations

from statistics import median

from benchmarks import load
from benchmarks.load import Load
from benchmarks.servers import LISTING, free_port, gunicorn, prepare, site
from tools.console import say

ROUNDS = 5
SECONDS = 5
WARM_UP_SECONDS = 2


def measure() -> str:
    """Measure both in turn, so that what else the machine does meets both."""
    with site() as portal:
        prepare(portal)
        port = free_port()
        with gunicorn("benchmarks.hello:app", port, portal.environ), gunicorn("wsgi:app", portal.port, portal.environ):
            targets = {"hello-world": (port, "/"), f"listing page {LISTING}": (portal.port, LISTING)}
            for target in targets.values():
                load.generate(*target, seconds=WARM_UP_SECONDS)
            rounds = [_round(targets) for _ in range(ROUNDS)]
    return report({name: [results[name] for results in rounds] for name in targets})


def _round(targets: dict[str, tuple[int, str]]) -> dict[str, Load]:
    results = {name: load.generate(*target, seconds=SECONDS) for name, target in targets.items()}
    say("  " + ", ".join(f"{name}: {result.requests_per_second:.0f}/s" for name, result in results.items()))
    return results


def report(results: dict[str, list[Load]]) -> str:
    """Return the table of medians, the last row against the first."""
    width = max(map(len, results))
    lines = [f"{name:{width}}  {row(loads)}" for name, loads in results.items()]
    first, *_, last = results.values()
    return "\n".join([*lines, f"{'ratio':{width}}  {rate(last) / rate(first):8.2f}"])


def row(loads: list[Load]) -> str:
    """Return the median rate with its spread, and the median latencies."""
    rates = [each.requests_per_second for each in loads]
    p50, p99 = median(each.p50_ms for each in loads), median(each.p99_ms for each in loads)
    return f"{rate(loads):8.0f} requests/s  ({min(rates):.0f}-{max(rates):.0f})  p50 {p50:.2f} ms  p99 {p99:.2f} ms"


def rate(loads: list[Load]) -> float:
    """Return the median rate."""
    return median(each.requests_per_second for each in loads)
