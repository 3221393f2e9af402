from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator

import pytest

from tools import serve


class Answers(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/healthz" else 404)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def port() -> Iterator[int]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def test_demo_mode_is_on_unless_it_was_decided() -> None:
    assert serve.settings({"HOME": "/root"}) == {"HOME": "/root", "PORTAL_DEMO": "1", "PORT": "8000"}
    assert serve.settings({"PORTAL_DEMO": "0", "PORT": "8001"}) == {"PORTAL_DEMO": "0", "PORT": "8001"}


def test_a_portal_that_answers_is_healthy(port: int) -> None:
    assert serve.is_healthy(port)


def test_nothing_listening_is_not_healthy() -> None:
    assert not serve.is_healthy(1)
