"""A real PostgreSQL for the tests: the one named by PORTAL_TEST_POSTGRESQL_URL, else a throwaway of our own.

The throwaway lives in a temporary folder, listens on a Unix socket and a free port of the loopback interface only, and
dies with the tests: a watcher that reads from a pipe stops it when the pipe closes, however pytest ends.
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
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from portal.database import Database

SETTING = "PORTAL_TEST_POSTGRESQL_URL"
WAIT_SECONDS = 30


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """Give the address of a PostgreSQL server where databases may be created."""
    if url := os.environ.get(SETTING):
        yield url
        return
    with throwaway() as url:
        yield url


@pytest.fixture
def postgresql_database_url(postgresql_url: str) -> Iterator[str]:
    """Give the address of an empty database, dropped after the test."""
    name = f"test_{uuid4().hex}"
    _administer(postgresql_url, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    yield make_url(postgresql_url).set(database=name).render_as_string(hide_password=False)
    _administer(postgresql_url, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Give a migrated, empty database: every test runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'portal.sqlite'}"
    else:
        url = request.getfixturevalue("postgresql_database_url")
    database = Database(url)
    database.upgrade()
    yield database
    database.close()


@contextmanager
def throwaway() -> Iterator[str]:
    """Start a server of our own and give its address."""
    folder = Path(tempfile.mkdtemp(prefix="portal-postgresql-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        _run(
            "initdb",
            "--pgdata",
            folder / "data",
            "--username",
            "postgres",
            "--auth",
            "trust",
            "--no-sync",
            "-E",
            "UTF8",
        )
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
        raise RuntimeError(f"PostgreSQL is missing: apt-get install postgresql, or set {SETTING}")
    return Path(other).parent


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _administer(url: str, command: sql.Composed) -> None:
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(command)
