"""Accounts on both databases: what parallel requests must not get through."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
from sqlalchemy import func, select

from portal.accounts import administration, factors, links, passwords, people, signing_in, tokens
from portal.accounts.model import AccountError, BadLink, Origin, Role, TooManyAttempts, WrongCredentials
from portal.accounts.tables import people as table
from portal.database import Database
from portal.jobs.tables import jobs
from portal.jobs.worker import Handlers, Worker
from portal.mail.outbox import LETTER, Letter, carrier, enqueue
from portal.mail.transports import Folder
from portal.sealing.seal import Seal

NOW = datetime(2026, 7, 1, tzinfo=UTC)
SEAL = Seal(["a secret of the tests"])
MAIL = "li@teahouse.example"
PASSWORD = "a teahouse by the river"


def letter(text: str) -> Letter:
    return Letter(MAIL, "Subject\nBcc: all@example.org", text, "en")


def test_parallel_guesses_are_counted_one_by_one(database: Database) -> None:
    with database.write() as connection:
        people.create(connection, NOW, people.NewPerson(MAIL, "Li", passwords.hashed(PASSWORD), "en"))

    def guess(n: int) -> type[AccountError] | None:
        try:
            signing_in.by_password(database, NOW, MAIL, f"guess {n}", Origin("192.0.2.1"))
        except AccountError as error:
            return type(error)
        return None

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(guess, range(16)))
    assert outcomes.count(WrongCredentials) == 5
    assert outcomes.count(TooManyAttempts) == 11


def test_a_link_used_twice_at_once_makes_one_account(database: Database) -> None:
    with database.write() as connection:
        secret = tokens.new(connection, NOW, tokens.REGISTER, MAIL)
    new = links.NewAccount("Li", "Teahouse", PASSWORD, "en")

    def use(_: int) -> bool:
        try:
            links.register(database, NOW, secret, new, Origin())
        except BadLink:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(use, range(4))) == 1
    with database.read() as connection:
        assert connection.execute(select(func.count()).select_from(table)).scalar_one() == 1


def test_a_letter_that_cannot_be_sent_is_tried_again_and_sent_once(database: Database, tmp_path: Path) -> None:
    with database.write() as connection:
        enqueue(connection, letter("One."), NOW)
    (tmp_path / "mail").touch()  # a file where the folder should be
    handlers = Handlers({LETTER: carrier(Folder(tmp_path / "mail", "no-reply@example.org"))})

    def deliver(n: int, now: datetime) -> int:
        return Worker(database, lambda: now, f"worker {n}", handlers).drain()

    assert deliver(0, NOW) == 1  # tried in vain
    (tmp_path / "mail").unlink()
    assert deliver(0, NOW) == 0
    later = NOW + timedelta(minutes=2)
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(lambda n: deliver(n, later), range(4))) == 1
    (file,) = (tmp_path / "mail").glob("*.eml")
    text = file.read_text()
    assert "Subject: Subject Bcc: all@example.org" in text
    assert "\nBcc:" not in text
    assert file.stat().st_mode & 0o077 == 0
    with database.read() as connection:
        assert connection.execute(select(func.count()).select_from(jobs)).scalar_one() == 0


def test_a_code_used_twice_at_once_lets_one_in(database: Database) -> None:
    with database.write() as connection:
        someone = people.create(connection, NOW, people.NewPerson(MAIL, "Li", passwords.hashed(PASSWORD), "en"))
    person = people.find(database, MAIL)
    key = factors.begin(database, SEAL, someone)
    assert person is not None
    assert key is not None
    app, later = pyotp.TOTP(key), NOW + timedelta(minutes=5)
    codes = factors.confirm(database, SEAL, NOW, person, app.at(NOW), Origin())
    steps = [signing_in.by_password(database, later, MAIL, PASSWORD, Origin()).secret for _ in range(4)]

    def enter(step: str, code: str) -> bool:
        try:
            return bool(signing_in.by_code(database, SEAL, later, step, code, Origin()))
        except AccountError:
            return False

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(enter, steps[:2], [app.at(later)] * 2)) == [False, True]
        assert sorted(pool.map(enter, steps[2:], [codes[0]] * 2)) == [False, True]


def test_two_administrators_cannot_unseat_each_other_at_once(database: Database) -> None:
    names = ("one@example.com", "two@example.com")
    for mail in names:
        with database.write() as connection:
            made = people.create(connection, NOW, people.NewPerson(mail, mail, "x", "en"))
            people.give_role(connection, made, Role.ADMINISTRATOR)

    def unseat(by: str, to: str) -> bool:
        chief, someone = people.find(database, by), administration.found(database, to, limit=1)[0][0]
        assert chief is not None
        try:
            deed = administration.Deed(chief, someone, NOW, Origin())
            return administration.take(database, deed, Role.ADMINISTRATOR, "")
        except administration.LastAdministrator:
            return False

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(unseat, names, reversed(names))) == [False, True]
