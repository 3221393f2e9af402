from __future__ import annotations

import socket

import pytest

from tools import ports
from tools.console import ToolError


@pytest.mark.parametrize("text", ["", "abc", "0", "-1", "65536", "80 00", "٨٠٠٠", "8000.0"])
def test_what_is_no_port_is_refused_by_name(text: str) -> None:
    with pytest.raises(ToolError, match="PORT must be a number from 1 to 65535"):
        ports.choose(text, lambda _: True)


def test_a_free_port_is_taken() -> None:
    assert ports.choose("8000", lambda _: True) == 8000


def test_a_port_in_use_is_named_with_the_next_free_one() -> None:
    with pytest.raises(ToolError, match=r"Port 8000 is in use\. Use another: PORT=8003 make serve"):
        ports.choose("8000", lambda port: port > 8002)


def test_a_port_that_another_server_listens_on_is_not_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert not ports.is_free(port)
    assert ports.is_free(port)


def test_a_port_taken_on_every_address_is_not_free() -> None:
    with socket.create_server(("0.0.0.0", 0)) as server:
        assert not ports.is_free(server.getsockname()[1])
