"""The portal itself for tests: an application on the project's content, and one served by gunicorn."""

from __future__ import annotations

import functools
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.app import create_app
from portal.config import ROOT, Settings
from portal.services import Services
from tools import processes


def prepared(settings: Settings) -> Services:
    """Return services whose database, catalog and index are up to the content, as `flask prepare` leaves them."""
    services = Services(settings)
    services.database.upgrade()
    services.intake().refresh()
    return services


@pytest.fixture(scope="session")
def prepared_state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state folder made once; tests work on copies."""
    state = tmp_path_factory.mktemp("state")
    services = prepared(Settings.from_environment({"PORTAL_STATE": str(state)}))
    services.close()
    return state


@pytest.fixture
def settings(prepared_state: Path, tmp_path: Path) -> Settings:
    """Settings with a state folder of the test's own, made ready."""
    state = tmp_path / "state"
    shutil.copytree(prepared_state, state)
    return Settings.from_environment({"PORTAL_STATE": str(state), "PORTAL_BASE_URL": "http://127.0.0.1:8000"})


@pytest.fixture
def services(settings: Settings) -> Iterator[Services]:
    """The services of the test's application."""
    services = Services(settings)
    yield services
    services.close()


@pytest.fixture
def app(services: Services) -> Flask:
    """The portal on the project's own content."""
    return create_app(services)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser of sorts: it keeps cookies, and reads every answer to its end, files too."""
    client = app.test_client()
    client.open = functools.partial(client.open, buffered=True)  # type: ignore[method-assign]
    return client


@dataclass(frozen=True)
class Served:
    """A portal served by gunicorn, with content and state of its own."""

    url: str
    content: Path
    state: Path

    def get(self, path: str) -> str:
        """Return the text of a page."""
        with urllib.request.urlopen(f"{self.url}{path}", timeout=10) as answer:
            return str(answer.read().decode())


class Server:
    """Starts and stops gunicorn with the project's configuration."""

    def __init__(self, folder: Path, **environ: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.served = Served(f"http://127.0.0.1:{port}", folder / "content", folder / "state")
        shutil.copytree(ROOT / "content", self.served.content)
        self.log = folder / "server.log"
        self.environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")},
            "PORTAL_CONTENT": str(self.served.content),
            "PORTAL_STATE": str(self.served.state),
            "PORTAL_DEMO": "1",
            "PORT": str(port),
            **environ,
        }

    def flask(self, *command: str, said: str = "") -> str:
        """Run a command of the portal and return what it prints; `said` is its standard input."""
        run = [sys.executable, "-m", "flask", *command]
        done = subprocess.run(run, cwd=ROOT, env=self.environ, input=said, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self) -> None:
        """Start serving and wait for the first answer."""
        run = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]
        with self.log.open("ab") as log:
            self.process = processes.start(run, environ=self.environ, output=log.fileno())
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                self.served.get("/healthz")
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError(self.log.read_text())

    def kill(self) -> None:
        """End the server and its workers at once, as a power cut would."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        for pid in (self.process.pid, *map(int, children)):
            os.kill(pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """Stop serving."""
        processes.stop(self.process, signal.SIGTERM, patience_s=20)


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory, tiles_url: str) -> Iterator[Served]:
    """The portal as `make serve` runs it: two gunicorn workers, embedded search, SQLite; tiles of the tests' own."""
    server = Server(tmp_path_factory.mktemp("served"), PORTAL_TILES_URL=tiles_url)
    server.flask("prepare")
    server.start()
    yield server.served
    server.stop()
