"""A server of map tiles for tests and measurements, so that the map needs no network: every tile is one grey."""

from __future__ import annotations

import http.server
import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from tools.ports import HOST

SIZE = 256
"""Pixels each way; twice as many where an address asks for a fine screen (`@2x`)."""


def png(size: int) -> bytes:
    """Return a square picture in one grey."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", size, size, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\x00" + b"\xe2" * size) * size)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


TILES = {False: png(SIZE), True: png(2 * SIZE)}


class _Tiles(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Send the tile, whatever its place."""
        tile = TILES["@2x" in self.path]
        self.send_response(http.HTTPStatus.OK)
        self.send_header("Content-Type", "image/png")
        self.send_header("Content-Length", str(len(tile)))
        self.send_header("Cache-Control", "max-age=3600")
        self.end_headers()
        self.wfile.write(tile)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def serving() -> Iterator[str]:
    """Serve tiles on a free port and give their address, as PORTAL_TILES_URL takes it."""
    with http.server.ThreadingHTTPServer((HOST, 0), _Tiles) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://{HOST}:{server.server_address[1]}/{{z}}/{{x}}/{{y}}{{r}}.png"
        finally:
            server.shutdown()
            thread.join()
