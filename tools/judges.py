"""The judges of pages: Lighthouse and the Nu HTML checker, fetched through npm into build/.

tests/judges/ says which versions. Tests call them, and `make audit`.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.console import ROOT, ToolError
from tools.packages import CHROMIUM
from tools.processes import run_quietly

WANTED = ROOT / "tests" / "judges"
FETCHED = ROOT / "build" / "judges"
FILES = ("package.json", "package-lock.json", ".npmrc")
HTML_CHECKER = "node_modules/vnu-jar/build/dist/vnu.jar"
LIGHTHOUSE = "node_modules/lighthouse/cli/index.js"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
PATIENCE_S = 120


@dataclass(frozen=True)
class Verdict:
    """What Lighthouse says of a page: points of 100 by category, and what cost points, with the reason."""

    points: Mapping[str, int]
    faults: tuple[str, ...]


def ensure(wanted: Path = WANTED, fetched: Path = FETCHED) -> None:
    """Have the judges in `build/` when this function returns, in the versions of the lock file.

    :raises ToolError: when npm cannot fetch them.
    """
    fetched.mkdir(parents=True, exist_ok=True)
    with _alone(fetched):
        if is_current(wanted, fetched):
            return
        for name in FILES:
            shutil.copy(wanted / name, fetched / name)
        done = fetched / "done.json"
        done.unlink(missing_ok=True)
        run_quietly("Fetching the judges of pages by npm", ("npm", "ci", "--no-progress", "--prefix", str(fetched)))
        shutil.copy(wanted / "package-lock.json", done)


def is_current(wanted: Path, fetched: Path) -> bool:
    """Whether what was fetched to the end is what the lock file asks for."""
    done = fetched / "done.json"
    return done.exists() and done.read_bytes() == (wanted / "package-lock.json").read_bytes()


@contextmanager
def _alone(folder: Path) -> Any:
    with (folder / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def check_html(files: Iterable[Path]) -> list[str]:
    """Return what the HTML checker finds in files, errors and warnings: `file:line: message [extract]`.

    Files that end with .html are read as pages, .css as style sheets, .svg as drawings.
    """
    command = ("java", "-jar", str(FETCHED / HTML_CHECKER), "--format", "json", "--stdout", "--exit-zero-always")
    options = ("--skip-info-messages", "--no-langdetect", "--also-check-css", "--also-check-svg")
    done = subprocess.run(
        [*command, *options, *map(str, files)], capture_output=True, text=True, check=False, timeout=PATIENCE_S
    )
    if done.returncode:
        raise ToolError(f"The HTML checker did not run: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return [_line(message) for message in json.loads(done.stdout)["messages"]]


def _line(message: Mapping[str, Any]) -> str:
    name = message.get("url", "").rpartition("/")[2]
    extract = " ".join(message.get("extract", "").split())
    return f"{name}:{message.get('lastLine', '?')}: {message['message']} [{extract}]"


def lighthouse(url: str, categories: Iterable[str] = CATEGORIES) -> Verdict:
    """Judge a page as a phone on a slow network sees it (Lighthouse's own settings for mobile).

    :raises ToolError: when Lighthouse cannot judge it, twice: on a busy machine it now and then loses the trace.
    """
    chosen = tuple(categories)
    try:
        return _lighthouse(url, chosen)
    except ToolError:
        return _lighthouse(url, chosen)


def _lighthouse(url: str, categories: tuple[str, ...]) -> Verdict:
    chromium = next(filter(None, map(shutil.which, CHROMIUM.commands)), None)
    if chromium is None:
        raise ToolError("Lighthouse needs Chromium.")
    with tempfile.TemporaryDirectory(prefix="lighthouse-") as folder:
        command = ("node", str(FETCHED / LIGHTHOUSE), url, "--quiet", "--output=json", f"--output-path={folder}/report")
        options = (
            f"--only-categories={','.join(categories)}",
            "--chrome-flags=--headless=new --no-sandbox --lang=en",  # as root, Chromium's sandbox refuses to start
            "--no-enable-error-reporting",
            "--disable-full-page-screenshot",
        )
        environ = {**os.environ, "CHROME_PATH": chromium, "TMPDIR": folder}
        done = subprocess.run(
            [*command, *options], capture_output=True, text=True, check=False, timeout=PATIENCE_S, env=environ
        )
        report = Path(folder, "report")
        if not report.exists():
            raise ToolError(f"Lighthouse could not judge {url}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        return verdict(json.loads(report.read_text()))


def verdict(report: Mapping[str, Any]) -> Verdict:
    """Return the points and the faults of a report of Lighthouse.

    :raises ToolError: when the report says that the page could not be loaded.
    """
    if failed := report.get("runtimeError"):
        raise ToolError(f"Lighthouse could not judge {report.get('requestedUrl')}: {failed['message']}")
    categories = report["categories"].values()
    weighed = {ref["id"] for category in categories for ref in category["auditRefs"] if ref["weight"]}
    faults = [
        f"{audit['id']}: {audit['title']} {audit.get('displayValue', '')}".strip()
        for audit in report["audits"].values()
        if audit["id"] in weighed and audit["score"] is not None and audit["score"] < 0.9
    ]
    return Verdict({category["id"]: round(100 * (category["score"] or 0)) for category in categories}, tuple(faults))
