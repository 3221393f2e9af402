"""How long `make serve` takes until the listing page answers."""

from __future__ import annotations

import http.client
import signal
import tempfile
import time
from statistics import median

from benchmarks.servers import LISTING, Site, site
from tools.console import ToolError, say
from tools.ports import HOST
from tools.processes import start, stop

STARTS = 5
PATIENCE_S = 120
POLL_S = 0.01


def measure() -> str:
    """Start it once with an empty state folder, then again and again with what the first start made."""
    with site() as portal:
        first = seconds_to_first_answer(portal)
        say(f"  first start: {first:.2f} s")
        later = [seconds_to_first_answer(portal) for _ in range(STARTS)]
    return (
        f"first start, .venv there, state empty   {first:6.2f} s\n"
        f"second start, median of {STARTS}               {median(later):6.2f} s  ({min(later):.2f}-{max(later):.2f})"
    )


def seconds_to_first_answer(portal: Site) -> float:
    """Start `make serve`, wait for the listing page, stop it again."""
    began = time.monotonic()
    with tempfile.TemporaryFile() as log:
        process = start(("make", "serve"), own_group=True, environ=portal.environ, output=log.fileno())
        try:
            while not answers(portal.port):
                if process.poll() is not None or time.monotonic() - began > PATIENCE_S:
                    log.seek(0)
                    raise ToolError(f"make serve did not come up:\n{log.read().decode(errors='replace')}")
                time.sleep(POLL_S)
            return time.monotonic() - began
        finally:
            stop(process, signal.SIGTERM, patience_s=30)


def answers(port: int) -> bool:
    """Whether the listing page is served."""
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    try:
        connection.request("GET", LISTING)
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
