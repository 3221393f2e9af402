"""People, their roles and the log, as administrators see them; the staff of a business, as its owner does."""

from __future__ import annotations

import ast
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.accounts import audit, people
from portal.accounts.model import Person, Role
from portal.config import ROOT
from portal.editing.errands import Daily
from portal.partners.accounts import create_partner, find_partners
from portal.services import Services
from portal.web.businesses.deeds import action_words
from tests.web.desk import letters, link_in, make, send, sign_in

Browse = Callable[[], FlaskClient]
PEOPLE = "/en/business/people/"
CHIEF, LI = "chief@portal.example", "li@teahouse.example"


@pytest.fixture
def chief(desks: Services, browse: Browse) -> FlaskClient:
    make(desks, CHIEF, Role.ADMINISTRATOR)
    client = browse()
    sign_in(client, CHIEF)
    return client


def person(services: Services, mail: str) -> Person:
    found = people.find(services.database, mail)
    assert found is not None
    return found


def test_an_administrator_gives_and_takes_roles(desks: Services, chief: FlaskClient) -> None:
    make(desks, LI, Role.OWNER)
    create_partner(desks.database, "Ticket shop")
    (shop,) = find_partners(desks.database, "Ticket shop")
    page = f"{PEOPLE}{person(desks, LI).id}/"
    for sent in (
        {"role": "translator", "of": ["ar", "en", "xx"]},
        {"role": "partner", "partner": "Ticket shop"},
        {"role": "moderator"},
        {"role": "moderator"},
    ):
        assert send(chief, f"{page}give", sent).status_code == 303
    roles = person(desks, LI).roles
    assert roles[Role.TRANSLATOR] == {"ar", "en"}
    assert roles[Role.PARTNER] == {str(shop.id)}
    assert "Ticket shop" in chief.get(page).text
    assert Role.MODERATOR in roles
    assert send(chief, f"{page}take", {"role": "translator", "scope": "ar"}).status_code == 303
    assert send(chief, f"{page}take", {"role": "translator", "scope": "ar"}).status_code == 404
    assert person(desks, LI).roles[Role.TRANSLATOR] == {"en"}
    for bad in ({"role": "translator"}, {"role": "partner", "partner": "Nobody"}):
        assert send(chief, f"{page}give", bad).status_code == 422
    for bad in ({"role": "owner"}, {"role": "king"}, {}):
        assert send(chief, f"{page}give", bad).status_code == 400
    assert [entry.detail for entry in audit.latest(desks.database, "role given", limit=2)] == ["moderator"] * 2


def test_the_last_administrator_stays_one(desks: Services, chief: FlaskClient) -> None:
    me = f"{PEOPLE}{person(desks, CHIEF).id}/"
    role = {"role": "administrator", "scope": ""}
    assert send(chief, f"{me}take", role).status_code == 422
    assert send(chief, f"{me}lock", {"locked": "1"}).status_code == 422
    make(desks, LI, Role.ADMINISTRATOR)
    assert send(chief, f"{me}take", role).status_code == 303
    assert chief.get(PEOPLE).status_code == 403


def test_a_locked_account_is_out_at_once_and_comes_back(desks: Services, browse: Browse, chief: FlaskClient) -> None:
    make(desks, LI, Role.OWNER)
    page, owner = f"{PEOPLE}{person(desks, LI).id}/", browse()
    sign_in(owner, LI)
    assert send(chief, f"{page}lock", {"locked": "1"}).status_code == 303
    assert owner.get("/en/business/").status_code == 303
    assert sign_in(owner, LI).status_code == 422
    assert "Open the account" in chief.get(page).text
    assert send(chief, f"{page}lock", {"locked": "0"}).status_code == 303
    assert sign_in(owner, LI).status_code == 303
    assert send(chief, f"{page}sessions/end").status_code == 303
    assert owner.get("/en/business/").status_code == 303


def test_people_and_the_log_are_searched_and_paged(desks: Services, chief: FlaskClient) -> None:
    with desks.database.write() as connection:
        for n in range(60):
            people.create(connection, desks.clock(), people.NewPerson(f"n{n:02}@many.example", "100% N_", "x", "en"))
    first, second = chief.get(f"{PEOPLE}?q=many").text, chief.get(f"{PEOPLE}?q=many&page=2").text
    assert "n00@" in first
    assert "n59@" in second
    assert "q=many" in first
    assert CHIEF not in first
    for words, found in (("100%", True), ("1%0", False), ("n_", True), ("n_0", False)):
        assert ("n00@" in chief.get(PEOPLE, query_string={"q": words}).text) == found, words
    log = chief.get("/en/business/log?q=n07@").text
    assert "n07@many.example" in log
    assert "n08@" not in log
    assert "Nothing is found" in chief.get("/en/business/log?q=qqqq").text
    assert chief.get("/en/business/log?page=2").status_code == 200
    for bad, status in (("page=99", 404), ("page=x", 400), ("q=%00", 200), (f"q={'a' * 201}", 400)):
        assert chief.get(f"/en/business/log?{bad}").status_code == status


def test_the_log_forgets_what_is_too_old_once_a_day(desks: Services) -> None:
    now = desks.clock()
    with desks.database.write() as connection:
        for days in (399, 401, 800):
            audit.record(connection, now - timedelta(days=days), "claimed", subject=f"{days} days")
    day = [now]
    errand = Daily(desks.forget_old_entries, lambda: day[0])
    errand()
    assert [entry.subject for entry in audit.latest(desks.database)] == ["399 days"]
    with desks.database.write() as connection:
        audit.record(connection, now - timedelta(days=500), "claimed")
    errand()
    assert audit.count(desks.database) == 2
    day[0] += timedelta(days=1)
    errand()
    assert audit.count(desks.database) == 1


def test_an_owner_removes_staff_and_takes_invitations_back(desks: Services, browse: Browse) -> None:
    business = make(desks, LI, Role.OWNER, "dining/dumplings")
    make(desks, "han@teahouse.example", Role.OWNER)
    owner, staff, guest = browse(), browse(), browse()
    sign_in(owner, LI)
    sign_in(staff, "han@teahouse.example")
    members = f"/en/business/account/businesses/{business}/members"
    for mail in ("han@teahouse.example", "new@teahouse.example"):
        assert send(owner, members, {"mail": mail}).status_code == 303
    listing = "/en/business/listings/dining/dumplings/"
    assert staff.get(listing).status_code == 200
    han = person(desks, "han@teahouse.example").id
    assert send(staff, f"{members}/{person(desks, LI).id}/remove").status_code == 404
    assert send(owner, f"{members}/{person(desks, LI).id}/remove").status_code == 404
    assert send(owner, f"{members}/{han}/remove").status_code == 303
    assert send(owner, f"{members}/{han}/remove").status_code == 404
    assert staff.get(listing).status_code == 404
    assert "new@teahouse.example" in owner.get("/en/business/account").text
    withdraw = f"/en/business/account/businesses/{business}/invitations/withdraw"
    assert send(owner, withdraw, {"mail": "new@teahouse.example"}).status_code == 303
    link = next(link_in(text) for to, _, text in letters(desks) if to == "new@teahouse.example")
    assert guest.get(link).status_code == 410
    assert {entry.action for entry in audit.latest(desks.database, "member")} == {"member added", "member removed"}


def test_the_log_speaks_the_readers_language_and_is_searched_in_it(desks: Services, chief: FlaskClient) -> None:
    shown = chief.get("/zh-hans/business/log").text
    assert "登录" in shown
    assert "signed in" not in shown
    assert CHIEF in chief.get("/zh-hans/business/log", query_string={"q": "登录了"}).text
    assert CHIEF in chief.get("/zh-hans/business/log", query_string={"q": "signed in"}).text


def test_every_action_that_is_noted_has_words(app: Flask) -> None:
    noted = set()
    for file in (ROOT / "portal").rglob("*.py"):
        for call in ast.walk(ast.parse(file.read_text())):
            if isinstance(call, ast.Call) and ast.unparse(call.func) in {"audit.record", "_note", "noting", "_decide"}:
                noted |= {value for arg in call.args[:3] for value in said(arg)}
    with app.test_request_context("/en/"):
        app.preprocess_request()
        assert noted == set(action_words())


def said(argument: ast.expr) -> set[str]:
    """Return the texts that an argument may be."""
    if isinstance(argument, ast.IfExp):
        return said(argument.body) | said(argument.orelse)
    return {str(argument.value)} if isinstance(argument, ast.Constant) else set()
