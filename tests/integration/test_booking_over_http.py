"""A partner sells the cruise over HTTP, two gunicorn workers behind it, on SQLite and on PostgreSQL."""

from __future__ import annotations

import http.client
import json
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.plugins.portal import Server

DAY = (date.today() + timedelta(days=5)).isoformat()
ASK = {"productId": "haihe-cruise-day", "optionId": "DEFAULT"}


class Partner:
    """Calls `/octo` as a partner's program does."""

    def __init__(self, server: Server) -> None:
        self._url = f"{server.served.url}/octo"
        self._key = server.flask("partners", "create", "Harbour Travel").strip()

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        request = urllib.request.Request(
            f"{self._url}{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {self._key}",
                "Content-Type": "application/json",
                "Octo-Capabilities": "octo/pricing",
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    def slot(self) -> dict[str, Any]:
        _, slots = self.call("POST", "/availability", {**ASK, "localDateStart": DAY, "localDateEnd": DAY})
        first: dict[str, Any] = slots[0]
        return first

    def reserve(self, slot: str, quantity: int = 1, uuid: str | None = None) -> tuple[int, Any]:
        items = [{"unitId": "adult"}] * quantity
        body = {**ASK, "uuid": uuid or str(uuid4()), "availabilityId": slot, "unitItems": items}
        return self.call("POST", "/bookings", body)


@pytest.fixture(params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    """A portal whose cruise has only three places."""
    environ = {}
    if request.param == "postgresql":
        environ["PORTAL_DATABASE_URL"] = request.getfixturevalue("postgresql_database_url")
    server = Server(tmp_path, **environ)
    facts = server.served.content / "entertainment/haihe-cruise/listing.yaml"
    facts.write_text(facts.read_text().replace("capacity: 120", "capacity: 3"))
    server.flask("prepare")
    server.start()
    yield server
    server.stop()


def test_twenty_clients_who_ask_for_the_last_three_places_get_three(server: Server) -> None:
    partner = Partner(server)
    slot = partner.slot()
    assert slot["vacancies"] == 3
    with ThreadPoolExecutor(20) as clients:
        answers = list(clients.map(lambda _: partner.reserve(slot["id"]), range(20)))
    assert Counter(status for status, _ in answers) == {200: 3, 400: 17}
    assert {body["error"] for status, body in answers if status == 400} == {"UNPROCESSABLE_ENTITY"}
    after = partner.slot()
    assert (after["vacancies"], after["status"]) == (0, "SOLD_OUT")


def test_a_booking_goes_from_hold_to_confirmed_to_cancelled_and_survives_kill_9(server: Server) -> None:
    partner = Partner(server)
    slot = partner.slot()
    status, held = partner.reserve(slot["id"], 2)
    assert (status, held["status"]) == (200, "ON_HOLD")
    assert held["pricing"]["retail"] == 20000
    status, confirmed = partner.call("POST", f"/bookings/{held['uuid']}/confirm", {"contact": {"fullName": "Li Lei"}})
    assert (status, confirmed["status"]) == (200, "CONFIRMED")
    server.kill()
    server.start()
    status, after = partner.call("GET", f"/bookings/{held['uuid']}")
    assert (status, after["status"], partner.slot()["vacancies"]) == (200, "CONFIRMED", 1)
    status, cancelled = partner.call("POST", f"/bookings/{held['uuid']}/cancel", {"reason": "rain"})
    assert (status, cancelled["status"], partner.slot()["vacancies"]) == (200, "CANCELLED", 3)


def test_who_got_no_answer_because_of_kill_9_sends_the_same_again_and_books_once(server: Server) -> None:
    partner = Partner(server)
    slot = partner.slot()["id"]
    uuids = [str(uuid4()) for _ in range(3)]

    def reserve(uuid: str) -> dict[str, Any] | None:
        try:
            _, booking = partner.reserve(slot, uuid=uuid)
        except (OSError, http.client.HTTPException, ValueError):
            return None  # the server was killed, before the commit or after it
        return dict(booking)

    with ThreadPoolExecutor(4) as clients:
        first = [clients.submit(reserve, uuid) for uuid in uuids]
        time.sleep(0.02)
        server.kill()
        answered = {booking["uuid"]: booking["id"] for one in first if (booking := one.result())}
    server.start()
    again = [partner.reserve(slot, uuid=uuid) for uuid in uuids * 2]
    assert {status for status, _ in again} == {200}
    references = {booking["uuid"]: booking["id"] for _, booking in again}
    assert len(set(references.values())) == 3
    assert answered.items() <= references.items()
    assert partner.slot()["vacancies"] == 0
