"""Which port to serve on, settled before anything slow happens."""

from __future__ import annotations

import socket
from collections.abc import Callable

from tools.console import ToolError

HOST = "127.0.0.1"
TRIES = 100


def is_free(port: int) -> bool:
    """Whether a server could listen on this port of the loopback address.

    :raises ToolError: when this user may not use the port at all.
    """
    with socket.socket() as candidate:
        candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server will
        try:
            candidate.bind((HOST, port))
        except PermissionError as error:
            raise ToolError(f"Only root may use port {port}. Use another: PORT=8000 make serve") from error
        except OSError:
            return False
        return True


def choose(text: str, free: Callable[[int], bool] = is_free) -> int:
    """Return the port that `PORT` asks for.

    :raises ToolError: when it is no port, or is in use; names a free one then.
    """
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise ToolError(f"PORT must be a number from 1 to 65535, not {text!r}.")
    port = int(text)
    if free(port):
        return port
    above = range(port + 1, min(port + TRIES, 65536))
    other = next((candidate for candidate in above if free(candidate)), 8000)
    raise ToolError(f"Port {port} is in use. Use another: PORT={other} make serve")
