"""`make test`, `make lint` and `make format`: every check runs, and a table at the end says how each went."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from tools import apt, catalogs, environment, packages
from tools.console import ToolError, run_command, say
from tools.processes import interrupt_on_signals, run

STYLE: tuple[tuple[str, ...], ...] = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
    ("lint-imports", "--no-logo"),
)
TESTS = ("pytest", "--numprocesses=2", "--dist=loadfile")
"""Two at a time, a file by one of them: many tests wait for a server or a browser, and services start once for each."""
FORMAT: tuple[tuple[str, ...], ...] = (
    ("ruff", "check", "--select", "I", "--fix", "."),
    ("ruff", "format", "."),
)


@dataclass(frozen=True)
class Outcome:
    """How one check went."""

    name: str
    code: int
    seconds: float


def plan(target: str, arguments: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Return the commands, each a program of .venv and its arguments, that a target stands for.

    :raises ToolError: for an unknown target.
    """
    plans = {"test": (*STYLE, (*TESTS, *arguments)), "lint": STYLE, "format": FORMAT}
    if target not in plans:
        raise ToolError(f"Unknown: {target!r}. Known are {', '.join(plans)}.")
    return plans[target]


def summary(outcomes: Sequence[Outcome]) -> str:
    """Return the table of outcomes, a line each."""
    width = max(len(outcome.name) for outcome in outcomes)
    lines = [
        f"  {'FAILED' if outcome.code else 'passed'}  {outcome.name:{width}}  {outcome.seconds:6.1f} s"
        for outcome in outcomes
    ]
    return "\n".join(["", "Summary", *lines])


def carry_out(commands: Sequence[Sequence[str]]) -> list[Outcome]:
    """Run all the commands, also after one has failed."""
    outcomes = []
    for program, *arguments in commands:
        name = " ".join([program, *arguments])
        say(f"\n--- {name}")
        started = time.monotonic()
        # pytest takes SIGINT as Ctrl-C and then stops the servers that its fixtures started
        code = run((str(environment.BIN / program), *arguments), stop_signal=signal.SIGINT)
        outcomes.append(Outcome(name, code, time.monotonic() - started))
    return outcomes


def main() -> int:
    """Run the target named by the first argument; the others go to pytest."""
    interrupt_on_signals()
    target, *arguments = sys.argv[1:] or ["test"]
    commands = plan(target, arguments)
    apt.ensure(packages.TEST if target == "test" else packages.SERVE)
    with environment.one_at_a_time():
        environment.ensure(environment.DEVELOPMENT)
        catalogs.compile_stale()
    outcomes = carry_out(commands)
    say(summary(outcomes))
    return 1 if any(outcome.code for outcome in outcomes) else 0


if __name__ == "__main__":
    run_command(main)
