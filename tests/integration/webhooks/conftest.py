"""A partner with endpoints, a receiver that is really there, and a clock that stands still until a test moves it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.bookings import holds
from portal.bookings.model import Booking, Order, Seller
from portal.database import Database
from portal.jobs.tables import jobs
from portal.jobs.worker import Handlers, Worker
from portal.outbox import outbox
from portal.partners.accounts import create_partner
from portal.partners.keys import authenticate
from portal.sealing.seal import Seal
from portal.webhooks import log
from portal.webhooks.delivery import Courier
from portal.webhooks.endpoints import Endpoints, Wish
from portal.webhooks.fanout import WEBHOOK, Fanout
from portal.webhooks.model import Delivery, Endpoint, Form, Reach
from portal.webhooks.sending import Sender
from tests.integration.bookings.conftest import Time, order, shop, time
from tests.plugins.receiver import Receiver
from tests.web import openapi_judge

__all__ = ["shop", "time"]

SEAL = Seal(["a key for tests, and for nothing else"])


@dataclass
class Office:
    """A partner's side and ours."""

    database: Database
    time: Time
    receiver: Receiver
    partner: int
    sender: Sender = field(default_factory=lambda: Sender(private=True, deadline_s=0.5))
    seal: Seal = SEAL

    @property
    def seller(self) -> Seller:
        return Seller(self.partner)

    @property
    def reach(self) -> Reach:
        return Reach(self.partner)

    @property
    def endpoints(self) -> Endpoints:
        return Endpoints(self.database, private=True, seal=self.seal)

    def listens(
        self, *types: str, form: Form = Form.EVENTS, path: str = "", test: bool = False, **headers: str
    ) -> Endpoint:
        wish = Wish(f"{self.receiver.url}{path}", types or ("*",), headers, test=test)
        return self.endpoints.create(self.reach, form, wish, self.time.now)

    def reserves(self, count: int = 1, asked: Order | None = None) -> Booking:
        return holds.reserve(self.database, self.time, self.seller, asked or order(count))

    def worker(self, name: str = "worker") -> Worker:
        fanout = Fanout("https://portal.example")
        entries = {
            outbox.EVENT: (fanout.event, 50),
            outbox.PLACES: (fanout.places, 50),
            outbox.HOLD: (fanout.hold, 1),
            outbox.UNDECIDED: (fanout.undecided, 1),
            log.TIDY.kind: (log.tidy, 1),
        }
        courier = Courier(self.database, self.sender, self.seal)
        return Worker(self.database, self.time, name, Handlers({WEBHOOK: courier.deliver}, entries))

    def works(self, **later: float) -> None:
        self.time.passes(**later)
        self.worker().drain()

    def wrong(self) -> list[str]:
        """Return what the documents find wrong with what was told so far."""
        found = []
        for one in self.receiver.received:
            octo = one.type.isupper()
            word = one.type.partition(".")[0]
            name = f"{word}.*" if word in {"booking", "product", "listing"} else one.type
            found += openapi_judge.message_faults(one.json, name, octo=octo)
        return found

    def log(self, **wanted: Any) -> list[Delivery]:
        return log.search(self.database, self.reach, log.Filter(**wanted))

    def jobs(self) -> int:
        with self.database.read() as connection:
            return int(connection.execute(select(func.count()).select_from(jobs)).scalar_one())


@pytest.fixture
def open_office(shop: Database, time: Time, receiver: Receiver) -> Callable[..., Office]:
    """Make another partner."""

    def make(**more: Any) -> Office:
        partner = authenticate(shop, create_partner(shop, "Ticket shop", **more))
        assert partner is not None
        return Office(shop, time, receiver, partner.partner.id)

    return make


@pytest.fixture
def office(open_office: Callable[..., Office]) -> Office:
    """A partner that may sell everything."""
    return open_office()
