"""Servers to measure: the portal, or any other WSGI application, on the gunicorn configuration of production."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tools.console import ROOT, ToolError
from tools.environment import BIN
from tools.ports import HOST
from tools.processes import run_quietly, start, stop
from tools.serve import wait_until_healthy

LISTING = "/en/attractions/tianjin-eye/"


@dataclass(frozen=True)
class Site:
    """A portal of its own: content, and a state folder that is empty at first; on SQLite unless told otherwise."""

    folder: Path
    port: int
    content: Path
    database_url: str = ""

    @property
    def environ(self) -> dict[str, str]:
        """The environment to start it with: none of our own PORTAL_* settings, so that all measure the same."""
        ours = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
        return {
            **ours,
            "PORT": str(self.port),
            "PORTAL_CONTENT": str(self.content),
            "PORTAL_STATE": str(self.folder / "state"),
            "PORTAL_DEMO": "1",
            **({"PORTAL_DATABASE_URL": self.database_url} if self.database_url else {}),
        }


def free_port() -> int:
    """Return a port of the loopback address that nobody listens on."""
    with socket.create_server((HOST, 0)) as server:
        port: int = server.getsockname()[1]
        return port


@contextmanager
def site() -> Iterator[Site]:
    """Lay out a portal of its own, and remove it at the end."""
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as name:
        folder = Path(name)
        shutil.copytree(ROOT / "content", folder / "content")
        yield Site(folder, free_port(), folder / "content")


def prepare(site: Site) -> None:
    """Make its database, catalog and index."""
    run_quietly("Preparing a portal to measure", (str(BIN / "flask"), "prepare"), environ=site.environ)


@contextmanager
def gunicorn(
    application: str, port: int, environ: Mapping[str, str], page: str = "/healthz"
) -> Iterator[subprocess.Popen[bytes]]:
    """Run an application until a page of it has answered; its log goes to a file, as under a service manager."""
    command = (str(BIN / "gunicorn"), "--config", str(ROOT / "deploy" / "gunicorn.conf.py"), application)
    with tempfile.TemporaryFile() as log:
        process = start(command, own_group=True, environ={**environ, "PORT": str(port)}, output=log.fileno())
        try:
            try:
                wait_until_healthy(process, port, page)
            except ToolError as error:
                log.seek(0)
                raise ToolError(f"{log.read().decode(errors='replace')}\n{error}") from None
            yield process
        finally:
            stop(process, signal.SIGTERM, patience_s=20)
