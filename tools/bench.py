"""`make bench`: what the measurements need, then the measurements themselves, in `benchmarks/`."""

from __future__ import annotations

import sys

from tools import apt, catalogs, environment, packages
from tools.console import run_command
from tools.processes import interrupt_on_signals, run


def main() -> int:
    """Run `make bench`."""
    interrupt_on_signals()
    apt.ensure(packages.BENCH)
    with environment.one_at_a_time():
        environment.ensure(environment.PRODUCTION)
        catalogs.compile_stale()
    return run((str(environment.BIN / "python"), "-m", "benchmarks", *sys.argv[1:]))


if __name__ == "__main__":
    run_command(main)
