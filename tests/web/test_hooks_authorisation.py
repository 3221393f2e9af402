"""Webhooks over the API: every endpoint by every key, and by none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.accounts.model import Role
from portal.partners import accounts, keys
from portal.partners.model import KeyWish, Partner, Scope
from portal.services import Services
from portal.webhooks import log
from portal.webhooks.endpoints import Wish
from portal.webhooks.model import Form, Reach
from tests.web.desk import make, sign_in

ENDPOINT, SENT = "/endpoints/{hook}", "/deliveries/{number}"
TABLE: dict[str, tuple[str, str, Any]] = {
    "hooks.list_endpoints": ("GET", "/endpoints", None),
    "hooks.read_endpoint": ("GET", ENDPOINT, None),
    "hooks.change_endpoint": ("PATCH", ENDPOINT, {"disabled": False}),
    "hooks.rotate_secret": ("POST", f"{ENDPOINT}/rotate", None),
    "hooks.ping_endpoint": ("POST", f"{ENDPOINT}/ping", None),
    "hooks.replay_endpoint": ("POST", f"{ENDPOINT}/replay", None),
    "hooks.list_deliveries": ("GET", "/deliveries", None),
    "hooks.read_delivery": ("GET", SENT, None),
    "hooks.replay_delivery": ("POST", f"{SENT}/replay", None),
    "hooks.create_endpoint": ("POST", "/endpoints", {"url": "https://other.example/", "types": ["*"]}),
    "hooks.delete_endpoint": ("DELETE", ENDPOINT, None),
}
OF_NOBODY = {"hooks.list_endpoints", "hooks.list_deliveries", "hooks.create_endpoint"}
"""What names no endpoint, so every key gets its own."""
KEYS = {
    "its own": {},
    "its own, of the sandbox": {"sandbox": True},
    "its own, of a supplier": {"supplier": "boats"},
    "its own, only reading": {"scope": Scope.READ},
    "another's": {},
}
Send = Callable[[str, str | None], Any]


def test_the_table_names_every_endpoint(app: Flask) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/v1/webhooks")]
    assert {rule.endpoint for rule in rules} == set(TABLE)


@pytest.fixture
def two(services: Services) -> dict[str, Partner]:
    for name in ("mine", "other"):
        accounts.create_partner(services.database, name)
    return {name: accounts.find_partners(services.database, name)[0] for name in ("mine", "other")}


@pytest.fixture
def send(services: Services, client: FlaskClient, two: dict[str, Partner]) -> Send:
    """A live endpoint of the first partner with a delivery; give what sends a request of the table with a key."""
    reach, now = Reach(two["mine"].id), services.clock()
    hook = services.webhooks.create(reach, Form.EVENTS, Wish("https://secret.example/", ("*",)), now).id
    number = log.ping(services.database, reach, hook, now)

    def send(endpoint: str, key: str | None) -> Any:
        method, path, body = TABLE[endpoint]
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        sent = {} if body is None else {"json": body}
        address = f"/api/v1/webhooks{path.format(hook=hook, number=number)}"
        return client.open(address, method=method, headers=headers, **sent)

    return send


@pytest.mark.parametrize("whose", KEYS)
def test_what_each_key_opens(services: Services, two: dict[str, Partner], send: Send, whose: str) -> None:
    partner = two["other" if whose == "another's" else "mine"]
    key = keys.make(services.database, partner, KeyWish(**KEYS[whose]), services.clock())
    for endpoint, (method, _, _) in TABLE.items():
        answer = send(endpoint, key)
        if whose == "its own, only reading" and method != "GET":
            expected = {403}
        elif whose in {"its own", "its own, only reading"}:
            expected = {200, 201, 202, 204}
        else:
            expected = {200, 201} if endpoint in OF_NOBODY else {404}
            assert "secret.example" not in answer.text, endpoint
        assert answer.status_code in expected, (endpoint, answer.text)
    left = services.webhooks.all(Reach(two["mine"].id))
    assert any(one.url == "https://secret.example/" for one in left) == (whose != "its own")


def test_without_a_key_in_force_or_with_a_session_of_the_pages_nothing_opens(
    services: Services, client: FlaskClient, two: dict[str, Partner], send: Send
) -> None:
    make(services, "administrator@example.com", Role.ADMINISTRATOR)
    sign_in(client, "administrator@example.com")
    revoked = keys.make(services.database, two["mine"], KeyWish(), services.clock())
    keys.revoke_key(services.database, revoked)
    for key in (None, "live_wrong", revoked):
        for endpoint in TABLE:
            assert send(endpoint, key).status_code == 401, endpoint
