"""`make audit`: what Lighthouse needs, then the audit itself, in `benchmarks/pages.py`."""

from __future__ import annotations

import sys

from tools import apt, catalogs, environment, packages
from tools.console import run_command
from tools.processes import interrupt_on_signals, run


def main() -> int:
    """Run `make audit`."""
    interrupt_on_signals()
    apt.ensure(packages.TEST)
    with environment.one_at_a_time():
        environment.ensure(environment.DEVELOPMENT)
        catalogs.compile_stale()
    return run((str(environment.BIN / "python"), "-m", "benchmarks.pages", *sys.argv[1:]))


if __name__ == "__main__":
    run_command(main)
