"""What the commands say, and how they end when something is wrong."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
INTERRUPTED = 130


class ToolError(Exception):
    """Something the person at the terminal has to know; the message says what to do about it."""


def say(text: str) -> None:
    """Print one line at once, also into a pipe."""
    print(text, flush=True)


def run_command(main: Callable[[], int]) -> None:
    """Run a command's `main` and exit with its code: a `ToolError` becomes its message, Ctrl-C the code 130."""
    try:
        code = main()
    except ToolError as error:
        print(f"\n{error}", file=sys.stderr, flush=True)
        code = 1
    except KeyboardInterrupt:
        print("\nInterrupted.", file=sys.stderr, flush=True)
        code = INTERRUPTED
    sys.exit(code)
