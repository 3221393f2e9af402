"""Webhooks of a served portal: what was acknowledged is told, whatever dies meanwhile, and once by several machines."""

from __future__ import annotations

import http.client
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from standardwebhooks import Webhook

from tests.integration.test_booking_over_http import Partner
from tests.plugins.portal import Server
from tests.plugins.receiver import Receiver

LIFE = ["booking.created", "booking.confirmed"]


@pytest.fixture(params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    environ = {}
    if request.param == "postgresql":
        environ["PORTAL_DATABASE_URL"] = request.getfixturevalue("postgresql_database_url")
    server = Server(tmp_path, **environ)
    server.flask("prepare")
    server.start()
    yield server
    server.stop()


def sell(partner: Partner, slot: str, uuid: str) -> bool:
    """Reserve and confirm; return whether both were acknowledged."""
    try:
        held, _ = partner.reserve(slot, uuid=uuid)
        sold, _ = partner.call("POST", f"/bookings/{uuid}/confirm", {"contact": {}})
    except (OSError, http.client.HTTPException, ValueError):
        return False  # the server was killed, before the commit or after it
    return (held, sold) == (200, 200)


def told(receiver: Receiver) -> dict[str, list[str]]:
    """Return what was told of each booking, each message once, in the order of arrival."""
    lives, seen = defaultdict(list), set()
    for one in list(receiver.received):
        if one.id not in seen:
            lives[one.data["uuid"]].append(one.type)
        seen.add(one.id)
    return lives


def wait_until_all_is_told(receiver: Receiver, uuids: list[str], seconds: float = 30) -> dict[str, list[str]]:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if all(told(receiver).get(uuid) == LIFE for uuid in uuids):
            break
        time.sleep(0.1)
    return told(receiver)


def subscribe(server: Server, receiver: Receiver) -> str:
    """Have the partner's bookings told; return the secret."""
    types = ("--type", "booking.created", "--type", "booking.confirmed")
    said = server.flask("partners", "webhooks", "add", "Harbour Travel", receiver.url, *types)
    return said.split()[1]


def test_every_webhook_of_an_acknowledged_booking_arrives_after_kill_9(server: Server, receiver: Receiver) -> None:
    partner = Partner(server)
    secret = subscribe(server, receiver)
    slot = partner.slot()["id"]
    uuids = [str(uuid4()) for _ in range(40)]
    acknowledged: list[str] = []

    def sell_one(uuid: str) -> None:
        if sell(partner, slot, uuid):
            acknowledged.append(uuid)

    with ThreadPoolExecutor(4) as clients:
        clients.map(sell_one, uuids)
        while len(acknowledged) < 8:
            time.sleep(0.005)
        server.kill()
    assert 0 < len(acknowledged) < len(uuids)
    server.start()
    lives = wait_until_all_is_told(receiver, acknowledged)
    assert {uuid: lives.get(uuid) for uuid in acknowledged} == dict.fromkeys(acknowledged, LIFE)
    for uuid in uuids:
        if uuid not in acknowledged:
            assert sell(partner, slot, uuid)
    lives = wait_until_all_is_told(receiver, uuids)
    assert {uuid: lives.get(uuid) for uuid in uuids} == dict.fromkeys(uuids, LIFE)
    for one in receiver.received:
        if float(one.headers["webhook-timestamp"]) > time.time() - 240:
            Webhook(secret).verify(one.body, dict(one.headers))


def test_two_machines_on_one_database_tell_everything_once(
    tmp_path: Path, postgresql_database_url: str, receiver: Receiver
) -> None:
    shared = {"PORTAL_DATABASE_URL": postgresql_database_url, "PORTAL_SECRET_KEY": "the same on every machine"}
    machines = [Server(tmp_path / name, **shared) for name in ("one", "two")]
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda machine: machine.flask("prepare"), machines))
    for machine in machines:
        machine.start()
    try:
        sellers: list[Any] = [Partner(machines[0])]
        subscribe(machines[0], receiver)
        sellers.append(object.__new__(Partner))
        sellers[1]._url, sellers[1]._key = f"{machines[1].served.url}/octo", sellers[0]._key
        slot = sellers[0].slot()["id"]
        uuids = [str(uuid4()) for _ in range(30)]
        with ThreadPoolExecutor(4) as clients:
            assert all(clients.map(lambda n: sell(sellers[n % 2], slot, uuids[n]), range(30)))
        wait_until_all_is_told(receiver, uuids)
        time.sleep(1)
    finally:
        for machine in machines:
            machine.stop()
    assert Counter(one.id for one in receiver.received).most_common(1)[0][1] == 1
    assert told(receiver) == dict.fromkeys(uuids, LIFE)
