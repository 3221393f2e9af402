"""nginx with the configuration of production, as an ordinary process with its files in one folder."""

from __future__ import annotations

import signal
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tools.console import ROOT, ToolError
from tools.ports import HOST
from tools.processes import start, stop

CONFIGURATION = ROOT / "deploy" / "nginx.conf"
PATIENCE_S = 10
AROUND = """\
{user}
worker_processes 2;
daemon off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
    types {{ text/html html; text/css css; text/javascript js; image/svg+xml svg; }}
    log_format tests '$remote_addr "$request" $status $upstream_cache_status';
    access_log {folder}/access.log tests buffer=64k flush=100ms;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/portal.conf;
    {more}
}}
"""


def configuration(port: int, upstreams: Sequence[int], folder: Path) -> str:
    """Return the shipped configuration with what differs here: where to listen, whom to ask, where copies lie."""
    text = CONFIGURATION.read_text(encoding="utf-8")
    for shipped, here in {
        "listen 80 default_server": f"listen {HOST}:{port} default_server",
        "server 127.0.0.1:8000;": " ".join(f"server {HOST}:{upstream};" for upstream in upstreams),
        "/var/cache/nginx/": f"{folder}/",
        "/srv/portal/": f"{ROOT}/",
    }.items():
        if shipped not in text:
            raise ToolError(f"{CONFIGURATION} no longer says {shipped!r}.")
        text = text.replace(shipped, here)
    return text


@contextmanager
def nginx(folder: Path, port: int, upstreams: Sequence[int], more: str = "") -> Iterator[None]:
    """Run nginx with its files in `folder`, until the block ends.

    :param more: further directives of the http context.
    :raises ToolError: when it does not start.
    """
    command = write(folder, port, upstreams, more)
    with (folder / "output").open("wb") as output:
        process = start(command, own_group=True, output=output.fileno())
    try:
        deadline = time.monotonic() + PATIENCE_S
        while not _listens(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise ToolError("nginx did not start:\n" + (folder / "output").read_text())
            time.sleep(0.02)
        yield
    finally:
        stop(process, signal.SIGTERM, patience_s=10)


def write(folder: Path, port: int, upstreams: Sequence[int], more: str = "") -> tuple[str, ...]:
    """Write its configuration into `folder` and return the command that runs it."""
    user = "user root;" if folder.owner() == "root" else ""
    folder.joinpath("portal.conf").write_text(configuration(port, upstreams, folder), encoding="utf-8")
    folder.joinpath("nginx.conf").write_text(AROUND.format(folder=folder, user=user, more=more), encoding="utf-8")
    return "nginx", "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0
