"""`flask seo audit` on the portal itself, and on one that lies."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from portal.config import ROOT
from tests.plugins.portal import Served


def audit(url: str, state: Path) -> subprocess.CompletedProcess[str]:
    command = (sys.executable, "-m", "flask", "--app", "wsgi", "seo", "audit", "--url", url)
    environ = {**os.environ, "PORTAL_STATE": str(state)}
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)


def test_the_portal_breaks_no_rule(served: Served, tmp_path: Path) -> None:
    result = audit(served.url, tmp_path)
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-500:]
    assert " 0 findings" in result.stdout


def test_where_nothing_answers_it_says_so(tmp_path: Path) -> None:
    result = audit("http://127.0.0.1:9", tmp_path)
    assert result.returncode == 1
    assert "does not answer" in result.stderr
