"""Requests per second of a page that nginx keeps, beside nginx sending the same bytes from a file."""

from __future__ import annotations

import tempfile
import urllib.request
from pathlib import Path

from benchmarks import load, throughput
from benchmarks.load import Load, Target
from benchmarks.servers import LISTING, free_port, gunicorn, prepare, site
from tools.console import say
from tools.nginx import nginx
from tools.ports import HOST

ROUNDS = 5
SECONDS = 5
WARM_UP_SECONDS = 2
CODING = "br"
BROWSER = "gzip, deflate, br, zstd"
FILE_SERVER = """
    server {{
        listen {host}:{port} default_server reuseport;
        server_tokens off;
        root {root};
        keepalive_requests 10000;
        open_file_cache max=10000 inactive=60s;
        sendfile on;
        tcp_nopush on;
        default_type text/html;
{headers}
    }}
"""


def measure() -> str:
    """Measure both in turn. Both send the same compressed body and the same headers, and log alike."""
    with site() as portal, tempfile.TemporaryDirectory(prefix="portal-bench-nginx-") as name:
        folder = Path(name)
        prepare(portal)
        page_port, file_port = free_port(), free_port()
        with gunicorn("wsgi:app", portal.port, portal.environ):
            more = _as_a_file(portal.port, file_port, folder)
            with nginx(folder, page_port, [portal.port], more):
                targets = {
                    "the same bytes as a file": Target(file_port, "/page", coding=BROWSER),
                    "page kept by nginx": Target(page_port, LISTING, coding=BROWSER),
                }
                for target in targets.values():
                    load.generate(target, seconds=WARM_UP_SECONDS)
                rounds = [_round(targets) for _ in range(ROUNDS)]
    return throughput.report({name: [results[name] for results in rounds] for name in targets})


def _round(targets: dict[str, Target]) -> dict[str, Load]:
    results = {name: load.generate(target, seconds=SECONDS) for name, target in targets.items()}
    say("  " + ", ".join(f"{name}: {result.requests_per_second:.0f}/s" for name, result in results.items()))
    return results


def _as_a_file(portal: int, port: int, folder: Path) -> str:
    """Write the page's compressed bytes into a file and return the server that sends it with the page's headers."""
    request = urllib.request.Request(f"http://{HOST}:{portal}{LISTING}", headers={"Accept-Encoding": CODING})
    with urllib.request.urlopen(request) as answer:
        (folder / "page").write_bytes(answer.read())
        own = {"Content-Type", "Content-Length", "Date", "Server", "Connection", "ETag", "X-Accel-Expires"}
        kept = {name: value for name, value in answer.headers.items() if name not in own}
    headers = "\n".join(f'        add_header {name} "{value}";' for name, value in kept.items())
    return FILE_SERVER.format(host=HOST, port=port, root=folder, headers=headers)
