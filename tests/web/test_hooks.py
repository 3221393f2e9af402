"""Webhooks over the API: made, tried, replayed and removed with a key; each key reaches what is its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.app import create_app
from portal.config import Settings
from portal.partners import accounts, keys
from portal.partners.model import KeyWish, Scope
from portal.services import Services
from tests.plugins.receiver import Receiver, Reply
from tests.web import openapi_judge

ALL = "/api/v1/webhooks/endpoints"
LOG = "/api/v1/webhooks/deliveries"
WANTED = {"url": "https://shop.example/hooks", "types": ["booking.*"], "headers": {"X-Shop": "7"}}


@dataclass
class Shop:
    """A partner's program. Every answer is held against the document."""

    client: FlaskClient
    key: str | None

    def __call__(self, method: str, path: str, body: Any = None, status: int = 200, **more: Any) -> Any:
        answer = self.send(method, path, body, **more)
        assert answer.status_code == status, answer.text
        return answer.json if answer.data else None

    def send(self, method: str, path: str, body: Any = None, **more: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        sent = {} if body is None else {"json": body}
        answer = self.client.open(path, method=method, headers=headers, **sent, **more)
        assert path.startswith("/octo") or openapi_judge.data_faults(answer, method, path) == []
        return answer


@pytest.fixture
def services(settings: Settings) -> Iterator[Services]:
    services = Services(replace(settings, webhooks_allow_private=True))
    yield services
    services.close()


@pytest.fixture
def open_shop(services: Services) -> Callable[..., Shop]:
    """Make a partner with a key, or another key of the partner that is there."""
    client = create_app(services).test_client()

    def make(name: str = "Ticket shop", **wish: Any) -> Shop:
        known = accounts.find_partners(services.database, name)
        if not known:
            accounts.create_partner(services.database, name)
            known = accounts.find_partners(services.database, name)
        return Shop(client, keys.make(services.database, known[0], KeyWish(**wish), services.clock()))

    return make


@pytest.fixture
def shop(open_shop: Callable[..., Shop]) -> Shop:
    return open_shop()


def test_an_endpoint_is_made_read_changed_and_removed(shop: Shop) -> None:
    made = shop("POST", ALL, WANTED, 201)
    secret = made.pop("secret")
    assert secret.startswith("whsec_")
    assert {**WANTED, "form": "events", "test": False}.items() <= made.items()
    where = f"{ALL}/{made['id']}"
    assert shop("GET", where) == made
    assert shop("GET", f"{ALL}/{made['id'].upper()}") == made
    assert shop("GET", ALL) == {"endpoints": [made]}
    changed = shop("PATCH", where, {"types": ["*"]})
    assert changed == {**made, "types": ["*"]}
    off = shop("PATCH", where, {"disabled": True})
    assert off["disabled_why"] == "partner"
    assert shop("PATCH", where, {"disabled": False})["disabled_at"] is None
    rotated = shop("POST", f"{where}/rotate")
    assert rotated.pop("secret") != secret
    assert rotated == changed
    assert shop("DELETE", where, status=204) is None
    assert shop("GET", ALL) == {"endpoints": []}
    assert shop("DELETE", where, status=404)["status"] == 404


def test_a_new_endpoint_says_where_it_is(shop: Shop) -> None:
    answer = shop.send("POST", ALL, WANTED)
    assert answer.headers["Location"] == f"{ALL}/{answer.json['id']}"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["RateLimit"].startswith('"key";r=')


def test_an_endpoint_is_tried_and_what_failed_is_sent_again(shop: Shop, services: Services, receiver: Receiver) -> None:
    made = shop("POST", ALL, {**WANTED, "url": receiver.url}, 201)
    where = f"{ALL}/{made['id']}"
    receiver.replies.append(Reply(500))
    tried = shop("POST", f"{where}/ping", status=202)
    assert (tried["state"], tried["type"], tried["tries"]) == ("waiting", "webhook.ping", [])
    services.worker().drain()
    failed = shop("GET", f"{LOG}/{tried['id']}")
    assert (failed["tries"][0]["status"], failed["state"]) == (500, "waiting")
    assert '"webhook.ping"' in failed["body"]
    assert shop("POST", f"{LOG}/{tried['id']}/replay", status=202)["id"] == tried["id"]
    services.worker().drain()
    assert shop("GET", f"{LOG}/{tried['id']}")["state"] == "delivered"
    shop("POST", f"{where}/ping", status=202)
    shop("PATCH", where, {"disabled": True})
    services.worker().drain()
    assert "switched off" in shop("POST", f"{where}/replay", status=409)["detail"]
    assert "switched off" in shop("POST", f"{where}/ping", status=409)["detail"]
    shop("PATCH", where, {"disabled": False})
    assert shop("POST", f"{where}/replay", status=202) == {"replayed": 1}
    services.worker().drain()
    assert receiver.types == ["webhook.ping"] * 3


def test_the_log_is_searched_page_by_page(shop: Shop, services: Services) -> None:
    where = f"{ALL}/{shop('POST', ALL, WANTED, 201)['id']}"
    numbers = [shop("POST", f"{where}/ping", status=202)["id"] for _ in range(3)]
    first = shop("GET", f"{LOG}?limit=2")
    assert [one["id"] for one in first["deliveries"]] == numbers[:0:-1]
    rest = shop("GET", f"{LOG}?limit=2&before={first['next']}")
    assert ([one["id"] for one in rest["deliveries"]], rest["next"]) == ([numbers[0]], None)
    assert len(shop("GET", f"{LOG}?state=waiting&type=webhook")["deliveries"]) == 3
    assert shop("GET", f"{LOG}?endpoint={uuid4()}")["deliveries"] == []
    assert shop("GET", f"{LOG}?about={first['deliveries'][0]['message']}")["deliveries"] == first["deliveries"][:1]


def test_octos_subscriptions_are_managed_here_too(shop: Shop) -> None:
    made = shop("POST", ALL, {**WANTED, "form": "octo", "types": ["BOOKING_UPDATE"]}, 201)
    octo = shop("GET", "/octo/notifications/subscriptions")
    assert [one["id"] for one in octo] == [made["id"]]
    assert shop("POST", f"{ALL}/{made['id']}/rotate")["secret"] != made["secret"]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"url": None}, "url"),
        ({"url": "http://10.0.0.1/\0"}, "url"),
        ({"url": "ftp://shop.example/"}, "url"),
        ({"url": "https://x.example/" + "a" * 3000}, "url"),
        ({"url": ["https://shop.example/"]}, "url"),
        ({"types": []}, "types"),
        ({"types": ["BOOKING_UPDATE"]}, "types"),
        ({"types": ["booking.é"]}, "types"),
        ({"types": "booking.*"}, "types"),
        ({"headers": {"Host": "inside"}}, "headers"),
        ({"headers": {"X": "a\r\nb"}}, "headers"),
        ({"headers": {"X": 1}}, "headers.X"),
        ({"form": "fax"}, "form"),
        ({"test": "yes"}, "test"),
        ({"urls": "https://shop.example/"}, "urls"),
    ],
)
def test_what_cannot_be_is_named_and_changes_nothing(shop: Shop, change: dict[str, Any], named: str) -> None:
    problem = shop("POST", ALL, {**WANTED, **change}, 400)
    assert [one["parameter"] for one in problem["errors"]] == [named]
    assert shop("GET", ALL) == {"endpoints": []}


@pytest.mark.parametrize("text", [b"{", b"[]", b"null", b'"text"', b"\xff", b'{"url": NaN}'])
def test_a_body_that_is_no_json_object_is_a_problem(shop: Shop, text: bytes) -> None:
    answer = shop.client.post(ALL, data=text, headers={"Authorization": f"Bearer {shop.key}"})
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")


@pytest.mark.parametrize(
    "query", ["endpoint=7", "state=lost", "before=0", "before=x", "limit=0", "limit=51", "limit=" + "9" * 5000, "x=1"]
)
def test_a_search_that_makes_no_sense_is_named(shop: Shop, query: str) -> None:
    (wrong,) = shop("GET", f"{LOG}?{query}", status=400)["errors"]
    assert wrong["parameter"] == query.partition("=")[0]


def test_what_is_not_there_is_a_404(shop: Shop) -> None:
    for path in (f"{ALL}/{uuid4()}", f"{LOG}/7", f"{LOG}/{10**30}", f"{ALL}/7", f"{LOG}/x", "/api/v1/webhooks/x"):
        assert shop("GET", path, status=404)["type"] == "about:blank"


def test_a_partner_has_so_many_endpoints_and_no_more_and_trials_take_no_room(
    shop: Shop, open_shop: Callable[..., Shop]
) -> None:
    trial = open_shop(sandbox=True)
    for _ in range(20):
        trial("POST", ALL, WANTED, 201)
    assert "at most 20" in trial("POST", ALL, WANTED, 409)["detail"]
    shop("POST", ALL, WANTED, 201)


def test_without_a_key_nothing_opens(shop: Shop, app: Flask) -> None:
    for key in (None, "live_wrong"):
        answer = replace(shop, key=key).send("GET", ALL)
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_a_sandbox_key_reaches_what_is_for_tests_alone(shop: Shop, open_shop: Callable[..., Shop]) -> None:
    trial = open_shop(sandbox=True)
    live = shop("POST", ALL, WANTED, 201)
    asked = shop("POST", ALL, {**WANTED, "test": True}, 201)
    made = trial("POST", ALL, WANTED, 201)
    assert (live["test"], asked["test"], made["test"]) == (False, True, True)
    assert trial("POST", ALL, {**WANTED, "test": False}, 400)["errors"][0]["parameter"] == "test"
    assert {one["id"] for one in trial("GET", ALL)["endpoints"]} == {asked["id"], made["id"]}
    sent = shop("POST", f"{ALL}/{live['id']}/ping", status=202)
    assert trial("GET", LOG)["deliveries"] == []
    trial("GET", f"{LOG}/{sent['id']}", status=404)
    trial("POST", f"{LOG}/{sent['id']}/replay", status=404)
    trial("POST", f"{ALL}/{live['id']}/rotate", status=404)


def test_a_key_that_reads_changes_nothing(shop: Shop, open_shop: Callable[..., Shop]) -> None:
    made = shop("POST", ALL, WANTED, 201)
    reader = open_shop(scope=Scope.READ)
    assert len(reader("GET", ALL)["endpoints"]) == 1
    assert reader("GET", LOG) == {"deliveries": [], "next": None}
    for method, path in (("POST", ALL), ("PATCH", f"{ALL}/{made['id']}"), ("DELETE", f"{ALL}/{made['id']}")):
        assert "only reads" in reader(method, path, {}, 403)["detail"]
