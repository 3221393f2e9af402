"""Requests per second of the listing page, beside a Flask hello-world under the same conditions."""

from __future__ import annotations

from statistics import median
from urllib.request import urlopen

from benchmarks import load
from benchmarks.load import Load, Target
from benchmarks.servers import LISTING, free_port, gunicorn, prepare, site
from tools.console import say
from tools.ports import HOST

ROUNDS = 5
SECONDS = 5
WARM_UP_SECONDS = 2


def measure() -> str:
    """Measure all in turn, so that what else the machine does meets them alike."""
    with site() as portal:
        prepare(portal)
        port = free_port()
        with gunicorn("benchmarks.hello:app", port, portal.environ), gunicorn("wsgi:app", portal.port, portal.environ):
            known = _etag(portal.port)
            targets = {
                "Flask hello-world": Target(port, "/", coding="br"),
                "listing page": Target(portal.port, LISTING, coding="br"),
                "listing page the browser has (304)": Target(portal.port, LISTING, coding="br", etag=known),
                "listing page, rendered each time": Target(portal.port, LISTING, varied=True),
            }
            for target in targets.values():
                load.generate(target, seconds=WARM_UP_SECONDS)
            rounds = [_round(targets) for _ in range(ROUNDS)]
    return report({name: [results[name] for results in rounds] for name in targets})


def _etag(port: int) -> str:
    with urlopen(f"http://{HOST}:{port}{LISTING}", timeout=30) as answer:
        return str(answer.headers["ETag"])


def _round(targets: dict[str, Target]) -> dict[str, Load]:
    results = {name: load.generate(target, seconds=SECONDS) for name, target in targets.items()}
    say("  " + ", ".join(f"{name}: {result.requests_per_second:.0f}/s" for name, result in results.items()))
    return results


def report(results: dict[str, list[Load]]) -> str:
    """Return the table of medians, each with its ratio to the first."""
    width = max(map(len, results))
    reference = rate(next(iter(results.values())))
    return "\n".join(f"{name:{width}}  {row(loads, reference)}" for name, loads in results.items())


def row(loads: list[Load], reference: float) -> str:
    """Return the median rate with its spread and ratio, and the median latencies."""
    rates = [each.requests_per_second for each in loads]
    p50, p99 = median(each.p50_ms for each in loads), median(each.p99_ms for each in loads)
    spread = f"({min(rates):.0f}-{max(rates):.0f})"
    return (
        f"{rate(loads):7.0f} requests/s {spread:13}  ratio {rate(loads) / reference:5.2f}  "
        f"p50 {p50:6.2f} ms  p99 {p99:6.2f} ms"
    )


def rate(loads: list[Load]) -> float:
    """Return the median rate."""
    return median(each.requests_per_second for each in loads)
