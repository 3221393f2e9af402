"""`make contact-sheet` and `make share-images`: what drawing needs, then the drawing itself."""

from __future__ import annotations

import sys

from tools import apt, catalogs, environment, packages
from tools.console import run_command
from tools.processes import interrupt_on_signals, run


def main() -> int:
    """Run a command of tools.drawing."""
    interrupt_on_signals()
    apt.ensure(packages.TEST)
    with environment.one_at_a_time():
        environment.ensure(environment.DEVELOPMENT)
        catalogs.compile_stale()
    return run((str(environment.BIN / "python"), "-m", "tools.drawing", *sys.argv[1:]))


if __name__ == "__main__":
    run_command(main)
