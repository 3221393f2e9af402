from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tools import judges
from tools.console import ToolError
from tools.judges import FILES, WANTED


def report(**changes: Any) -> dict[str, Any]:
    audits = [
        {"id": "lcp", "title": "Largest paint", "displayValue": "2.9 s", "score": 0.7},
        {"id": "hint", "title": "A hint", "score": 0},
        {"id": "absent", "title": "Does not apply", "score": None},
    ]
    refs = [{"id": "lcp", "weight": 25}, {"id": "hint", "weight": 0}, {"id": "absent", "weight": 10}]
    category = {"id": "performance", "score": 0.93, "auditRefs": refs}
    return {"categories": {"performance": category}, "audits": {audit["id"]: audit for audit in audits}, **changes}


def test_a_verdict_has_points_of_a_hundred_and_what_cost_them() -> None:
    verdict = judges.verdict(report())
    assert verdict.points == {"performance": 93}
    assert verdict.faults == ("lcp: Largest paint 2.9 s",)


def test_a_page_that_did_not_load_gets_no_verdict() -> None:
    failed = report(runtimeError={"message": "The page did not paint"}, requestedUrl="http://127.0.0.1/")
    with pytest.raises(ToolError, match="did not paint"):
        judges.verdict(failed)


def test_judges_are_fetched_again_when_the_lock_file_changed(tmp_path: Path) -> None:
    wanted, fetched = tmp_path / "wanted", tmp_path / "fetched"
    for folder in (wanted, fetched):
        folder.mkdir()
    (wanted / "package-lock.json").write_text("1")
    assert not judges.is_current(wanted, fetched)
    (fetched / "done.json").write_text("1")
    assert judges.is_current(wanted, fetched)
    (wanted / "package-lock.json").write_text("2")
    assert not judges.is_current(wanted, fetched)


def test_the_lock_file_names_versions_and_no_address_to_fetch_from() -> None:
    assert all((WANTED / name).exists() for name in FILES)
    assert '"resolved"' not in (WANTED / "package-lock.json").read_text()
