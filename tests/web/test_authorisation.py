"""Every page for businesses by every role: who gets it, who is sent to sign in, for whom it is not there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.accounts import people
from portal.accounts.model import Role
from portal.bookings import changes, guests, holds, products
from portal.bookings.model import PORTAL, Booking, Contact, Order, State, Ticket
from portal.bookings.queries import Wish, availability
from portal.editing import disk, document, drafts, publishing, uploads
from portal.editing.claims import Claim, submit
from portal.editing.drafts import Save
from portal.editing.publishing import Edition
from portal.editing.uploads import Upload
from portal.services import Services
from tests.hostile_pictures import photograph
from tests.unit.bookings.samples import wheel
from tests.web.desk import make, sign_in, token

Browse = Callable[[], FlaskClient]
WHEEL = "attractions/wheel"
ROLES = ("nobody", "owner", "staff", "other owner", "translator", "partner", "moderator", "administrator")
EVERYBODY = frozenset(ROLES)
SIGNED_IN = EVERYBODY - {"nobody"}
MODERATORS = frozenset({"moderator", "administrator"})
ADMINISTRATORS = frozenset({"administrator"})
THEIRS = MODERATORS | {"owner", "staff"}
READERS = THEIRS | {"translator"}
HOSTS = frozenset({"owner", "staff"})  # whose guests they are; nobody else looks at them, moderators neither
BUSINESSES = HOSTS | {"other owner"}
TABLE: dict[str, frozenset[str]] = {
    "accounts.sign_in": EVERYBODY,
    "accounts.enter": EVERYBODY,
    "accounts.code": EVERYBODY,
    "accounts.enter_code": EVERYBODY,
    "accounts.back": EVERYBODY,
    "accounts.passkey_options": EVERYBODY,
    "accounts.enter_with_passkey": EVERYBODY,
    "accounts.sign_out": EVERYBODY,
    "accounts.register": EVERYBODY,
    "accounts.send_register": EVERYBODY,
    "accounts.recover": EVERYBODY,
    "accounts.send_recover": EVERYBODY,
    "accounts.welcome": EVERYBODY,
    "accounts.make_account": EVERYBODY,
    "accounts.new_password": EVERYBODY,
    "accounts.set_password": EVERYBODY,
    "account.back": SIGNED_IN,
    "account.home": SIGNED_IN,
    "account.show": SIGNED_IN,
    "account.change_password": SIGNED_IN,
    "account.end_session": frozenset(),  # of a session that is somebody else's
    "account.add_member": frozenset({"owner"}),
    "account.remove_member": frozenset(),  # of somebody who is no member
    "account.withdraw": frozenset({"owner"}),
    "protection.show": SIGNED_IN,
    "protection.back": SIGNED_IN,
    "protection.set_up": SIGNED_IN,
    "protection.switch_on": SIGNED_IN,
    "protection.switch_off": SIGNED_IN,
    "protection.renew_codes": frozenset(),  # there are none while it is off
    "protection.passkey_options": SIGNED_IN,
    "protection.add_passkey": SIGNED_IN,
    "protection.rename_passkey": frozenset(),  # of a passkey that is somebody else's
    "protection.remove_passkey": frozenset(),
    "administration.people": ADMINISTRATORS,
    "administration.person": ADMINISTRATORS,
    "administration.back": ADMINISTRATORS,
    "administration.give": ADMINISTRATORS,
    "administration.take": ADMINISTRATORS,
    "administration.lock": ADMINISTRATORS,
    "administration.end_sessions": ADMINISTRATORS,
    "administration.log": ADMINISTRATORS,
    "coverage.show": SIGNED_IN,
    "bookings.show": BUSINESSES,  # each their own
    "bookings.one": HOSTS,
    "bookings.back": HOSTS,
    "bookings.take_back": HOSTS,
    "bookings.accept": HOSTS,
    "bookings.reject": HOSTS,
    "gate.show": BUSINESSES,
    "gate.check_in": BUSINESSES,  # of the other owner the answer is no, and says nothing about the guest
    "guest_lists.sheet": BUSINESSES,
    "guest_lists.table": BUSINESSES,
    "guest_lists.calendar": BUSINESSES,
    "sale.show": THEIRS,
    "sale.save": THEIRS,
    "sale.begin": THEIRS,
    "sale.add": THEIRS,
    "sale_texts.show": READERS,
    "sale_texts.save": READERS,
    "slots.show": HOSTS,
    "slots.change_days": HOSTS,
    "slots.show_day": HOSTS,
    "slots.change_day": HOSTS,
    "claims.show": SIGNED_IN,
    "claims.submit": frozenset({"owner"}),  # for the business it is of
    "editor.back": READERS,
    "editor.show": READERS,
    "editor.facts": THEIRS,
    "editor.save_facts": THEIRS,
    "editor.point": THEIRS,
    "editor.text": READERS,
    "editor.save_text": READERS,
    "editor.preview": READERS,
    "editor.send": READERS,
    "editor.discard": THEIRS,
    "pictures.back": THEIRS,
    "pictures.show": THEIRS,
    "pictures.save": THEIRS,
    "pictures.upload": THEIRS,
    "pictures.picture": READERS,
    "pictures.rendition": READERS,
    "history.show": READERS,
    "history.version": READERS,
    "history.restore": THEIRS,
    "review.back": MODERATORS,
    "review.back_to_queue": MODERATORS,
    "review.queue": MODERATORS,
    "review.draft": MODERATORS,
    "review.approve": MODERATORS,
    "review.give_back": MODERATORS,
    "review.decide": MODERATORS,
    "review.settle": frozenset(),  # there is no such report, even for them
    "review.businesses": MODERATORS,
    "review.trust": MODERATORS,
}
"""Who gets a page of the wheel's listing. Whoever does not is sent to sign in, or told 403 or 404."""


OF_NOBODY = frozenset({"accounts.sign_out", "accounts.code", "accounts.back"})
"""Where everybody is sent on."""
LAST = frozenset({"accounts.sign_out"})
"""What would keep them from the rest."""


@pytest.fixture
def business(desks: Services) -> int:
    """Somebody of every role; return the id of the business whose listing the wheel is."""
    make(desks, "staff@example.com", Role.STAFF, WHEEL)
    make(desks, "other.owner@example.com", Role.OWNER, "dining/dumplings")
    make(desks, "translator@example.com", Role.TRANSLATOR, scope="en")
    for role in (Role.PARTNER, Role.MODERATOR, Role.ADMINISTRATOR):
        make(desks, f"{role}@example.com", role)
    business = make(desks, "owner@example.com", Role.OWNER, WHEEL)
    assert business is not None
    return business


def at_desk(browse: Browse, role: str) -> FlaskClient:
    """Return the browser of somebody with a role."""
    client = browse()
    if role != "nobody":
        assert sign_in(client, f"{role.replace(' ', '.')}@example.com").status_code == 303
    return client


def prepare(desks: Services, business: int) -> str:
    """A draft with a picture, a published version, a claim, a booking to look at; return the booking's reference."""
    now, texts = desks.clock(), disk.read(desks.settings.content, WHEEL)
    terms = wheel().model_dump(mode="json", by_alias=True, exclude_defaults=True)
    texts = document.write(texts, {"facts/booking": [terms]}, "zh-Hans")
    disk.write(desks.settings.content, WHEEL, "listing.yaml", texts["listing.yaml"])
    owner = people.find(desks.database, "owner@example.com")
    assert owner is not None
    desks.publisher().publish(Edition(WHEEL, owner.id, "", texts, texts), now)
    drafts.save(desks.database, now, Save(owner.id, WHEEL, 0, {"en/name": "Secret plans"}), texts)
    with desks.database.write() as connection:
        uploads.keep(connection, now, Upload(owner.id, WHEEL, "photo-1.jpg", photograph()))
    submit(desks.database, now, Claim(owner.id, business, WHEEL, "attractions", "", "Secret evidence"))
    return book(desks).reference


def book(desks: Services) -> Booking:
    """Somebody rides the wheel today."""
    products.publish(desks.database, WHEEL, [wheel()], desks.clock())
    today = desks.clock().astimezone(wheel().zone).date()
    slot = availability(desks.database, desks.clock, Wish("tianjin-eye-ride", "DEFAULT"), today, today + timedelta(2))
    guest = Contact(full_name="Secret guest", email_address="Secret@example.com")
    wanted = Order(uuid4(), "tianjin-eye-ride", "DEFAULT", slot[-1].id, (Ticket("adult"),), guest)
    held = holds.reserve(desks.database, desks.clock, PORTAL, wanted)
    return changes.confirm(desks.database, desks.clock, PORTAL, held.uuid)


def parts(business: int, reference: str) -> dict[str, object]:
    return {
        "language": "en",
        "kind": "attractions",
        "slug": "wheel",
        "tag": "en",
        "business": business,
        "number": 1,
        "member": 1,
        "passkey": 999,
        "file": "photo-1.jpg",
        "width": 320,
        "session": 999,
        "listing": WHEEL,
        "reference": reference,
        "product": "tianjin-eye-ride",
        "option": "DEFAULT",
        "day": "2027-05-01",
    }


def test_the_table_names_every_page_for_businesses(browse: Browse) -> None:
    rules = browse().application.url_map.iter_rules()
    assert {rule.endpoint for rule in rules if "/business" in rule.rule} == set(TABLE)


def test_a_view_without_a_mark_is_found(browse: Browse) -> None:
    views = browse().application.view_functions
    assert [endpoint for endpoint in TABLE if not hasattr(views[endpoint], "access")] == []


@pytest.mark.parametrize("role", ROLES)
def test_who_gets_what(desks: Services, browse: Browse, business: int, role: str) -> None:
    reference = prepare(desks, business)
    client = at_desk(browse, role)
    for endpoint in sorted(TABLE, key=lambda endpoint: endpoint in LAST):
        answer = ask(client, endpoint, business, reference)
        assert was_let_in(answer, endpoint, role) == (role in TABLE[endpoint]), (endpoint, answer.status_code)
        if role in {"nobody", "other owner", "partner"}:
            assert b"Secret" not in answer.data
        if role not in HOSTS:
            assert b"Secret guest" not in answer.data
    if role not in READERS:
        assert drafts.look(desks.database, WHEEL, {}).changes == {"en/name": "Secret plans"}
        assert len(publishing.history(desks.database, WHEEL)) == 1
    if role not in HOSTS:
        kept = guests.find(desks.database, desks.clock, [WHEEL], reference)
        assert kept is not None
        assert kept.state is State.CONFIRMED


def ask(client: FlaskClient, endpoint: str, business: int, reference: str) -> TestResponse:
    """Ask for a page, or send its form."""
    app = client.application
    rule = next(rule for rule in app.url_map.iter_rules() if rule.endpoint == endpoint)
    values = {name: value for name, value in parts(business, reference).items() if name in rule.arguments}
    with app.test_request_context():
        built = rule.build(values)
    assert built is not None
    if "GET" in (rule.methods or ()):
        return client.get(built[1])
    sent = {"csrf_token": token(client, "/en/business/account"), "business": str(business)}
    more = {"version": "0", "name": "x", "role": "moderator", "code": reference}
    return client.post(built[1], data={**sent, **more})


def was_let_in(answer: TestResponse, endpoint: str, role: str) -> bool:
    """Tell whether somebody got what they asked for, were it only a word on what is wrong with their form."""
    if answer.status_code == 303:
        return role != "nobody" or endpoint in OF_NOBODY
    return answer.status_code in {200, 410, 422}


def test_a_form_of_ones_own_listing_changes_no_other(desks: Services, browse: Browse, business: int) -> None:
    client = at_desk(browse, "other owner")
    form = {"csrf_token": token(client, "/en/business/account"), "version": "0", "name": "Mine now", "listing": WHEEL}
    for path in ("attractions/wheel", "attractions/../attractions/wheel", "ATTRACTIONS/wheel", "dining/..", "x/y"):
        assert client.post(f"/en/business/listings/{path}/texts/en", data=form).status_code in {404, 308}
    assert drafts.look(desks.database, WHEEL, {}).version == 0


def test_a_session_that_ended_gets_nothing(browse: Browse, business: int) -> None:
    client = at_desk(browse, "owner")
    client.post("/en/business/sign-out", data={"csrf_token": token(client, "/en/business/account")})
    assert client.get(f"/en/business/listings/{WHEEL}/").status_code == 303
