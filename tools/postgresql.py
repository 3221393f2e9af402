"""A throwaway PostgreSQL for tests and benchmarks.

It lives in a temporary folder, listens on a Unix socket and a free port of the loopback interface only, commits
durably as in production, and dies with who started it: a watcher that reads from a pipe stops it when the pipe closes,
however that process ends.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

WAIT_SECONDS = 30


@contextmanager
def throwaway() -> Iterator[str]:
    """Start a server of our own and give its address."""
    folder = Path(tempfile.mkdtemp(prefix="portal-postgresql-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        login = ("--username", "postgres", "--auth", "trust")
        _run("initdb", "--pgdata", folder / "data", *login, "--no-sync", "-E", "UTF8")
        port = _free_port()
        with _server(folder, port):
            yield f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _server(folder: Path, port: int) -> Iterator[None]:
    stop = _command("pg_ctl", "stop", "--mode=immediate", "-D", folder / "data")
    # A process of its own: it outlives a killed pytest, and the closed pipe tells it so.
    watcher = subprocess.Popen(
        [sys.executable, "-c", WATCHER, str(folder), *stop], stdin=subprocess.PIPE, start_new_session=True
    )
    try:
        _start(folder, port)
        yield
    finally:
        assert watcher.stdin is not None
        watcher.stdin.close()
        watcher.wait(WAIT_SECONDS)


def _start(folder: Path, port: int) -> None:
    options = f"-c listen_addresses=127.0.0.1 -p {port} -k {folder} -c max_connections=200"
    log = folder / "log"
    try:
        _run("pg_ctl", "start", "--wait", f"--timeout={WAIT_SECONDS}", "-D", folder / "data", "-l", log, "-o", options)
    except subprocess.CalledProcessError as error:
        said = log.read_text() if log.exists() else ""
        raise RuntimeError(f"PostgreSQL did not start:\n{error.output}\n{said}") from error


WATCHER = """
import shutil, subprocess, sys
sys.stdin.buffer.read()
subprocess.run(sys.argv[2:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")
shutil.rmtree(sys.argv[1], ignore_errors=True)
"""


def _run(program: str, *arguments: str | Path) -> None:
    subprocess.run(
        _command(program, *arguments), check=True, cwd="/", text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


def _command(program: str, *arguments: str | Path) -> list[str]:
    """Return a command line; PostgreSQL refuses to run as root."""
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    return [*as_user, str(_programs() / program), *map(str, arguments)]


def _programs() -> Path:
    """Return the folder of the newest PostgreSQL that Debian installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    other = shutil.which("initdb")
    if other is None:
        raise RuntimeError("PostgreSQL is missing: apt-get install postgresql")
    return Path(other).parent


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
