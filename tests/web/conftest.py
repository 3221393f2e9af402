from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from portal.app import create_app
from portal.config import Settings
from portal.services import Services
from tests import sample_content
from tests.plugins.portal import prepared

Browse = Callable[[], FlaskClient]


@pytest.fixture
def desks(tmp_path: Path) -> Iterator[Services]:
    """The portal on a small content directory that may be written to."""
    settings = Settings.from_environment({"PORTAL_STATE": str(tmp_path / "desks")})
    content = sample_content.write_beyond_places(sample_content.write(tmp_path / "content"))
    services = prepared(replace(settings, content=content))
    yield services
    services.close()


@pytest.fixture
def browse(desks: Services) -> Browse:
    """Open another browser on the small portal."""
    app = create_app(desks)

    def browse() -> FlaskClient:
        client = app.test_client()
        client.open = functools.partial(client.open, buffered=True)  # type: ignore[method-assign]
        return client

    return browse
