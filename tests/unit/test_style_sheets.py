"""The style sheets lay pages out by the direction of the text, so that one sheet serves both."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from portal.config import ROOT

SHEETS = sorted((ROOT / "portal" / "static" / "css").glob("*.css"))
PHYSICAL = re.compile(
    r"""(?:^|[{;])\s*(?:
        (?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right|top|bottom)(?:-\w+)*
        | border-(?:top|bottom)-(?:left|right)-radius
        | left | right | top | bottom
        | (?:min-|max-)?(?:width|height)
        | (?:text-align|float|clear)\s*:\s*(?:left|right)\b.*?
    )\s*[:;]""",
    re.VERBOSE,
)


def physical(css: str) -> list[str]:
    """Return the declarations of a sheet that name a side or an extent of the screen."""
    bare = re.sub(r"/\*.*?\*/", lambda comment: "\n" * comment[0].count("\n"), css, flags=re.DOTALL)
    return [line.strip() for line in bare.splitlines() if PHYSICAL.search(line)]


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_only_logical_properties_are_used(sheet: Path) -> None:
    assert physical(sheet.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "css",
    ["margin-left: 1px;", "a { left: 0; }", "min-width: 3em;", "text-align: right;", "border-top-left-radius: 2px;"],
)
def test_a_physical_declaration_is_noticed(css: str) -> None:
    assert physical(css) == [css]


@pytest.mark.parametrize(
    "css",
    ["margin-inline-start: 1px;", "text-align: start;", "@media (min-width: 60rem) {", "vertical-align: top;"],
)
def test_a_logical_declaration_is_fine(css: str) -> None:
    assert physical(css) == []
