"""`make bench`: every figure of docs/performance.md, measured now, on this machine."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import bookings, edge, export, freshness, scale, searching, startup, throughput
from tools.console import ToolError, run_command, say
from tools.processes import interrupt_on_signals

MEASUREMENTS: dict[str, Callable[[], str]] = {
    "throughput": throughput.measure,
    "startup": startup.measure,
    "freshness": freshness.measure,
    "scale": lambda: scale.measure(5_000),
    "full-scale": lambda: scale.measure(100_000),
    "search": lambda: searching.measure(5_000),
    "full-search": lambda: searching.measure(100_000),
    "nginx": edge.measure,
    "export": export.measure,
    "bookings": bookings.measure,
}
USUAL = tuple(name for name in MEASUREMENTS if not name.startswith("full-"))


def machine() -> str:
    """Name what the figures were measured on."""
    models = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    model = models[0].partition(": ")[2] if models else platform.machine()
    pages = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {model}, {os.cpu_count()} cores, {pages / 2**30:.0f} GiB, "
        f"Linux {platform.release()}, Python {platform.python_version()}"
    )


def main() -> int:
    """Run the measurements named as arguments, or the usual ones."""
    interrupt_on_signals()
    names = sys.argv[1:] or USUAL
    if unknown := set(names) - set(MEASUREMENTS):
        raise ToolError(f"Unknown: {', '.join(sorted(unknown))}. Known are {', '.join(MEASUREMENTS)}.")
    say(machine())
    for name in names:
        say(f"\nMeasuring {name} ...")
        say(MEASUREMENTS[name]())
    return 0


if __name__ == "__main__":
    run_command(main)
