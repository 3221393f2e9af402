from __future__ import annotations

import sys
from pathlib import Path

import pytest
import structlog

from portal.web import request_log


def test_a_log_on_a_full_disk_stops_nothing() -> None:
    full = Path("/dev/full").open("w")  # noqa: SIM115 - closing it fails, as below
    log = request_log.Lossy(full)
    for _ in range(3):
        log.write("a line\n")
        log.flush()
    with pytest.raises(OSError, match="No space"):
        full.close()


def test_a_log_line_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    before = structlog.get_config()
    request_log.configure()
    try:
        structlog.get_logger().info("something", number=1)
        sys.stdout.flush()
        assert '"event": "something"' in capsys.readouterr().out
    finally:
        structlog.configure(**before)
