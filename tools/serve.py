"""`make serve`: from a fresh checkout to a portal that answers, in the foreground until it is stopped."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import time
from collections.abc import Mapping

from tools import apt, catalogs, environment, packages, ports
from tools.console import ToolError, run_command, say
from tools.processes import interrupt_on_signals, start, stop

PATIENCE_S = 600  # a large content directory takes its time on the first start
POLL_S = 0.05
STOP_S = 20
ENDED = "The portal ended with exit code {}; what was wrong stands above."


def settings(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment the portal gets: ours, in demo mode unless that was decided already."""
    return {"PORTAL_DEMO": "1", "PORT": "8000", **environ}


def main() -> int:
    """Run `make serve`."""
    interrupt_on_signals()
    environ = settings(os.environ)
    port = ports.choose(environ["PORT"])
    apt.ensure(packages.SERVE)
    with environment.one_at_a_time():
        environment.ensure(environment.PRODUCTION)
        catalogs.compile_stale()
    return serve(port, environ)


def serve(port: int, environ: Mapping[str, str]) -> int:
    """Prepare, then run gunicorn until it ends or we are told to stop, which counts as success."""
    say("Preparing the database, the content and the search index, then starting gunicorn ...")
    command = (str(environment.BIN / "python"), "-m", "tools.prepare_and_serve")
    process = start(command, own_group=True, environ=environ)
    try:
        wait_until_healthy(process, port)
        say(f"\nOpen http://{ports.HOST}:{port}/    (Ctrl-C stops it)\n")
        code = process.wait()
    except KeyboardInterrupt:
        say("\nStopping ...")
        stop(process, signal.SIGTERM, patience_s=STOP_S)
        say("Stopped.")
        return 0
    except ToolError:
        stop(process, signal.SIGTERM, patience_s=STOP_S)
        raise
    raise ToolError(ENDED.format(code))


def wait_until_healthy(process: subprocess.Popen[bytes], port: int, page: str = "/healthz") -> None:
    """Return once a page of the portal answers.

    :raises ToolError: when gunicorn ends first, or does not answer in time.
    """
    deadline = time.monotonic() + PATIENCE_S
    while not is_healthy(port, page):
        if process.poll() is not None:
            raise ToolError(ENDED.format(process.returncode))
        if time.monotonic() > deadline:
            raise ToolError(f"The portal did not answer on port {port} for {PATIENCE_S} s.")
        time.sleep(POLL_S)


def is_healthy(port: int, page: str = "/healthz") -> bool:
    """Whether a page answers with 200."""
    connection = http.client.HTTPConnection(ports.HOST, port, timeout=5)
    try:
        connection.request("GET", page)
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    run_command(main)
