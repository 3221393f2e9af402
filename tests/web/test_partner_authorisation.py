"""Who gets which page of partners, which booking of a visitor, and what over OCTO: every endpoint by role."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.accounts import people
from portal.accounts.model import Role
from portal.app import create_app
from portal.partners import accounts, keys
from portal.partners.model import KeyWish, Partner, Scope
from portal.services import Services
from portal.webhooks.endpoints import Wish
from portal.webhooks.model import Form, Reach
from tests.web.desk import make, sign_in, token

ROLES = ("nobody", "owner", "other owner", "translator", "partner", "other partner", "moderator", "administrator")
EVERYBODY = frozenset(ROLES)
SIGNED_IN = EVERYBODY - {"nobody"}
PARTNERS = frozenset({"partner", "other partner"})
MINE = frozenset({"partner"})
PAGES: dict[str, frozenset[str]] = {
    "partners.home": EVERYBODY,
    "partners.join": SIGNED_IN,
    "partners.sign_up": SIGNED_IN,
    "partners.back": SIGNED_IN,
    "partners.ask_for_live": PARTNERS,
    "partners.all_partners": frozenset({"administrator"}),
    "partners.approve": frozenset({"administrator"}),
    "reference.guide": EVERYBODY,
    "reference.index": EVERYBODY,
    "reference.show": EVERYBODY,
    "keys.show": PARTNERS,
    "keys.make": PARTNERS,
    "keys.back": SIGNED_IN,
    "keys.revoke": MINE,
    "members.show": PARTNERS,
    "members.invite": PARTNERS,
    "members.back": SIGNED_IN,
    "members.remove": frozenset({"partner"}),
    "sandbox.show": PARTNERS,
    "sandbox.back": SIGNED_IN,
    "sandbox.use": frozenset(),  # no booking of that uuid
    "webhooks.show": PARTNERS,
    "webhooks.create": PARTNERS,
    "webhooks.endpoint": MINE,
    "webhooks.change": MINE,
    "webhooks.back": MINE,
    "webhooks.act": MINE,
    "webhooks.deliveries": PARTNERS,
    "webhooks.delivery": frozenset(),  # there is none yet, even for them
    "webhooks.replay": frozenset(),
}
"""Who gets a page below `/partners/`; what has a number is the first partner's."""
ORDER = {
    "productId": "haihe-cruise-day",
    "optionId": "DEFAULT",
    "availabilityId": "2027-05-03T10:00:00+08:00",
    "unitItems": [{"unitId": "adult"}],
    "resellerReference": "SECRET-ORDER",
    "contact": {"fullName": "Secret Guest"},
}
QUESTION = {"productId": "haihe-cruise-day", "optionId": "DEFAULT", "localDate": "2027-05-03"}


def key_of(services: Services, partner: Partner, **wish: Any) -> str:
    return keys.make(services.database, partner, KeyWish(**wish), services.clock())


@pytest.fixture
def two(services: Services) -> tuple[Partner, Partner]:
    """Two partners that may sell, and somebody of every role."""
    made = []
    for name in ("partner", "other partner"):
        with services.database.write() as connection:
            identity = accounts.register(connection, name, services.clock())
            accounts.approve(connection, identity, services.clock())
        make(services, f"{name.replace(' ', '.')}@example.com", Role.PARTNER, scope=str(identity))
        known = accounts.get_partner(services.database, identity)
        assert known is not None
        made.append(known)
    make(services, "colleague@example.com", Role.PARTNER, scope=str(made[0].id))
    make(services, "owner@example.com", Role.OWNER, "attractions/tianjin-eye")
    make(services, "other.owner@example.com", Role.OWNER, "dining/goubuli")
    make(services, "translator@example.com", Role.TRANSLATOR, scope="en")
    make(services, "moderator@example.com", Role.MODERATOR)
    make(services, "administrator@example.com", Role.ADMINISTRATOR)
    return made[0], made[1]


def test_the_table_names_every_page_for_partners(app: Flask) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if "/partners" in rule.rule]
    assert {rule.endpoint for rule in rules} == set(PAGES)
    assert [endpoint for endpoint in PAGES if not hasattr(app.view_functions[endpoint], "access")] == []


@pytest.mark.parametrize("role", ROLES)
def test_who_gets_which_page(services: Services, two: tuple[Partner, Partner], role: str) -> None:
    mine, _ = two
    key_of(services, mine, name="Secret key", sandbox=True)
    (key,) = keys.of_partner(services.database, mine.id)
    url = "https://secret.example/hooks"
    hook = services.webhooks.create(Reach(mine.id), Form.OCTO, Wish(url, ("BOOKING_UPDATE",)), services.clock())
    colleague = people_id(services, "colleague@example.com")
    client = create_app(services).test_client()
    if role != "nobody":
        assert sign_in(client, f"{role.replace(' ', '.')}@example.com").status_code == 303
    numbers = {"keys": key.id, "members": colleague, "partners": mine.id}
    last = ("members.remove", "keys.revoke", "webhooks.act", "partners.sign_up")
    for endpoint in sorted(PAGES, key=lambda name: name in last):
        answer = ask(client, endpoint, numbers.get(endpoint.partition(".")[0], 1), hook.id)
        let_in = answer.status_code in {200, 303, 422} and "/sign-in" not in answer.headers.get("Location", "")
        assert let_in == (role in PAGES[endpoint]), (endpoint, answer.status_code)
        if role not in MINE:
            assert "Secret" not in answer.text, endpoint
            assert "secret.example" not in answer.text, endpoint
    in_force = [one for one in keys.of_partner(services.database, mine.id) if one.revoked_at is None]
    if role not in MINE:
        assert [one.name for one in in_force] == ["Secret key"]
        assert services.webhooks.get(Reach(mine.id), hook.id).url == url


def people_id(services: Services, mail: str) -> int:
    person = people.find(services.database, mail)
    assert person is not None
    return person.id


def ask(client: FlaskClient, endpoint: str, number: int, hook: UUID) -> Any:
    """Ask for a page, or send its form."""
    app = client.application
    rule = next(rule for rule in app.url_map.iter_rules() if rule.endpoint == endpoint)
    known = {"language": "en", "number": number, "name": "octo", "identity": hook}
    values = {name: value for name, value in known.items() if name in rule.arguments}
    with app.test_request_context():
        built = rule.build(values)
    assert built is not None
    if "GET" in (rule.methods or ()):
        return client.get(built[1])
    sent = {
        "csrf_token": token(client, "/en/business/account"),
        "name": "x",
        "mail": "new@example.com",
        "action": "ping",
    }
    return client.post(built[1], data=sent)


OCTO: dict[str, tuple[str, str, Any]] = {
    "octo.supplier": ("GET", "/supplier", None),
    "octo.capabilities": ("GET", "/capabilities", None),
    "octo.list_products": ("GET", "/products", None),
    "octo.read_product": ("GET", "/products/haihe-cruise-day", None),
    "octo.availability": ("POST", "/availability", QUESTION),
    "octo.availability_calendar": ("POST", "/availability/calendar", QUESTION),
    "octo.list_bookings": ("GET", "/bookings?resellerReference=SECRET-ORDER", None),
    "octo.read_booking": ("GET", "/bookings/{uuid}", None),
    "octo.update": ("PATCH", "/bookings/{uuid}", {"notes": "x"}),
    "octo.extend": ("POST", "/bookings/{uuid}/extend", {}),
    "octo.confirm": ("POST", "/bookings/{uuid}/confirm", {"contact": {"fullName": "Li Na"}}),
    "octo.cancel": ("POST", "/bookings/{uuid}/cancel", {}),
    "octo.reserve": ("POST", "/bookings", ORDER),
    "octo.subscribe": ("POST", "/notifications/subscriptions", {}),
    "octo.subscriptions": ("GET", "/notifications/subscriptions", None),
    "octo.subscription": ("GET", "/notifications/subscriptions/{hook}", None),
    "octo.change_subscription": ("PATCH", "/notifications/subscriptions/{hook}", {}),
    "octo.unsubscribe": ("DELETE", "/notifications/subscriptions/{hook}", None),
}
OPEN_TO_ALL = {"octo.describe", "octo.unknown"}
OF_ONE_BOOKING = {"octo.read_booking", "octo.update", "octo.extend", "octo.confirm", "octo.cancel"}
QUESTIONS = {"octo.availability", "octo.availability_calendar"}


def test_the_table_names_everything_over_octo(app: Flask) -> None:
    known = {rule.endpoint for rule in app.url_map.iter_rules() if rule.rule.startswith("/octo")}
    assert known - OPEN_TO_ALL == set(OCTO)


@pytest.fixture
def sold(services: Services, client: FlaskClient, two: tuple[Partner, Partner]) -> Callable[[str, str | None], Any]:
    """A booking and a subscription of the first partner; give what sends a request of the table with a key."""
    mine, _ = two
    first = {"Authorization": f"Bearer {key_of(services, mine)}"}
    uuid = client.post("/octo/bookings", json=ORDER, headers=first).json["uuid"]
    wish = Wish("https://secret.example/hooks", ("BOOKING_UPDATE",))
    hook = services.webhooks.create(Reach(mine.id), Form.OCTO, wish, services.clock()).id

    def send(endpoint: str, key: str | None) -> Any:
        method, path, body = OCTO[endpoint]
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        sent = {} if body is None else {"json": body}
        return client.open(f"/octo{path.format(uuid=uuid, hook=hook)}", method=method, headers=headers, **sent)

    return send


def test_without_a_key_that_is_in_force_nothing_is_told(
    services: Services, two: tuple[Partner, Partner], sold: Callable[[str, str | None], Any]
) -> None:
    revoked = key_of(services, two[0])
    keys.revoke_key(services.database, revoked)
    for key, code in ((None, "UNAUTHORIZED"), ("live_wrong", "FORBIDDEN"), (revoked, "FORBIDDEN")):
        for endpoint in OCTO:
            answer = sold(endpoint, key)
            assert (answer.status_code, answer.json["error"]) == (400, code), endpoint


def test_another_partner_neither_reads_nor_changes_a_booking(
    services: Services, two: tuple[Partner, Partner], sold: Callable[[str, str | None], Any]
) -> None:
    mine, other = two
    key = key_of(services, other)
    for endpoint in sorted(OCTO, key=lambda name: name == "octo.reserve"):
        answer = sold(endpoint, key)
        assert "Secret" not in answer.text or endpoint == "octo.reserve", endpoint
        assert "secret.example" not in answer.text, endpoint
        if endpoint in OF_ONE_BOOKING:
            assert answer.json["error"] == "INVALID_BOOKING_UUID"
    left = sold("octo.read_booking", key_of(services, mine)).json
    assert (left["status"], left["notes"]) == ("ON_HOLD", None)


def test_a_key_that_reads_opens_questions_alone(
    services: Services, two: tuple[Partner, Partner], sold: Callable[[str, str | None], Any]
) -> None:
    key = key_of(services, two[0], scope=Scope.READ)
    for endpoint, (method, *_) in OCTO.items():
        answer = sold(endpoint, key)
        if method == "GET" or endpoint in QUESTIONS:
            assert answer.status_code == 200, (endpoint, answer.text)
        else:
            assert answer.json["error"] == "FORBIDDEN", endpoint


def test_a_session_of_the_pages_opens_nothing_over_octo(client: FlaskClient, two: tuple[Partner, Partner]) -> None:
    sign_in(client, "partner@example.com")
    assert client.get("/octo/products").json["error"] == "UNAUTHORIZED"


@pytest.mark.parametrize("role", ROLES)
def test_a_visitors_booking_opens_by_its_signed_link_alone(
    services: Services, two: tuple[Partner, Partner], role: str
) -> None:
    client = create_app(services).test_client()
    if role != "nobody":
        sign_in(client, f"{role.replace(' ', '.')}@example.com")
    rules = [rule for rule in client.application.url_map.iter_rules() if "/bookings/<" in rule.rule]
    pages = [rule for rule in rules if rule.endpoint.startswith("booked.")]
    assert pages
    for rule in pages:
        values = {"language": "en", "reference": "TJ-AAAA-AAAA", "token": "wrong", "key": "wrong"}
        with client.application.test_request_context():
            built = rule.build({name: values.get(name, "x") for name in rule.arguments})
        assert built is not None
        method = "GET" if "GET" in (rule.methods or ()) else "POST"
        form = {"csrf_token": token(client, "/en/business/account"), "token": "wrong"} if role != "nobody" else {}
        answer = client.open(built[1], method=method, data=form if method == "POST" else None)
        assert answer.status_code in {400, 404}, (rule.endpoint, answer.status_code)
