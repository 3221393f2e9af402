"""Signing secrets in the database: unreadable there, carried from key to key, and what happens when one is lost."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select, update
from standardwebhooks import Webhook

from portal.outbox.tables import webhook_endpoints
from portal.sealing.seal import Seal, Unopenable
from portal.webhooks import keeping
from portal.webhooks.delivery import LOCKED
from portal.webhooks.model import Endpoint, State
from tests.integration.webhooks.conftest import SEAL, Office

NEW = "the key of next year, for these tests alone"
BOTH = Seal([NEW, "a key for tests, and for nothing else"])


def kept(office: Office) -> str:
    with office.database.read() as connection:
        return json.dumps([list(row.secrets) for row in connection.execute(select(webhook_endpoints.c.secrets))])


def again(office: Office, endpoint: Endpoint) -> Endpoint:
    return office.endpoints.get(office.reach, endpoint.id)


def test_the_database_holds_no_readable_secret(office: Office) -> None:
    endpoint = office.listens()
    secret = office.endpoints.secret(endpoint)
    office.endpoints.rotate(office.reach, endpoint.id, office.time.now)
    assert secret.startswith("whsec_")
    assert "whsec_" not in kept(office)
    assert secret.removeprefix("whsec_") not in kept(office)


def test_what_an_older_version_left_readable_is_sealed_and_stays_the_same_secret(office: Office) -> None:
    endpoint = office.listens()
    plain = [{"secret": "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz", "until": None}]
    with office.database.write() as connection:
        connection.execute(update(webhook_endpoints).values(secrets=plain))
    assert keeping.seal_plain(office.database, SEAL) == 1
    assert keeping.seal_plain(office.database, SEAL) == 0
    assert "whsec_" not in kept(office)
    assert office.endpoints.secret(again(office, endpoint)) == plain[0]["secret"]


def test_sealed_again_with_a_new_key_the_old_one_is_needed_no_more(office: Office) -> None:
    endpoint = office.listens()
    secret = office.endpoints.secret(endpoint)
    assert keeping.seal_again(office.database, BOTH, lost=False) == 1
    assert Seal([NEW]).open(again(office, endpoint).secrets[0].sealed) == secret


def test_after_the_loss_of_a_key_nothing_is_lost_but_the_secret(office: Office) -> None:
    endpoint = office.listens("booking.*")
    office.reserves()
    office.seal = Seal([NEW])
    office.works()
    assert office.receiver.received == []
    (waits,) = office.log()
    assert (waits.state, waits.tries, waits.next_at) == (State.WAITING, (), office.time.now + LOCKED)
    with pytest.raises(Unopenable):
        office.endpoints.secret(endpoint)
    with pytest.raises(Unopenable):
        keeping.seal_again(office.database, office.seal, lost=False)
    assert keeping.seal_again(office.database, office.seal, lost=True) == 1
    office.works(minutes=2)
    (one,) = office.receiver.received
    fresh = office.endpoints.secret(again(office, endpoint))
    # The library has a clock of its own, so the signature is made again as of the moment it was sent.
    assert Webhook(fresh).sign(one.id, office.time.now, one.body) in one.headers["webhook-signature"]


def test_a_partner_helps_itself_by_making_a_new_secret(office: Office) -> None:
    endpoint = office.listens("booking.*")
    office.reserves()
    office.seal = Seal([NEW])
    office.endpoints.rotate(office.reach, endpoint.id, office.time.now)
    office.works(minutes=2)
    assert office.receiver.types == ["booking.created"]
    assert len(office.receiver.received[0].headers["webhook-signature"].split()) == 1
    assert office.log()[0].state is State.DELIVERED
