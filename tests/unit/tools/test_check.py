from __future__ import annotations

import pytest

from tools import check
from tools.check import Outcome
from tools.console import ROOT, ToolError


def test_testing_runs_every_check_and_hands_arguments_to_pytest() -> None:
    commands = check.plan("test", ["-k", "two words"])
    assert commands[:-1] == check.STYLE
    assert commands[-1] == (*check.TESTS, "-k", "two words")


def test_an_unknown_target_is_named() -> None:
    with pytest.raises(ToolError, match="'tset'"):
        check.plan("tset", [])


def test_the_summary_has_a_line_for_each_check() -> None:
    lines = check.summary([Outcome("mypy", 1, 2.0), Outcome("pytest -q", 0, 61.27)]).splitlines()
    assert lines[-2:] == ["  FAILED  mypy          2.0 s", "  passed  pytest -q    61.3 s"]


def test_continuous_integration_runs_the_readme_s_test_command() -> None:
    assert "exec make test\n" in (ROOT / ".ci" / "run").read_text()
