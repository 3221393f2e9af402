"""A partner's people at their pages: signing up, keys, members, approval, what keys of each kind open."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from portal.accounts.model import Role
from portal.app import create_app
from portal.bookings import products
from portal.commands import cli
from portal.partners import accounts, keys
from portal.partners.model import MOST_KEYS, KeyWish, Scope, TooManyKeys
from portal.services import Services
from tests.web.desk import PASSWORD, letters, link_in, make, send, sign_in

MAIL = "li@shop.example"
KEYS = "/en/partners/keys/"
DAY = "2027-05-03"
ORDER = {
    "productId": "haihe-cruise-day",
    "optionId": "DEFAULT",
    "availabilityId": f"{DAY}T10:00:00+08:00",
    "unitItems": [{"unitId": "adult"}],
}


@pytest.fixture
def someone(client: FlaskClient, services: Services) -> FlaskClient:
    """Somebody with a shop."""
    make(services, MAIL, Role.OWNER)
    assert sign_in(client, MAIL).status_code == 303
    assert send(client, "/en/partners/join", {"name": "Harbour  Travel"}).status_code == 303
    return client


def another(app: Flask, mail: str) -> FlaskClient:
    client = app.test_client()
    assert sign_in(client, mail).status_code == 303
    return client


def take_key(client: FlaskClient, **form: str) -> str:
    """Make a key on the page and return it as it is shown."""
    page = send(client, KEYS, {"name": "first", "environment": "sandbox", "scope": "book", **form})
    assert page.status_code == 200, page.text
    shown = BeautifulSoup(page.text, "html.parser").find(id="new-key")
    assert shown is not None
    return shown.get_text()


def octo(client: FlaskClient, key: str, path: str, body: Any = None, method: str | None = None) -> Any:
    sent = {"json": body} if body is not None else {}
    method = method or ("GET" if body is None else "POST")
    return client.open(f"/octo{path}", method=method, headers={"Authorization": f"Bearer {key}"}, **sent)


def ours(services: Services) -> accounts.Partner:
    (found,) = accounts.find_partners(services.database, "Harbour Travel")
    return found


def test_a_stranger_becomes_a_partner_and_sells_in_the_sandbox(client: FlaskClient, services: Services) -> None:
    home = client.get("/en/partners/")
    assert home.status_code == 200
    assert 'href="/en/partners/join"' in home.text
    to_sign_in = client.get("/en/partners/join")
    assert to_sign_in.status_code == 303
    page = client.get(to_sign_in.location).text
    register = BeautifulSoup(page, "html.parser").find("a", href=lambda href: href and "/register" in href)
    assert register is not None
    send(client, "/en/business/register", {"mail": MAIL, "to": "/en/partners/join"}, register["href"])
    link = link_in(letters(services)[0][2])
    welcome = client.get(link)
    assert "Name of the business" not in welcome.text
    form = {
        "link": link.partition("link=")[2].partition("&")[0],
        "to": "/en/partners/join",
        "name": "Li Lei",
        "password": PASSWORD,
    }
    assert send(client, "/en/business/welcome", form, link).location == "/en/partners/join"
    assert send(client, "/en/partners/join", {"name": "Harbour Travel"}).location.startswith(KEYS)
    key = take_key(client)
    assert key.startswith("test_")
    booked = octo(client, key, "/bookings", {**ORDER, "resellerReference": "ORDER-1"})
    assert booked.json["testMode"] is True
    shown = client.get("/en/partners/sandbox/").text
    assert booked.json["uuid"] in shown
    assert "ORDER-1" in shown
    assert "haihe-cruise-day" in shown
    assert key not in client.get(KEYS).text


def test_live_keys_come_with_an_administrators_approval(someone: FlaskClient, app: Flask, services: Services) -> None:
    make(services, "boss@example.com", Role.ADMINISTRATOR)
    refused = send(someone, KEYS, {"environment": "live"})
    assert refused.status_code == 422
    assert send(someone, "/en/partners/live").status_code == 303
    assert send(someone, "/en/partners/live").status_code == 303
    assert [mail for mail, *_ in letters(services)] == ["boss@example.com"]
    boss = another(app, "boss@example.com")
    assert "Harbour Travel" in boss.get("/en/partners/all").text
    assert send(boss, f"/en/partners/all/{ours(services).id}/approve").status_code == 303
    assert MAIL in [mail for mail, *_ in letters(services)]
    assert take_key(someone, environment="live").startswith("live_")


def test_a_revoked_key_opens_nothing_and_nobody_elses_can_be_revoked(
    someone: FlaskClient, app: Flask, services: Services
) -> None:
    key = take_key(someone)
    (known,) = keys.of_partner(services.database, ours(services).id)
    make(services, "other@example.com", Role.OWNER)
    other = another(app, "other@example.com")
    assert send(other, f"{KEYS}{known.id}/revoke").status_code == 404
    send(other, "/en/partners/join", {"name": "Other"})
    assert send(other, f"{KEYS}{known.id}/revoke").status_code == 404
    assert octo(someone, key, "/supplier").status_code == 200
    assert send(someone, f"{KEYS}{known.id}/revoke").status_code == 303
    assert octo(someone, key, "/supplier").json["error"] == "FORBIDDEN"
    assert "Revoked" in someone.get(KEYS).text


def test_a_key_that_only_reads_changes_nothing(someone: FlaskClient) -> None:
    key = take_key(someone, scope="read")
    question = {"productId": "haihe-cruise-day", "optionId": "DEFAULT", "localDate": DAY}
    assert octo(someone, key, "/availability", question).status_code == 200
    assert octo(someone, key, "/availability/calendar", question).status_code == 200
    for method, path in (("POST", "/bookings"), ("PATCH", "/bookings/x"), ("POST", "/notifications/subscriptions")):
        assert octo(someone, key, path, ORDER, method).json["error"] == "FORBIDDEN"


def test_a_booking_of_the_sandbox_is_used_on_the_page_and_told_as_a_gate_would(
    someone: FlaskClient, services: Services
) -> None:
    key = take_key(someone)
    subscription = {"url": "https://shop.example/hooks", "types": ["booking.redeemed"]}
    opened = {"Authorization": f"Bearer {key}"}
    assert someone.post("/api/v1/webhooks/endpoints", json=subscription, headers=opened).status_code == 201
    held = octo(someone, key, "/bookings", ORDER).json
    use = f"/en/partners/sandbox/{held['uuid']}/use"
    send(someone, use, {})
    assert octo(someone, key, f"/bookings/{held['uuid']}").json["status"] == "ON_HOLD"
    octo(someone, key, f"/bookings/{held['uuid']}/confirm", {"contact": {}})
    assert use in someone.get("/en/partners/sandbox/").text
    assert send(someone, use, {}).status_code == 303
    used = octo(someone, key, f"/bookings/{held['uuid']}").json
    assert (used["status"], used["cancellable"]) == ("REDEEMED", False)
    assert use not in someone.get("/en/partners/sandbox/").text
    services.worker().drain()
    log = someone.get("/api/v1/webhooks/deliveries", headers=opened).json["deliveries"]
    assert [(one["type"], one["subject"]) for one in log] == [("booking.redeemed", held["uuid"])]


def test_no_real_booking_is_used_on_that_page(someone: FlaskClient, services: Services) -> None:
    partner = accounts.find_partners(services.database, "Harbour Travel")[0]
    with services.database.write() as connection:
        accounts.approve(connection, partner.id, services.clock())
    key = take_key(someone, environment="live")
    sold = octo(someone, key, "/bookings", ORDER).json
    octo(someone, key, f"/bookings/{sold['uuid']}/confirm", {"contact": {}})
    assert send(someone, f"/en/partners/sandbox/{sold['uuid']}/use", {}).status_code == 404
    assert octo(someone, key, f"/bookings/{sold['uuid']}").json["status"] == "CONFIRMED"


def test_a_sandbox_key_neither_sees_nor_changes_what_was_sold(someone: FlaskClient, services: Services) -> None:
    with services.database.write() as connection:
        accounts.approve(connection, ours(services).id, services.clock())
    live, sandbox = take_key(someone, environment="live"), take_key(someone)
    sold = octo(someone, live, "/bookings", {**ORDER, "resellerReference": "ORDER-1"}).json
    tried = octo(someone, sandbox, "/bookings", {**ORDER, "resellerReference": "ORDER-1"}).json
    path = f"/bookings/{sold['uuid']}"
    for answer in (
        octo(someone, sandbox, path),
        octo(someone, sandbox, f"{path}/cancel", {}),
        octo(someone, sandbox, path, {"notes": "x"}, "PATCH"),
        octo(someone, sandbox, "/bookings", {**ORDER, "uuid": sold["uuid"], "resellerReference": "ORDER-1"}),
    ):
        assert answer.json["error"] == "INVALID_BOOKING_UUID"
    listed = octo(someone, sandbox, "/bookings?resellerReference=ORDER-1").json
    assert [one["uuid"] for one in listed] == [tried["uuid"]]
    assert sold["uuid"] not in someone.get("/en/partners/sandbox/").text
    assert octo(someone, live, path).json["status"] == "ON_HOLD"


def test_a_key_for_one_supplier_sees_its_products_and_bookings_only(someone: FlaskClient, services: Services) -> None:
    partner, now = ours(services), services.clock()
    on_sale = {product.terms.id: product.supplier for product in products.all_products(services.database)}
    stranger = next((one for one in sorted(set(on_sale.values())) if one != on_sale["haihe-cruise-day"]), "nobody")
    key = keys.make(services.database, partner, KeyWish(sandbox=True, supplier=stranger), now)
    whole = keys.make(services.database, partner, KeyWish(sandbox=True), now)
    booked = octo(someone, whole, "/bookings", ORDER).json
    assert {product["id"] for product in octo(someone, key, "/products").json} == {
        name for name, supplier in on_sale.items() if supplier == stranger
    }
    assert octo(someone, key, f"/bookings/{booked['uuid']}").json["error"] == "INVALID_BOOKING_UUID"
    assert octo(someone, key, "/supplier").json["id"] == stranger
    assert send(someone, KEYS, {"supplier": "no-such"}).status_code == 404


def test_a_partner_has_so_many_keys_and_no_more(someone: FlaskClient, services: Services) -> None:
    partner, now = ours(services), services.clock()
    for _ in range(MOST_KEYS):
        keys.make(services.database, partner, KeyWish(sandbox=True), now)
    with pytest.raises(TooManyKeys):
        keys.make(services.database, partner, KeyWish(sandbox=True), now)
    assert send(someone, KEYS, {"environment": "sandbox"}).status_code == 422


def test_the_last_use_of_a_key_is_noted_once_a_minute_after_the_answer(
    someone: FlaskClient, services: Services
) -> None:
    now = services.clock()
    services.clock = lambda: now
    key = take_key(someone, name="shop")
    uses = []
    for later in (0, 30, 61):
        now = now + timedelta(seconds=later)
        octo(someone, key, "/supplier")
        uses.append(keys.of_partner(services.database, ours(services).id)[0].used_at)
    assert uses[0] is not None
    assert uses[0] == uses[1] < uses[2]


def test_members_invite_and_remove_each_other(someone: FlaskClient, app: Flask, services: Services) -> None:
    make(services, "wang@example.com", Role.OWNER)
    members = "/en/partners/members/"
    assert send(someone, members, {"mail": "no address"}).status_code == 422
    for mail in ("wang@example.com", "new@example.com"):
        assert send(someone, members, {"mail": mail}).status_code == 303
    wang = another(app, "wang@example.com")
    page = wang.get(members).text
    assert MAIL in page
    (invitation,) = (text for mail, _, text in letters(services) if mail == "new@example.com")
    newcomer, link = app.test_client(), link_in(invitation)
    form = {
        "link": link.partition("link=")[2].partition("&")[0],
        "name": "New",
        "password": PASSWORD,
        "to": "/en/partners/keys/",
    }
    assert send(newcomer, "/en/business/welcome", form, link).location == KEYS
    assert newcomer.get(KEYS).status_code == 200
    me = BeautifulSoup(page, "html.parser").select_one(f"form[action^='{members}']")
    assert me is not None
    assert send(wang, me["action"]).status_code == 303
    assert MAIL not in wang.get(members).text
    assert someone.get(KEYS).status_code == 404


@pytest.mark.parametrize("name", ["", "   ", "12", "\x00"])
def test_a_shop_needs_a_name(client: FlaskClient, services: Services, name: str) -> None:
    make(services, MAIL, Role.OWNER)
    sign_in(client, MAIL)
    assert send(client, "/en/partners/join", {"name": name}).status_code == 422
    assert accounts.all_partners(services.database) == []


def test_the_operator_gives_people_approval_and_limits(app: Flask, services: Services, client: FlaskClient) -> None:
    run = app.test_cli_runner()
    cli.register(app)
    make(services, MAIL, Role.OWNER)
    key = run.invoke(args=["partners", "create", "Harbour Travel", "--sandbox"]).output.strip()
    assert key.startswith("test_")
    assert run.invoke(args=["partners", "member", "Harbour Travel", MAIL]).exit_code == 0
    assert run.invoke(args=["partners", "member", "Harbour Travel", "nobody@example.com"]).exit_code == 1
    assert run.invoke(args=["partners", "approve", "Harbour Travel"]).exit_code == 0
    assert run.invoke(args=["partners", "limit", "Harbour Travel", "5"]).exit_code == 0
    assert "live\tHarbour Travel" in run.invoke(args=["partners", "list"]).output
    partner = ours(services)
    assert (partner.approved, partner.limit) == (True, 5)
    sign_in(client, MAIL)
    assert client.get(KEYS).status_code == 200
    assert run.invoke(args=["partners", "revoke", key]).exit_code == 0
    assert run.invoke(args=["partners", "revoke", key]).exit_code == 1
    opened = keys.authenticate(services.database, take_key(client, environment="live"))
    assert opened is not None
    assert (opened.sandbox, opened.scope) == (False, Scope.BOOK)


def test_create_app_serves_the_guide_and_the_reference_to_everybody(services: Services) -> None:
    client = create_app(services).test_client()
    guide = client.get("/en/partners/guide").text
    assert "From product to booking" in guide
    assert "&lt;key&gt;" in guide
    assert '.md"' not in guide  # other files of docs/ are no pages
    for name, said in (("octo", "/bookings/{uuid}/confirm"), ("data", "/suggest")):
        assert said in client.get(f"/zh-hans/partners/reference/{name}").text
    assert client.get("/en/partners/reference/none").status_code == 404
