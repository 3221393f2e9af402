"""A second factor on the pages: switched on, asked for, never twice with one code, lost with the phone."""

from __future__ import annotations

import functools
import json
import re
from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select, update

from portal.accounts import audit, factors, people
from portal.accounts.model import Role
from portal.accounts.tables import authenticators, passkeys
from portal.commands import cli
from portal.sealing.seal import Seal
from portal.services import Services
from tests.web.desk import PASSWORD, letters, link_in, make, send, sign_in
from tests.web.test_accounts import Time, another, time

__all__ = ["time"]

MAIL = "mod@portal.example"
DESK = "/en/business/account/protection"
CODE = "/en/business/sign-in/code"
ANY_PAGE = "/en/business/sign-in"


def switch_on(client: FlaskClient, time: Time) -> tuple[pyotp.TOTP, list[str]]:
    """Switch the second factor on; return the app, and the recovery codes."""
    shown = send(client, f"{DESK}/set-up", {"password": PASSWORD}).text
    assert "<svg" in shown
    key = re.findall(r"<code>([A-Z2-7 ]+)</code>", shown)[0].replace(" ", "")
    app = pyotp.TOTP(key)
    wrong = send(client, f"{DESK}/on", {"code": "000000"})
    assert wrong.status_code == 422
    assert key in wrong.text.replace(" ", "")
    done = send(client, f"{DESK}/on", {"code": app.at(time.now)}).text
    time.now += timedelta(seconds=30)
    return app, re.findall(r"<code>([a-z2-7-]{19})</code>", done)


@pytest.fixture
def protected(client: FlaskClient, services: Services, time: Time) -> tuple[pyotp.TOTP, list[str]]:
    make(services, MAIL, Role.MODERATOR)
    sign_in(client, MAIL)
    return switch_on(client, time)


def test_a_code_is_asked_for_after_the_password_and_works_once(
    app: Flask, services: Services, time: Time, protected: tuple[pyotp.TOTP, list[str]]
) -> None:
    totp, _ = protected
    browser, thief = another(app), another(app)
    for client in (browser, thief):
        answer = sign_in(client, MAIL)
        assert answer.location == CODE
        assert client.get("/en/business/").status_code == 303
    code = totp.at(time.now)
    arabic = code.translate({ord(str(n)): 0x660 + n for n in range(10)})
    assert send(browser, CODE, {"code": f" {arabic[:3]} {arabic[3:]}"}, CODE).location == "/en/business/"
    assert browser.get("/en/business/").status_code == 200
    assert send(thief, CODE, {"code": code}, CODE).status_code == 422
    assert thief.get("/en/business/").status_code == 303
    assert "code refused" in [entry.action for entry in audit.latest(services.database)]


def test_a_recovery_code_works_once_and_new_ones_end_the_old(
    app: Flask, client: FlaskClient, services: Services, protected: tuple[pyotp.TOTP, list[str]]
) -> None:
    _, codes = protected
    assert len(set(codes)) == 10
    for tried, status in ((codes[0].upper().replace("-", " "), 303), (codes[0], 422), (codes[1], 303)):
        browser = another(app)
        sign_in(browser, MAIL)
        assert send(browser, CODE, {"code": tried}, CODE).status_code == status, tried
    person = people.find(services.database, MAIL)
    assert person is not None
    assert factors.of_person(services.database, person.id).codes_left == 8
    assert send(client, f"{DESK}/codes", {"password": "guess"}).status_code == 422
    assert send(client, f"{DESK}/codes", {"password": PASSWORD}).status_code == 200
    sign_in(browser := another(app), MAIL)
    assert send(browser, CODE, {"code": codes[2]}, CODE).status_code == 422


def test_guessing_codes_locks_even_the_right_one_out(
    app: Flask, time: Time, protected: tuple[pyotp.TOTP, list[str]]
) -> None:
    totp, _ = protected
    for _ in range(5):
        browser = another(app)
        sign_in(browser, MAIL)
        assert "not right" in send(browser, CODE, {"code": "123"}, CODE).text
    sign_in(browser := another(app), MAIL)
    locked = send(browser, CODE, {"code": totp.at(time.now)}, CODE)
    assert locked.status_code == 422
    assert "Too many attempts" in locked.text
    time.now += timedelta(minutes=16)
    sign_in(browser := another(app), MAIL)
    assert send(browser, CODE, {"code": totp.at(time.now)}, CODE).status_code == 303


def test_the_second_step_ends_with_its_time_and_with_a_new_password(
    app: Flask, client: FlaskClient, time: Time, protected: tuple[pyotp.TOTP, list[str]]
) -> None:
    totp, _ = protected
    slow, old = another(app), another(app)
    sign_in(slow, MAIL)
    time.now += timedelta(minutes=16)
    assert "once more" in send(slow, CODE, {"code": totp.at(time.now)}, CODE).text
    sign_in(old, MAIL)
    send(client, "/en/business/account/password", {"old": PASSWORD, "password": "another good one"})
    assert "once more" in send(old, CODE, {"code": totp.at(time.now)}, CODE).text


def test_a_new_password_by_mail_does_not_pass_the_second_factor_by(
    app: Flask, services: Services, protected: tuple[pyotp.TOTP, list[str]]
) -> None:
    browser = another(app)
    send(browser, "/en/business/recover", {"mail": MAIL}, "/en/business/recover")
    link = next(link_in(text) for _, _, text in letters(services) if "?link=" in text)
    form = {"link": link.partition("link=")[2], "password": "another good one"}
    assert send(browser, "/en/business/password", form, link).location == CODE
    assert browser.get("/en/business/").status_code == 303


def test_switching_off_needs_the_password_and_is_told_by_mail(
    app: Flask, client: FlaskClient, services: Services, protected: tuple[pyotp.TOTP, list[str]]
) -> None:
    assert send(client, f"{DESK}/off", {"password": "guess"}).status_code == 422
    assert send(client, f"{DESK}/off", {"password": PASSWORD}).status_code == 303
    assert sign_in(another(app), MAIL).location == "/en/business/"
    assert [to for to, _, _ in letters(services)] == [MAIL, MAIL]
    actions = [entry.action for entry in audit.latest(services.database)]
    assert {"second factor on", "second factor off"} <= set(actions)


def test_whoever_reviews_must_have_one_after_the_time_of_grace(
    client: FlaskClient, services: Services, time: Time
) -> None:
    make(services, MAIL, Role.MODERATOR)
    make(services, "owner@example.com", Role.OWNER)
    sign_in(client, MAIL)
    assert "has to switch on" in client.get("/en/business/review/").text
    time.now += timedelta(days=15)
    for path in ("/en/business/review/", "/en/business/", "/en/business/account"):
        assert client.get(path).location == f"{DESK}/"
    assert send(client, "/en/business/reports", page=f"{DESK}/").status_code == 404
    settled = client.post(
        "/en/business/review/reports/1/settle",
        data={"csrf_token": re.findall(r'csrf_token" value="([^"]+)', client.get(f"{DESK}/").text)[0]},
    )
    assert settled.location == f"{DESK}/"
    switch_on_page = functools.partial(send, client, page=f"{DESK}/")
    key = re.findall(r"<code>([A-Z2-7 ]+)</code>", switch_on_page(f"{DESK}/set-up", {"password": PASSWORD}).text)[0]
    assert switch_on_page(f"{DESK}/on", {"code": pyotp.TOTP(key.replace(" ", "")).at(time.now)}).status_code == 200
    assert client.get("/en/business/review/").status_code == 200


def add_passkey(services: Services, mail: str) -> None:
    """A passkey as a browser leaves it; that browsers make and use them is shown in a real one."""
    person = people.find(services.database, mail)
    assert person is not None
    made = {
        "credential": "id-1",
        "public_key": b"",
        "sign_count": 0,
        "name": "My phone",
        "created_at": services.clock(),
    }
    with services.database.write() as connection:
        connection.execute(insert(passkeys).values(person_id=person.id, **made))


def test_a_passkey_is_protection_enough_for_whoever_reviews(
    app: Flask, client: FlaskClient, services: Services, time: Time
) -> None:
    make(services, MAIL, Role.MODERATOR)
    sign_in(client, MAIL)
    add_passkey(services, MAIL)
    time.now += timedelta(days=15)
    assert client.get("/en/business/review/").status_code == 200
    thief = another(app)
    assert sign_in(thief, MAIL).location == CODE  # the password alone lets nobody in
    assert thief.get("/en/business/").status_code == 303
    assert send(thief, CODE, {"code": "000000"}, CODE).status_code == 422
    codes = re.findall(r"<code>([a-z2-7-]{19})</code>", send(client, f"{DESK}/codes", {"password": PASSWORD}).text)
    sign_in(browser := another(app), MAIL)
    assert send(browser, CODE, {"code": codes[0]}, CODE).status_code == 303
    assert client.get(f"{DESK}/").status_code == 200
    assert send(client, f"{DESK}/passkeys/1/remove", page=f"{DESK}/").status_code == 303
    assert client.get("/en/business/review/").location == f"{DESK}/"


def test_a_passkey_of_an_owner_asks_for_nothing_more(app: Flask, services: Services, time: Time) -> None:
    make(services, "owner@example.com", Role.OWNER)
    add_passkey(services, "owner@example.com")
    assert sign_in(another(app), "owner@example.com").location == "/en/business/"


def test_the_key_of_an_app_is_kept_encrypted(
    services: Services, time: Time, protected: tuple[pyotp.TOTP, list[str]]
) -> None:
    totp, _ = protected

    def kept() -> str:
        with services.database.read() as connection:
            return str(connection.execute(select(authenticators.c.key)).scalar_one())

    def right(seal: Seal) -> bool:
        time.now += timedelta(minutes=1)
        with services.database.write() as connection:
            return factors.accepts(connection, seal, time.now, 1, totp.at(time.now))

    assert totp.secret not in kept()
    assert right(services.seal)
    later = Seal(["a new secret of the operator's", services.settings.secret_key])
    factors.seal_again(services.database, later)
    assert not right(services.seal)
    assert right(Seal(["a new secret of the operator's"]))
    with services.database.write() as connection:
        connection.execute(update(authenticators).values(key=totp.secret))  # as it was kept before
    factors.seal_plain(services.database, later)
    assert totp.secret not in kept()
    assert right(later)
    factors.seal_again(services.database, services.seal)  # an unknown one is left as it is
    assert right(later)


def test_an_owner_is_never_made_to(client: FlaskClient, services: Services, time: Time) -> None:
    make(services, "owner@example.com", Role.OWNER)
    time.now += timedelta(days=500)
    sign_in(client, "owner@example.com")
    assert client.get("/en/business/").status_code == 200


def test_the_command_helps_whoever_lost_phone_and_codes(
    app: Flask, client: FlaskClient, services: Services, time: Time, protected: tuple[pyotp.TOTP, list[str]]
) -> None:
    cli.register(app)
    runner = app.test_cli_runner()
    time.now += timedelta(days=20)
    done = runner.invoke(args=["accounts", "reset-second-factor", MAIL])
    assert done.exit_code == 0, done.output
    assert client.get("/en/business/").status_code == 303
    assert sign_in(client, MAIL).location == "/en/business/"
    assert client.get("/en/business/review/").status_code == 200
    assert runner.invoke(args=["accounts", "reset-second-factor", "nobody@example.com"]).exit_code == 1


@pytest.mark.parametrize(
    "sent",
    [None, [], {}, {"credential": None}, {"credential": {"id": 1}, "to": 3}, {"credential": {"id": "\x00\ud800"}}],
)
def test_an_answer_that_no_passkey_made_lets_nobody_in(client: FlaskClient, sent: object) -> None:
    token = re.findall(r'csrf_token" value="([^"]+)', client.get(ANY_PAGE).text)[0]
    headers = {"X-CSRFToken": token}
    for asked_before in (False, True):
        if asked_before:
            assert client.post(f"{ANY_PAGE}/passkey/options", json={}, headers=headers).status_code == 200
        answer = client.post(
            f"{ANY_PAGE}/passkey", data=json.dumps(sent), content_type="application/json", headers=headers
        )
        assert answer.status_code == 422
        assert answer.json is not None
        assert answer.json["problem"]
