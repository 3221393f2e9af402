"""Static files as gunicorn sends them."""

from __future__ import annotations

import re
import urllib.request

import brotli

from tests.plugins.portal import Served


def test_gunicorn_sends_the_style_sheet_compressed_and_only_once(served: Served) -> None:
    sheet = re.search(r'href="(/static/css/[^"]+)"', served.get("/en/"))
    assert sheet
    asked = urllib.request.Request(served.url + sheet[1], headers={"Accept-Encoding": "br"})
    sizes = set()
    for _ in range(6):  # both workers, and each of them again
        with urllib.request.urlopen(asked, timeout=10) as answer:
            assert answer.headers["Content-Encoding"] == "br"
            sent = answer.read()
            assert b"--paper" in brotli.decompress(sent)
            sizes.add(len(sent))
    assert len(sizes) == 1
    assert sizes.pop() < 10_000
