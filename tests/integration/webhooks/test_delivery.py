"""What follows from each answer of a partner's server, on both databases; the server is a real one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from standardwebhooks import Webhook

from portal.bookings import changes
from portal.jobs.queue import enqueue
from portal.webhooks import log
from portal.webhooks.endpoints import MOST, OVERLAP, Wish
from portal.webhooks.model import Failure, Form, NoSuchDelivery, NoSuchEndpoint, State, WebhookError, Why
from portal.webhooks.schedule import PAUSES
from portal.webhooks.sending import Sender
from tests.integration.webhooks.conftest import Office
from tests.plugins.receiver import Received, Receiver, Reply

ALL_PAUSES = sum(PAUSES, timedelta()) * 1.2


def is_signed_by(secret: str, one: Received, office: Office) -> bool:
    signature = Webhook(secret).sign(one.id, office.time.now, one.body)
    assert one.headers["webhook-timestamp"] == str(int(office.time.now.timestamp()))
    return signature in one.headers["webhook-signature"].split()


def test_a_message_is_signed_and_carries_the_partners_own_headers(office: Office) -> None:
    endpoint = office.listens("booking.*", path="?to=me", Authorization="Bearer 7")
    office.reserves()
    office.works()
    (one,) = office.receiver.received
    assert is_signed_by(office.endpoints.secret(endpoint), one, office)
    assert (one.path, one.headers["authorization"]) == ("/hooks?to=me", "Bearer 7")
    assert one.headers["content-type"] == "application/json"
    (entry,) = office.log()
    assert (entry.state, entry.tries[0].status, entry.body, entry.message) == (State.DELIVERED, 200, one.body, one.id)


def test_what_fails_is_sent_again_under_the_same_id_and_what_comes_after_it_waits(office: Office) -> None:
    office.listens("booking.*")
    office.receiver.replies += [Reply(500), Reply(502)]
    held = office.reserves()
    changes.confirm(office.database, office.time, office.seller, held.uuid)
    office.works()
    assert office.receiver.types == ["booking.created"]
    office.works(seconds=6)
    office.works(minutes=6)
    assert office.receiver.types == ["booking.created"] * 3 + ["booking.confirmed"]
    ids = [one.id for one in office.receiver.received]
    assert len(set(ids[:3])) == 1
    stamps = [one.headers["webhook-timestamp"] for one in office.receiver.received[:3]]
    assert len(set(stamps)) == 3  # of the attempt
    first = office.log(words=ids[0])[0]
    assert [one.status for one in first.tries] == [500, 502, 200]
    assert office.jobs() == 1  # which looks at the hold later


def test_bookings_do_not_wait_for_one_another(office: Office) -> None:
    office.listens("booking.created")
    office.receiver.replies.append(Reply(500))
    office.reserves()
    other = office.reserves()
    office.works()
    assert office.receiver.received[1].data["uuid"] == str(other.uuid)
    assert [one.state for one in office.log()] == [State.DELIVERED, State.WAITING]


def test_an_endpoint_that_is_gone_is_switched_off_and_what_waits_is_kept_to_be_replayed(office: Office) -> None:
    endpoint = office.listens("booking.*")
    office.receiver.replies.append(Reply(410))
    held = office.reserves()
    changes.confirm(office.database, office.time, office.seller, held.uuid)
    office.works()
    office.reserves()
    office.works()
    known = office.endpoints.get(office.reach, endpoint.id)
    assert (known.disabled_why, len(office.receiver.received)) == (Why.GONE, 1)
    assert [one.state for one in office.log()] == [State.DEAD, State.DEAD]
    with pytest.raises(WebhookError, match="switched off"):
        log.replay_dead(office.database, office.reach, endpoint.id, office.time.now)
    office.endpoints.switch(office.reach, endpoint.id, office.time.now, on=True)
    assert log.replay_dead(office.database, office.reach, endpoint.id, office.time.now) == 2
    office.works()
    assert office.receiver.types == ["booking.created"] * 2 + ["booking.confirmed"]
    assert office.receiver.received[0].id == office.receiver.received[1].id


def test_an_endpoint_that_asks_for_time_gets_it_for_all_its_messages(office: Office) -> None:
    office.listens("booking.created")
    office.receiver.replies.append(Reply(429, {"Retry-After": "900"}))
    for _ in range(3):
        office.reserves()
    office.worker().drain()
    sent = len(office.receiver.received)
    assert sent == 1
    office.works(minutes=14)
    assert len(office.receiver.received) == sent
    office.works(minutes=2)
    assert [one.state for one in office.log()] == [State.DELIVERED] * 3
    assert sorted(len(one.tries) for one in office.log()) == [1, 1, 2]


def test_a_redirect_is_not_followed(office: Office) -> None:
    office.listens("booking.*")
    for status in (301, 302, 307, 308):
        office.receiver.replies.append(Reply(status, {"Location": f"http://127.0.0.1:{office.receiver.port}/inside"}))
    office.reserves()
    for minutes in (0, 1, 6, 40):
        office.works(minutes=minutes)
    assert {one.path for one in office.receiver.received} == {"/hooks"}
    assert [one.error for one in office.log(type="booking.created")[0].tries] == [Failure.MOVED] * 4


@pytest.mark.parametrize("reply", [Reply(after_s=30), Reply(drips=True)])
def test_an_endpoint_that_takes_its_time_is_hung_up_on(office: Office, reply: Reply) -> None:
    office.listens("booking.*")
    office.receiver.replies.append(reply)
    office.reserves()
    office.works()
    (tried,) = office.log()[0].tries
    assert (tried.status, tried.error) == (None, Failure.SLOW)
    assert 400 < tried.ms < 3000
    office.works(seconds=6)
    assert office.log()[0].state is State.DELIVERED


def test_an_endpoint_that_is_not_there_is_tried_again(office: Office) -> None:
    office.endpoints.create(office.reach, Form.EVENTS, Wish("http://127.0.0.1:1/", ["*"]), office.time.now)
    office.reserves()
    office.works()
    assert office.log()[0].tries[0].error is Failure.UNREACHABLE


def test_no_private_address_is_called_whatever_the_setting_was_when_the_endpoint_was_made(office: Office) -> None:
    office.listens("booking.*")
    office.sender = Sender(private=False)
    office.reserves()
    office.works()
    assert office.receiver.received == []
    assert office.log()[0].tries[0].error is Failure.FORBIDDEN


def test_a_name_is_asked_for_once_and_the_connection_goes_to_the_address_that_was_checked(office: Office) -> None:
    """A name server that first gives a public address and then one of ours is asked only once."""
    asked = []

    def rebinding(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    url = f"http://shop.example:{office.receiver.port}/hooks"
    office.endpoints.create(office.reach, Form.EVENTS, Wish(url, ["*"]), office.time.now)
    office.sender = Sender(private=True, resolver=rebinding)
    office.reserves()
    office.works()
    (one,) = office.receiver.received
    assert (asked, one.headers["host"]) == (["shop.example"], f"shop.example:{office.receiver.port}")


@pytest.mark.parametrize("addresses", [["::ffff:127.0.0.1"], ["93.184.215.14", "127.0.0.1"], ["64:ff9b::7f00:1"]])
def test_a_name_that_leads_to_us_in_a_roundabout_way_is_not_called(office: Office, addresses: list[str]) -> None:
    office.listens("booking.*")
    office.sender = Sender(private=False, resolver=lambda *_: addresses)
    office.reserves()
    office.works()
    assert office.receiver.received == []
    assert office.log()[0].tries[0].error is Failure.FORBIDDEN


def test_after_three_days_a_message_is_given_up_and_a_silent_endpoint_switched_off(office: Office) -> None:
    endpoint = office.listens("booking.created")
    office.receiver.replies += [Reply(500)] * 10
    office.reserves()
    began = office.time.now
    office.works()
    while office.log()[0].state is State.WAITING:
        due = office.log()[0].next_at
        assert due is not None
        office.time.now = due
        office.works()
    assert len(office.log()[0].tries) == 10
    assert timedelta(days=3) < office.time.now - began < ALL_PAUSES
    assert office.endpoints.get(office.reach, endpoint.id).disabled_why is Why.FAILING


def test_while_a_secret_is_replaced_messages_are_signed_by_both(office: Office) -> None:
    old = office.listens("booking.created")
    new = office.endpoints.rotate(office.reach, old.id, office.time.now)
    assert office.endpoints.secret(new) != office.endpoints.secret(old)
    office.reserves()
    office.works()
    assert is_signed_by(office.endpoints.secret(old), office.receiver.received[-1], office)
    assert is_signed_by(office.endpoints.secret(new), office.receiver.received[-1], office)
    office.time.now += OVERLAP
    office.time.now = office.time.now.replace(hour=0, minute=1)
    log.ping(office.database, office.reach, old.id, office.time.now)
    office.works()
    assert len(office.receiver.received[-1].headers["webhook-signature"].split()) == 1  # the old one's day is over
    changes_after = office.endpoints.rotate(office.reach, old.id, office.time.now)
    assert [key.until is None for key in changes_after.secrets] == [True, False]


def test_a_replayed_message_keeps_its_id_and_body(office: Office) -> None:
    office.listens("booking.created")
    office.reserves()
    office.works()
    number = office.log()[0].id
    log.replay(office.database, office.reach, number, office.time.now)
    office.works()
    one, two = office.receiver.received
    assert (one.id, one.body) == (two.id, two.body)
    assert len(office.log()[0].tries) == 2


def test_the_log_is_searched_by_what_somebody_remembers(office: Office) -> None:
    endpoint = office.listens("booking.*")
    held = office.reserves()
    changes.confirm(office.database, office.time, office.seller, held.uuid)
    other = office.reserves()
    office.works()
    assert len(office.log(words=str(held.uuid))) == 2
    assert [one.type for one in office.log(type="booking.conf")] == ["booking.confirmed"]
    assert office.log(type="booking%") == []
    assert len(office.log(state=State.DEAD)) == 0
    assert len(office.log(endpoint=endpoint.id)) == 3
    (one,) = office.log(words=str(other.uuid))
    assert office.log(words=one.message) == [one]
    newest = office.log()[0]
    assert len(office.log(before=newest.id)) == 2


def test_a_ping_tells_whether_an_endpoint_answers(office: Office) -> None:
    endpoint = office.listens("booking.*")
    number = log.ping(office.database, office.reach, endpoint.id, office.time.now)
    office.works()
    assert (office.receiver.types, office.receiver.received[0].data) == (["webhook.ping"], {})
    assert log.get(office.database, office.reach, number).state is State.DELIVERED


def test_nobody_reaches_anothers_endpoints_or_deliveries(office: Office, open_office: object) -> None:
    assert callable(open_office)
    other: Office = open_office()
    endpoint = office.listens("booking.*")
    office.reserves()
    office.works()
    number, now = office.log()[0].id, office.time.now
    assert other.log() == []
    assert other.endpoints.all(other.reach) == []
    for attempt in (
        lambda: other.endpoints.get(other.reach, endpoint.id),
        lambda: other.endpoints.change(other.reach, endpoint.id, Wish(types=["*"])),
        lambda: other.endpoints.rotate(other.reach, endpoint.id, now),
        lambda: other.endpoints.switch(other.reach, endpoint.id, now, on=False),
        lambda: other.endpoints.remove(other.reach, endpoint.id),
        lambda: log.ping(other.database, other.reach, endpoint.id, now),
        lambda: log.replay_dead(other.database, other.reach, endpoint.id, now),
    ):
        with pytest.raises(NoSuchEndpoint):
            attempt()
    for look in (log.get, lambda *given: log.replay(*given, now)):
        with pytest.raises(NoSuchDelivery):
            look(other.database, other.reach, number)
    assert office.endpoints.get(office.reach, endpoint.id) == endpoint


def test_a_removed_endpoint_is_told_nothing_more(office: Office) -> None:
    endpoint = office.listens("booking.*")
    office.receiver.replies.append(Reply(500))
    office.reserves()
    office.works()
    office.endpoints.remove(office.reach, endpoint.id)
    office.works(hours=3)
    assert len(office.receiver.received) == 1
    assert (office.log(), office.jobs()) == ([], 0)


def test_a_partner_has_no_more_endpoints_than_anybody_needs(office: Office) -> None:
    for _ in range(MOST):
        office.listens("booking.*")
    with pytest.raises(WebhookError, match="at most"):
        office.listens("booking.*")


def test_old_deliveries_are_forgotten_once_a_day(office: Office) -> None:
    office.listens("booking.created")
    office.reserves()
    for _ in range(2):  # as two machines do when they start
        with office.database.write() as connection:
            enqueue(connection, log.TIDY, office.time.now)
    office.works()
    assert (len(office.log()), office.jobs()) == (1, 2)
    office.works(days=31)
    assert (office.log(), office.jobs()) == ([], 1)


def test_two_workers_at_once_deliver_each_message_once_and_in_order(office: Office, receiver: Receiver) -> None:
    office.listens("booking.*")
    uuids = []
    for _ in range(8):
        held = office.reserves()
        changes.confirm(office.database, office.time, office.seller, held.uuid)
        uuids.append(str(held.uuid))
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda n: office.worker(f"worker {n}").drain(), range(3)))
    office.works()
    assert len({one.id for one in receiver.received}) == len(receiver.received) == 16
    for uuid in uuids:
        mine = [one.type for one in receiver.received if one.data["uuid"] == uuid]
        assert mine == ["booking.created", "booking.confirmed"]
