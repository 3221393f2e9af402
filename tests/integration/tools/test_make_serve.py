"""The command itself, as a newcomer runs it, and every way to end it."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest

from tools.console import ROOT

PATIENCE_S = 30  # gunicorn itself gives its workers ten seconds to end

T = TypeVar("T")


def parents() -> dict[int, int]:
    """Return the parent of each running process."""
    found = {}
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = file.read_text().rsplit(")", 1)[1].split()[:2]
        except OSError:  # it has just ended
            continue
        if state != "Z":
            found[int(file.parent.name)] = int(parent)
    return found


def descendants(pid: int) -> list[int]:
    """Return children, their children and so on, the nearest first."""
    found, known = [pid], parents()
    for ancestor in found:
        found += [child for child, parent in known.items() if parent == ancestor]
    return found[1:]


def wait_for(look: Callable[[], T], good: Callable[[T], bool]) -> T:
    """Look again and again until it is good, or patience ends; return what was seen last."""
    deadline = time.monotonic() + PATIENCE_S
    while not good(seen := look()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return seen


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


@dataclass
class Serving:
    make: subprocess.Popen[str]
    port: int
    said: str

    @property
    def script(self) -> int:
        return descendants(self.make.pid)[0]


@pytest.fixture(scope="module")
def environ(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("PORTAL_", "MAKE", "MFLAGS"))}
    return {**ours, "PORTAL_STATE": str(tmp_path_factory.mktemp("state"))}


@contextmanager
def make_serve(environ: dict[str, str]) -> Iterator[Serving]:
    port = free_port()
    with subprocess.Popen(
        ("make", "serve"),
        cwd=ROOT,
        env={**environ, "PORT": str(port)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        # nohup has it ignored, and by its children too; nothing here has threads yet
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),  # noqa: PLW1509
    ) as make:
        assert make.stdout
        said = ""
        try:
            while "Open " not in said and (line := make.stdout.readline()):
                said += line
            yield Serving(make, port, said)
        finally:
            if make.poll() is None:
                make.terminate()


ENDS: dict[str, Callable[[Serving], None]] = {
    "Ctrl-C": lambda serving: os.killpg(serving.make.pid, signal.SIGINT),
    "a closed terminal": lambda serving: os.killpg(serving.make.pid, signal.SIGHUP),
    "SIGTERM to make": lambda serving: os.kill(serving.make.pid, signal.SIGTERM),
    "SIGTERM to the script": lambda serving: os.kill(serving.script, signal.SIGTERM),
    "kill -9 of the script": lambda serving: os.kill(serving.script, signal.SIGKILL),
    "kill -9 of make": lambda serving: os.kill(serving.make.pid, signal.SIGKILL),
}


@pytest.mark.parametrize("end", ENDS)
def test_no_process_is_left_behind_after(end: str, environ: dict[str, str]) -> None:
    with make_serve(environ) as serving:
        assert f"Open http://127.0.0.1:{serving.port}/" in serving.said
        running = wait_for(lambda: descendants(serving.make.pid), lambda pids: len(pids) == 8)
        assert len(running) == 8, (
            "the script, gunicorn, two workers; what follows the content and does jobs beside each"
        )
        ENDS[end](serving)
        serving.make.communicate(timeout=PATIENCE_S)
    assert not wait_for(lambda: set(running) & set(parents()), lambda left: not left)


def test_what_it_names_to_open_answers(environ: dict[str, str]) -> None:
    with make_serve(environ) as serving:
        connection = http.client.HTTPConnection("127.0.0.1", serving.port, timeout=PATIENCE_S)
        connection.request("GET", "/en/")
        assert connection.getresponse().status == 200
        connection.close()


def test_a_port_in_use_is_named_at_once(environ: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        began = time.monotonic()
        done = subprocess.run(
            ("make", "serve"), cwd=ROOT, env={**environ, "PORT": str(port)}, capture_output=True, text=True, check=False
        )
    assert done.returncode != 0
    assert f"Port {port} is in use. Use another: PORT=" in done.stderr
    assert done.stdout == ""
    assert time.monotonic() - began < 2
