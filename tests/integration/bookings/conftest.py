"""A database with the sample products, and a clock that stands still until a test moves it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from portal.bookings.model import Order, Ticket
from portal.bookings.products import publish
from portal.database import Database
from tests.unit.bookings.samples import cruise, wheel

START = datetime(2026, 7, 1, 0, 0, tzinfo=UTC)  # 08:00 in Tianjin
MORNING = "2026-07-01T10:00:00+08:00"
AFTERNOON = "2026-07-01T14:00:00+08:00"


@dataclass
class Time:
    """A clock for tests."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def shop(database: Database) -> Database:
    """The database, with both sample products on sale."""
    publish(database, "entertainment/haihe-cruise", [cruise()], START)
    publish(database, "attractions/tianjin-eye", [wheel()], START)
    return database


def order(count: int = 1, slot: str = AFTERNOON, uuid: UUID | None = None, unit: str = "adult") -> Order:
    return Order(
        uuid=uuid or uuid4(),
        product_id="haihe-cruise-day",
        option_id="DEFAULT",
        slot_id=slot,
        tickets=tuple(Ticket(unit) for _ in range(count)),
    )
