"""Lighthouse gives all points that do not depend on this machine's speed."""

from __future__ import annotations

import pytest

from tests.plugins.portal import Served
from tools import judges

CATEGORIES = ("accessibility", "best-practices", "seo")


@pytest.mark.usefixtures("fetched_judges")
@pytest.mark.parametrize("path", ["en/", "ar/", "en/attractions/", "ar/attractions/"])
def test_lighthouse_finds_no_fault(served: Served, path: str) -> None:
    verdict = judges.lighthouse(f"{served.url}/{path}", CATEGORIES)
    assert verdict.faults == ()
    assert verdict.points == dict.fromkeys(CATEGORIES, 100)
