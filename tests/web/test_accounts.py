"""Accounts on the pages: made by a confirmed mail, recovered, signed in and out, locked when guessed at."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.accounts import audit, people, sessions
from portal.accounts.model import Role
from portal.commands import cli
from portal.services import Services
from tests.web.desk import PASSWORD, letters, link_in, make, send, sign_in, token

MAIL = "li@teahouse.example"


@dataclass
class Time:
    """A clock for tests."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def time(services: Services) -> Time:
    time = Time(services.clock())
    services.clock = time
    return time


def another(app: Flask) -> FlaskClient:
    client = app.test_client()
    client.open = functools.partial(client.open, buffered=True)  # type: ignore[method-assign]
    return client


def test_an_owner_makes_an_account_by_a_letter_and_is_signed_in(client: FlaskClient, services: Services) -> None:
    asked = send(client, "/zh-hans/business/register", {"mail": MAIL}, "/zh-hans/business/register")
    assert asked.status_code == 303
    ((recipient, subject, text),) = letters(services)
    assert recipient == MAIL
    assert "\n" not in subject
    link = link_in(text)
    assert link.startswith("/zh-hans/business/welcome?link=")
    page = client.get(link)
    assert page.headers["Referrer-Policy"] == "same-origin"
    secret = link.partition("link=")[2]
    form = {"link": secret, "name": "李雷", "business": "茶馆", "password": PASSWORD}
    made = send(client, "/zh-hans/business/welcome", form, link)
    assert made.status_code == 303
    person = people.find(services.database, MAIL)
    assert person is not None
    assert (person.name, [business.name for business in person.businesses]) == ("李雷", ["茶馆"])
    assert client.get("/zh-hans/business/account").status_code == 200
    again = send(client, "/zh-hans/business/welcome", form)
    assert again.status_code == 410


def test_a_weak_password_leaves_the_link_good(client: FlaskClient, services: Services) -> None:
    send(client, "/en/business/register", {"mail": MAIL}, "/en/business/register")
    link = link_in(letters(services)[0][2])
    form = {"link": link.partition("link=")[2], "name": "Li Lei", "password": "short"}
    refused = send(client, "/en/business/welcome", form, link)
    assert refused.status_code == 422
    assert 'value="Li Lei"' in refused.text
    assert send(client, "/en/business/welcome", {**form, "password": PASSWORD}, link).status_code == 303


def test_nobody_learns_who_has_an_account(client: FlaskClient, services: Services) -> None:
    make(services, MAIL, Role.OWNER)
    for path in ("/en/business/register", "/en/business/recover"):
        answers = {
            (answer.status_code, answer.location)
            for mail in (MAIL, "nobody@teahouse.example")
            for answer in [send(client, path, {"mail": mail}, path)]
        }
        assert len(answers) == 1
    sent = [(to, "welcome" in text, "/password" in text) for to, _, text in letters(services)]
    assert (MAIL, True, False) not in sent
    assert ("nobody@teahouse.example", False, True) not in sent


def test_a_forgotten_password_is_set_anew_and_ends_every_session(
    app: Flask, client: FlaskClient, services: Services
) -> None:
    make(services, MAIL, Role.OWNER)
    stranger = another(app)
    sign_in(stranger, MAIL)
    send(client, "/en/business/recover", {"mail": MAIL}, "/en/business/recover")
    link = link_in(letters(services)[0][2])
    form = {"link": link.partition("link=")[2], "password": "another good one"}
    assert send(client, "/en/business/password", form, link).status_code == 303
    assert client.get("/en/business/").status_code == 200
    assert stranger.get("/en/business/").status_code == 303
    assert sign_in(another(app), MAIL).status_code == 422
    assert sign_in(another(app), MAIL, "another good one").status_code == 303


def test_a_link_ends_with_its_hour(client: FlaskClient, services: Services, time: Time) -> None:
    make(services, MAIL, Role.OWNER)
    send(client, "/en/business/recover", {"mail": MAIL}, "/en/business/recover")
    link = link_in(letters(services)[0][2])
    time.now += timedelta(minutes=61)
    assert client.get(link).status_code == 410


def test_guessing_locks_the_account_for_a_quarter_of_an_hour(
    client: FlaskClient, services: Services, time: Time
) -> None:
    make(services, MAIL, Role.OWNER)
    for _ in range(5):
        assert "not right" in sign_in(client, MAIL, "guess").text
    locked = sign_in(client, MAIL)
    assert locked.status_code == 422
    assert "Too many attempts" in locked.text
    time.now += timedelta(minutes=16)
    assert sign_in(client, MAIL).status_code == 303
    actions = [entry.action for entry in audit.latest(services.database)]
    assert actions.count("sign-in refused") == 5
    assert actions[0] == "signed in"


def test_one_ends_ones_own_sessions_and_nobody_elses(app: Flask, client: FlaskClient, services: Services) -> None:
    make(services, MAIL, Role.OWNER)
    make(services, "other@example.com", Role.OWNER)
    phone, other = another(app), another(app)
    sign_in(client, MAIL)
    sign_in(phone, MAIL)
    sign_in(other, "other@example.com")
    person = people.find(services.database, MAIL)
    stranger = people.find(services.database, "other@example.com")
    assert person is not None
    assert stranger is not None
    (theirs,) = sessions.of_person(services.database, stranger.id)
    assert send(client, f"/en/business/account/sessions/{theirs.id}/end").status_code == 404
    for session in sessions.of_person(services.database, person.id):
        if session.id != max(known.id for known in sessions.of_person(services.database, person.id)):
            continue
        assert send(client, f"/en/business/account/sessions/{session.id}/end").status_code == 303
    assert phone.get("/en/business/").status_code == 303
    assert other.get("/en/business/").status_code == 200


def test_signing_out_ends_the_session_itself(client: FlaskClient, services: Services) -> None:
    make(services, MAIL, Role.OWNER)
    sign_in(client, MAIL)
    person = people.find(services.database, MAIL)
    assert person is not None
    send(client, "/en/business/sign-out")
    assert sessions.of_person(services.database, person.id) == []
    assert client.get("/en/business/").status_code == 303


def test_whoever_signs_in_comes_to_the_page_they_asked_for_and_to_no_other_site(
    client: FlaskClient, services: Services
) -> None:
    make(services, MAIL, Role.OWNER)
    asked = client.get("/en/business/account")
    assert asked.location == "/en/business/sign-in?to=/en/business/account"
    form = {"csrf_token": token(client), "mail": MAIL, "password": PASSWORD}
    assert client.post("/en/business/sign-in", data={**form, "to": "/en/business/account"}).location == (
        "/en/business/account"
    )
    for hostile in ("//evil.example", "https://evil.example", "/en/business/\\evil", "/en/business/\r\nX: y"):
        fresh = {"csrf_token": token(client, "/en/business/account"), "mail": MAIL, "password": PASSWORD, "to": hostile}
        assert client.post("/en/business/sign-in", data=fresh).location == "/en/business/"


def test_an_owner_lets_somebody_else_in(app: Flask, client: FlaskClient, services: Services) -> None:
    business = make(services, MAIL, Role.OWNER, "dining/goubuli")
    make(services, "other@example.com", Role.OWNER)
    sign_in(client, MAIL)
    path = f"/en/business/account/businesses/{business}/members"
    for mail in ("han@teahouse.example", "other@example.com"):
        assert send(client, path, {"mail": mail}).status_code == 303
    link = next(link_in(text) for to, _, text in letters(services) if to == "han@teahouse.example")
    guest = another(app)
    form = {"link": link.partition("link=")[2], "name": "Han Meimei", "password": PASSWORD}
    assert send(guest, "/en/business/welcome", form, link).status_code == 303
    for mail in ("han@teahouse.example", "other@example.com"):
        person = people.find(services.database, mail)
        assert person is not None
        assert set(person.listings) == {"dining/goubuli"}
    assert send(guest, path, {"mail": "third@example.com"}).status_code == 404


def test_public_pages_know_nothing_of_who_is_signed_in(client: FlaskClient, services: Services) -> None:
    make(services, MAIL, Role.OWNER)
    sign_in(client, MAIL)
    answer = client.get("/en/")
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert "Set-Cookie" not in answer.headers
    assert MAIL not in answer.text


def test_the_command_makes_accounts_of_every_role(app: Flask, services: Services) -> None:
    cli.register(app)
    runner = app.test_cli_runner()
    for role in Role:
        command = ["accounts", "create", f"{role}@example.com", "--role", role.value, "--password-stdin"]
        done = runner.invoke(args=command, input="correct horse\n")
        assert done.exit_code == 0, done.output
        person = people.find(services.database, f"{role}@example.com")
        assert person is not None
        assert role in person.roles
    assert runner.invoke(args=command, input="correct horse\n").exit_code == 1
    assert runner.invoke(args=[*command[:2], "new@example.com", *command[3:]], input="short\n").exit_code == 1
