"""OCTO's own judge of what partners are answered."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.judges_octo.judge import Judge


@pytest.fixture(scope="session")
def octo_judge() -> Iterator[Judge]:
    """OCTO's schemas, fetched by npm when the first test asks."""
    judge = Judge()
    yield judge
    judge.close()
