"""Schemathesis makes requests up from the document of `/api/v1` and judges what the portal answers a partner."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
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


@pytest.mark.timeout(900)
def test_answers_are_as_the_document_has_them(served: Served, tmp_path: Path) -> None:
    command = [str(SCHEMATHESIS), "run", f"{served.url}/api/v1/openapi.json", "--phases", "examples,coverage,fuzzing"]
    key = {"Authorization": f"Bearer {(served.state / 'demo-partner-key').read_text()}"}
    choice = ["--checks", ",".join(CHECKS), "--max-examples", "10", "--no-color", "--seed", "1"]
    choice += ["--header", f"Authorization: {key['Authorization']}"]
    done = subprocess.run([*command, *choice], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=880)
    assert done.returncode == 0, done.stdout[-10_000:] + done.stderr[-2000:]
    forget(f"{served.url}/api/v1/webhooks/endpoints", key)


def forget(address: str, key: dict[str, str]) -> None:
    """Remove the endpoints that were made up, so that other tests' bookings are not told to them."""
    with urllib.request.urlopen(urllib.request.Request(address, headers=key)) as answer:
        made = json.load(answer)["endpoints"]
    for one in made:
        gone = urllib.request.Request(f"{address}/{one['id']}", method="DELETE", headers=key)
        urllib.request.urlopen(gone).close()
