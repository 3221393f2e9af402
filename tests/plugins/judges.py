"""The judges of pages: what fetches them when the first test asks."""

from __future__ import annotations

import pytest

from tools import judges


@pytest.fixture(scope="session")
def fetched_judges() -> None:
    """Have Lighthouse and the HTML checker in build/."""
    judges.ensure()
