"""The partners' pages about webhooks: by hand, by role, and with what nobody should send."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from portal.accounts.model import Role
from portal.app import create_app
from portal.partners.accounts import create_partner
from portal.partners.keys import authenticate
from portal.services import Services
from portal.webhooks import log
from portal.webhooks.endpoints import Wish
from portal.webhooks.model import Endpoint, Form, Reach
from tests.plugins.receiver import Receiver, Reply
from tests.web.desk import fields, make, sign_in, token

Browse = Callable[[], FlaskClient]
PAGE = "/en/partners/webhooks"
OURS = Reach(1)


@pytest.fixture
def office(desks: Services) -> Services:
    """Two partners with somebody each, and everybody else."""
    here = Services(replace(desks.settings, webhooks_allow_private=True))
    for name in ("harbour", "other"):
        known = authenticate(here.database, create_partner(here.database, name))
        assert known is not None
        make(here, f"{name}@example.com", Role.PARTNER, scope=str(known.partner.id))
    for role in (Role.OWNER, Role.MODERATOR, Role.ADMINISTRATOR):
        make(here, f"{role}@example.com", role)
    make(here, "stray@example.com", Role.PARTNER)
    return here


@pytest.fixture
def become(office: Services) -> Callable[[str], FlaskClient]:
    app = create_app(office)

    def become(name: str) -> FlaskClient:
        client = app.test_client()
        if name != "nobody":
            assert sign_in(client, f"{name}@example.com").status_code == 303
        return client

    return become


def add(client: FlaskClient, url: str, **more: object) -> str:
    """Fill in the form as it comes and return the address of the endpoint's page."""
    form = fields(client.get(PAGE).text, PAGE)
    answer = client.post(PAGE, data={**form, "url": url, **more})
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"].partition("?")[0]


def press(client: FlaskClient, page: str, action: str) -> int:
    return client.post(f"{page}/do", data={"csrf_token": token(client, page), "action": action}).status_code


def test_an_address_is_added_tried_looked_up_and_removed(
    office: Services, become: Callable[[str], FlaskClient], receiver: Receiver
) -> None:
    client = become("harbour")
    page = add(client, receiver.url, headers="X-Shop: 7\n\nAuthorization: Bearer 1")
    shown = client.get(page).text
    assert "whsec_" in shown
    assert "X-Shop: 7" in shown
    receiver.replies.append(Reply(500))
    assert press(client, page, "ping") == 303
    office.worker().drain()
    assert receiver.received[0].headers["authorization"] == "Bearer 1"
    found = client.get("/en/partners/deliveries?state=waiting&type=webhook.ping").text
    assert "webhook.ping" in found
    assert ">500<" in found
    number = log.search(office.database, OURS)[0].id
    one = f"/en/partners/deliveries/{number}"
    assert "&#34;type&#34;: &#34;webhook.ping&#34;" in client.get(one).text
    assert client.post(one, data={"csrf_token": token(client, one)}).status_code == 303
    office.worker().drain()
    assert receiver.types == ["webhook.ping"] * 2
    old = office.webhooks.secret(office.webhooks.all(OURS)[0])
    assert press(client, page, "rotate") == 303
    assert office.webhooks.secret(office.webhooks.all(OURS)[0]) != old
    assert press(client, page, "off") == 303
    assert press(client, page, "ping") == 422 or "Switch on" in client.get(page).text
    assert press(client, page, "on") == 303
    assert press(client, page, "replay") == 303
    assert press(client, page, "remove") == 303
    assert client.get(page).status_code == 404
    assert office.webhooks.all(OURS) == []


def test_the_form_knows_both_ways_of_telling(office: Services, become: Callable[[str], FlaskClient]) -> None:
    client = become("harbour")
    add(client, "https://shop.example/a")
    add(client, "https://shop.example/b", form="octo")
    full, thin = office.webhooks.all(OURS)
    assert (full.form, set(full.types)) == (Form.EVENTS, {t for t in full.types if t.startswith("booking.")})
    assert (thin.form, len(thin.types)) == (Form.OCTO, 3)
    page = f"{PAGE}/{full.id}"
    form = fields(client.get(page).text, page)
    changed = client.post(page, data={**form, "types": ["listing.updated"], "url": "https://shop.example/c"})
    assert changed.status_code == 303
    now = office.webhooks.get(OURS, full.id)
    assert (now.types, now.url) == (("listing.updated",), "https://shop.example/c")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"url": "ftp://shop.example"}, "public address"),
        ({"url": "http://169.254.169.254/"}, "public address"),
        ({"url": ""}, "public address"),
        ({"types": []}, "at least one event"),
        ({"types": ["boat.*"]}, "at least one event"),
        ({"headers": "no colon"}, "Name: value"),
        ({"headers": "Host: inside"}, "Name: value"),
        ({"url": "https://x.example/\0"}, "public address"),
    ],
)
def test_what_is_wrong_in_a_form_is_said_and_nothing_made(
    office: Services, become: Callable[[str], FlaskClient], wrong: dict[str, object], told: str
) -> None:
    client = become("harbour")
    form = fields(client.get(PAGE).text, PAGE)
    answer = client.post(PAGE, data={**form, "url": "https://shop.example/", **wrong})
    assert answer.status_code == 422
    assert told in answer.text
    assert office.webhooks.all(OURS) == []


def endpoint_of(office: Services) -> Endpoint:
    made = office.webhooks.create(OURS, Form.EVENTS, Wish("https://shop.example/hooks", ["*"]), office.clock())
    log.ping(office.database, OURS, made.id, office.clock())
    return made


@pytest.mark.parametrize("name", ["nobody", "other", "stray", "owner", "moderator", "administrator"])
def test_nobody_else_sees_or_changes_what_is_a_partners(
    office: Services, become: Callable[[str], FlaskClient], name: str
) -> None:
    made, client = endpoint_of(office), become(name)
    number = log.search(office.database, OURS)[0].id
    expected = 303 if name == "nobody" else 404
    sent = {"csrf_token": token(client, "/en/business/account"), "action": "remove", "url": "https://x.example/"}
    for path in (f"{PAGE}/{made.id}", f"/en/partners/deliveries/{number}", f"{PAGE}/{made.id}/do"):
        assert client.get(path).status_code == expected
        assert client.post(path, data=sent).status_code == expected
    for path in (PAGE, "/en/partners/deliveries"):
        answer = client.get(path)
        assert answer.status_code == (200 if name == "other" else expected)
        assert "shop.example/hooks</code>" not in answer.text
        assert "webhook.ping</code>" not in answer.text
    assert office.webhooks.get(OURS, made.id) == made


@pytest.mark.parametrize(
    "query", ["state=x", "address=x", "before=x", "before=-1", "before=9" * 30, "q=%00", "type=%00", "language=x&q=1"]
)
def test_a_search_that_makes_no_sense_is_no_failure(
    office: Services, become: Callable[[str], FlaskClient], query: str
) -> None:
    endpoint_of(office)
    assert become("harbour").get(f"/en/partners/deliveries?{query}").status_code == 200


def test_addresses_that_lead_nowhere_are_not_found(office: Services, become: Callable[[str], FlaskClient]) -> None:
    client = become("harbour")
    for path in (f"{PAGE}/{uuid4()}", f"{PAGE}/x", f"/en/partners/deliveries/{'9' * 40}", "/en/partners/deliveries/0"):
        assert client.get(path).status_code == 404
    made = endpoint_of(office)
    assert press(client, f"{PAGE}/{made.id}", "explode") == 400


def test_who_signs_in_on_the_way_to_a_page_comes_out_there(become: Callable[[str], FlaskClient]) -> None:
    client = become("nobody")
    asked = client.get(PAGE)
    form = {"csrf_token": token(client), "mail": "harbour@example.com", "password": "a teahouse by the river"}
    answer = client.post("/en/business/sign-in", data={**form, "to": "/en/partners/webhooks"})
    assert "to=" in asked.headers["Location"]
    assert answer.headers["Location"] == PAGE


def test_many_deliveries_come_in_pages(office: Services, become: Callable[[str], FlaskClient]) -> None:
    made = endpoint_of(office)
    for _ in range(log.PAGE):
        log.ping(office.database, OURS, made.id, office.clock())
    client = become("harbour")
    first = client.get("/en/partners/deliveries?type=webhook.ping").text
    assert first.count("webhook.ping</code>") == log.PAGE
    assert "before=2" in first
    assert client.get("/en/partners/deliveries?before=2").text.count("webhook.ping</code>") == 1
