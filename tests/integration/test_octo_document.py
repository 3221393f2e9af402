"""Schemathesis makes requests up from OCTO's own OpenAPI document and judges what the running portal answers.

What it does not get to see is listed, with the reason, in docs/partners.md.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from portal.config import ROOT
from tests.judges_octo import judge
from tests.plugins.portal import Served

SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
NOT_CHECKED = (
    "positive_data_acceptance",  # the document lets ids be any text, and an unknown one is a 400
    "ignored_auth",  # without a key the answer is a 400, as OCTO has it, where HTTP has 401
    "missing_required_header",  # the same
)


def document() -> dict[str, Any]:
    """Return OCTO's document with the two exceptions that no option of Schemathesis can make."""
    known = judge.document()
    known["components"]["parameters"]["RequestHeaders.octoCapabilities"]["required"] = False
    known["paths"]["/capabilities/"]["get"]["responses"]["400"] = known["paths"]["/supplier/"]["get"]["responses"][
        "400"
    ]
    return known


def test_the_guide_lists_every_exception_with_its_reason_and_no_other() -> None:
    guide = (ROOT / "docs/partners.md").read_text()
    rows = re.findall(r"^\| (.+?) \| (.+?) \|$", guide.partition("| check of Schemathesis |")[2], re.MULTILINE)
    listed = {check for names, reason in rows if reason.strip("- ") for check in re.findall(r"`([a-z_]+)`", names)}
    in_the_document = {"negative_data_rejection", "status_code_conformance"}  # what `document` makes of it, above
    assert listed == {*NOT_CHECKED, *in_the_document}


@pytest.mark.timeout(1500)
@pytest.mark.parametrize("phase", ["coverage", "fuzzing,stateful"])
def test_schemathesis_finds_nothing_in_what_the_document_describes(served: Served, tmp_path: Path, phase: str) -> None:
    judge.fetch()
    file = tmp_path / "openapi.json"
    file.write_text(json.dumps(document()))
    key = (served.state / "demo-partner-key").read_text()
    command = [str(SCHEMATHESIS), "run", str(file), "--url", f"{served.url}/octo", "--phases", phase]
    options = ["--header", f"Authorization: Bearer {key}", "--header", "Octo-Env: test", "--no-color", "--seed", "1"]
    choice = ["--checks", "all", "--exclude-checks", ",".join(NOT_CHECKED), "--max-examples", "10"]
    done = subprocess.run(
        [*command, *options, *choice], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=1400
    )
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2000:]
