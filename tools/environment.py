"""The project's virtual environment: made once, filled again when the requirements changed."""

from __future__ import annotations

import fcntl
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.console import ROOT, say
from tools.processes import run_quietly

VENV = ROOT / ".venv"
BIN = VENV / "bin"
INSTALLED = VENV / "installed.txt"
PRODUCTION = ROOT / "requirements.txt"
DEVELOPMENT = ROOT / "requirements-dev.txt"
PYTHON = f"python {sys.version_info.major}.{sys.version_info.minor}"


def pins(text: str) -> frozenset[str]:
    """Return the lines of a requirements file that ask for something."""
    lines = (line.split("#", 1)[0].strip() for line in text.splitlines())
    return frozenset(line for line in lines if line)


def is_current(installed: str, wanted: str, python: str = PYTHON) -> bool:
    """Whether what was installed covers what is wanted: after the tests' packages, serving installs nothing."""
    return pins(wanted) | {python} <= pins(installed)


def is_usable(config: str, python: str = PYTHON) -> bool:
    """Whether a `pyvenv.cfg` tells of an environment made by this version of Python."""
    settings = dict(line.replace(" ", "").split("=", 1) for line in config.splitlines() if "=" in line)
    version = settings.get("version") or settings.get("version_info") or ""
    return f"python {'.'.join(version.split('.')[:2])}" == python


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Keep two commands started together in this checkout from installing at once."""
    with PRODUCTION.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Waiting for another command that prepares this folder ...")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def ensure(requirements: Path) -> None:
    """Have `.venv` hold what a requirements file asks for when this function returns.

    :raises ToolError: when it cannot be made or filled.
    """
    wanted = requirements.read_text()
    if (BIN / "python").exists() and is_current(_text(INSTALLED), wanted):
        return
    if not (is_usable(_text(VENV / "pyvenv.cfg")) and (BIN / "python").exists() and (BIN / "pip").exists()):
        shutil.rmtree(VENV, ignore_errors=True)
        # the real path, for the case that this very Python is the one in .venv
        run_quietly("Making .venv", (os.path.realpath(sys.executable), "-m", "venv", str(VENV)))
    INSTALLED.unlink(missing_ok=True)
    run_quietly(
        f"Installing {len(pins(wanted))} Python packages of {requirements.name}",
        (
            *(str(BIN / "python"), "-m", "pip", "install", "--no-input", "--disable-pip-version-check"),
            # a fresh machine has no compiler, so none may be needed
            *("--progress-bar", "off", "--only-binary", ":all:", "--requirement", str(requirements)),
        ),
    )
    INSTALLED.write_text("\n".join([PYTHON, *sorted(pins(wanted)), ""]))


def _text(file: Path) -> str:
    return file.read_text() if file.exists() else ""
