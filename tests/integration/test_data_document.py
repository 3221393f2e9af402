"""Schemathesis makes requests up from the open data interface's own document and judges what the portal answers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.plugins.portal import Served

SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
    "unsupported_method",
)


@pytest.mark.timeout(400)
def test_answers_are_as_the_document_has_them(served: Served, tmp_path: Path) -> None:
    command = [str(SCHEMATHESIS), "run", f"{served.url}/api/v1/openapi.json", "--phases", "examples,coverage,fuzzing"]
    choice = ["--checks", ",".join(CHECKS), "--max-examples", "25", "--no-color", "--seed", "1"]
    done = subprocess.run([*command, *choice], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=380)
    assert done.returncode == 0, done.stdout[-10_000:] + done.stderr[-2000:]
