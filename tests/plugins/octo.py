"""Partners over OCTO, and OCTO's own judge of what they are answered."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal.app import create_app
from portal.bookings.products import publish
from portal.config import ROOT, Settings
from portal.database import Database
from portal.partners.accounts import create_partner
from portal.services import Services
from tests.judges_octo.judge import Judge
from tests.unit.bookings.samples import cruise, wheel
from tests.web.octo_partner import Partner

START = datetime(2026, 7, 1, tzinfo=UTC)


@pytest.fixture(scope="session")
def octo_judge() -> Iterator[Judge]:
    """OCTO's schemas, fetched by npm when the first test asks."""
    judge = Judge()
    yield judge
    judge.close()


@pytest.fixture
def octo_app(database: Database, prepared_state: Path, tmp_path: Path) -> Iterator[Flask]:
    """The portal with the sample products on sale; its clock stands at `NOW` of its configuration."""
    shutil.copytree(prepared_state, tmp_path / "state")
    services = Services(
        Settings(
            content=ROOT / "content",
            state=tmp_path / "state",
            database_url=database.url.render_as_string(hide_password=False),
            secret_key="a secret for tests",
            base_url="https://portal.example",
        ),
        clock=lambda: app.config["NOW"],
    )
    publish(database, "entertainment/haihe-cruise", [cruise()], START)
    publish(database, "attractions/tianjin-eye", [wheel()], START)
    app = create_app(services)
    app.config["NOW"] = START
    yield app
    services.close()


@pytest.fixture
def become(octo_app: Flask, database: Database, octo_judge: Judge) -> Callable[..., Partner]:
    """Make a partner and its client."""

    def make(name: str = "Ticket shop", **more: Any) -> Partner:
        return Partner(octo_app.test_client(), create_partner(database, name, **more), octo_judge)

    return make


@pytest.fixture
def partner(become: Callable[..., Partner]) -> Partner:
    """A partner that sells everything."""
    return become()
