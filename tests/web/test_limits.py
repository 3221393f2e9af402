"""Limits on requests as partners and strangers meet them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from portal.app import create_app
from portal.config import Settings
from portal.partners.accounts import create_partner
from portal.services import Services
from portal.web.limiting import WRONG_KEYS

STRANGER = {"REMOTE_ADDR": "203.0.113.7"}


@pytest.fixture
def services(settings: Settings) -> Iterator[Services]:
    services = Services(replace(settings, rate_limit=3, rate_limit_anonymous=2))
    yield services
    services.close()


@pytest.fixture
def client(services: Services) -> FlaskClient:
    return create_app(services).test_client()


def ask(client: FlaskClient, key: str, path: str = "/octo/supplier", **more: Any) -> Any:
    return client.get(path, headers={"Authorization": f"Bearer {key}"}, **more)


def test_a_key_is_told_how_many_requests_are_left_and_then_when_to_come_again(
    client: FlaskClient, services: Services
) -> None:
    key, other = (create_partner(services.database, name) for name in ("harbour", "other"))
    for left in (2, 1, 0):
        answer = ask(client, key)
        assert answer.status_code == 200
        assert answer.headers["RateLimit-Policy"] == '"key";q=3;w=60'
        assert answer.headers["RateLimit"].startswith(f'"key";r={left};t=')
    refused = ask(client, key)
    assert refused.status_code == 429
    assert refused.json["error"] == "TOO_MANY_REQUESTS"
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert refused.headers["RateLimit"].startswith('"key";r=0;t=')
    assert ask(client, other).status_code == 200
    assert ask(client, key, "/api/v1/suggest?q=a").status_code == 429


def test_a_partner_without_a_limit_may_send_what_it_likes(client: FlaskClient, services: Services) -> None:
    key = create_partner(services.database, "Demo partner", limit=0)
    answers = [ask(client, key) for _ in range(6)]
    assert {answer.status_code for answer in answers} == {200}
    assert "RateLimit" not in answers[0].headers


def test_a_stranger_is_refused_with_a_problem_document_and_this_machine_never(client: FlaskClient) -> None:
    answers = [client.get("/api/v1/suggest?q=a", environ_base=STRANGER) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[0].headers["RateLimit-Policy"] == '"address";q=2;w=60'
    assert answers[2].mimetype == "application/problem+json"
    assert answers[2].json["status"] == 429
    assert int(answers[2].headers["Retry-After"]) >= 1
    assert client.get("/api/v1/suggest?q=a", environ_base={"REMOTE_ADDR": "203.0.113.8"}).status_code == 200
    assert {client.get("/api/v1/suggest?q=a").status_code for _ in range(5)} == {200}


def test_addresses_of_one_ipv6_network_count_together(client: FlaskClient) -> None:
    answers = [
        client.get("/api/v1/suggest?q=a", environ_base={"REMOTE_ADDR": f"2001:db8:1:2::{host}"}) for host in range(3)
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 429]


def test_a_wrong_key_is_refused_on_the_open_interface_too(client: FlaskClient) -> None:
    answer = ask(client, "live_wrong", "/api/v1/suggest?q=a")
    assert answer.status_code == 401
    assert answer.mimetype == "application/problem+json"
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("path", ["/octo/supplier", "/api/v1/suggest?q=a"])
def test_whoever_guesses_keys_is_stopped(client: FlaskClient, services: Services, path: str) -> None:
    key = create_partner(services.database, "harbour")
    refused = [ask(client, f"live_{number}", path, environ_base=STRANGER) for number in range(WRONG_KEYS.quota + 1)]
    assert {answer.status_code for answer in refused[:-1]} == ({400} if path.startswith("/octo") else {401})
    assert refused[-1].status_code == 429
    assert ask(client, key, path, environ_base=STRANGER).status_code == 429  # or a guess that hits would show
    assert ask(client, key, path, environ_base={"REMOTE_ADDR": "203.0.113.8"}).status_code == 200


def test_pages_have_no_limit(client: FlaskClient) -> None:
    assert {client.get("/en/", environ_base=STRANGER).status_code for _ in range(5)} == {200}
    assert _no_header(lambda: client.get("/healthz", environ_base=STRANGER))


def _no_header(ask: Callable[[], Any]) -> bool:
    return "RateLimit" not in ask().headers
