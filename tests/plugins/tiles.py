"""Tiles for the map, without a network."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tools import tiles


@pytest.fixture(scope="session")
def tiles_url() -> Iterator[str]:
    """What PORTAL_TILES_URL is set to for the portal that tests serve."""
    with tiles.serving() as url:
        yield url
