"""Signing in: by a password and, where it is on, a second factor; or by a passkey, which is both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from portal.accounts import attempts, audit, factors, passkeys, passwords, people, sessions, tokens
from portal.accounts.model import BadLink, BadPasskey, Origin, Person, WrongCode, WrongCredentials
from portal.accounts.passkeys import Site
from portal.accounts.tables import people as table
from portal.database import Database
from portal.sealing.seal import Seal

SIGN_IN = "sign-in"


@dataclass(frozen=True, slots=True)
class Admission:
    """What a first proof gives: the secret of a session, or of the second step that still has to come."""

    secret: str
    complete: bool


def by_password(database: Database, now: datetime, mail: str, password: str, origin: Origin) -> Admission:
    """Let somebody in who knows their password.

    :raises TooManyAttempts: after too many that failed.
    :raises WrongCredentials: when mail address and password do not fit.
    """
    mail = people.normal(mail)
    with database.write() as connection:
        attempts.count(connection, SIGN_IN, mail, origin.address, now)
    with database.read() as connection:
        row = connection.execute(select(table).where(table.c.mail == mail, table.c.disabled_at.is_(None))).first()
    if not passwords.matches(password, row.password if row else None) or row is None:
        with database.write() as connection:
            audit.record(
                connection, now, "sign-in refused", person=row.id if row else None, subject=mail, origin=origin
            )
        raise WrongCredentials(mail)
    renewed = passwords.hashed(password) if passwords.is_outdated(row.password) else row.password
    with database.write() as connection:
        attempts.forget(connection, SIGN_IN, mail)
        if renewed != row.password:
            connection.execute(update(table).where(table.c.id == row.id).values(password=renewed))
        return admit(connection, now, row.id, mail, origin)


def admit(connection: Connection, now: datetime, person: int, mail: str, origin: Origin) -> Admission:
    """Let somebody in who gave a first proof, or to the second step where there is one."""
    if factors.are_on(connection, person):
        return Admission(tokens.new(connection, now, tokens.SECOND_STEP, mail), complete=False)
    audit.record(connection, now, "signed in", person=person, origin=origin)
    return Admission(sessions.begin(connection, now, person, origin), complete=True)


def by_code(database: Database, seal: Seal, now: datetime, step: str, code: str, origin: Origin) -> str:
    """Take the second step and return a session's secret.

    :raises BadLink: when the first step was taken too long ago.
    :raises TooManyAttempts: after too many wrong codes.
    :raises WrongCode: when the code is wrong, or was used.
    """
    mail = tokens.look(database, now, tokens.SECOND_STEP, step).mail
    factors.count(database, now, mail, origin)
    with database.write() as connection:
        person = _known(connection, table.c.mail == mail)
        if factors.accepts(connection, seal, now, person, code):
            tokens.take(connection, now, tokens.SECOND_STEP, step)
            attempts.forget(connection, factors.CODE, mail)
            audit.record(connection, now, "signed in", person=person, detail="second factor", origin=origin)
            return sessions.begin(connection, now, person, origin)
        audit.record(connection, now, "code refused", person=person, origin=origin)
    raise WrongCode(mail)


def by_passkey(database: Database, now: datetime, site: Site, challenge: str, answer: Any, origin: Origin) -> str:
    """Let somebody in whose passkey signed a challenge; return a session's secret.

    :raises BadLink: when the challenge is unknown, used or too old.
    :raises BadPasskey: when no passkey of somebody who may sign in signed it.
    """
    with database.write() as connection:
        signed = passkeys.signer(connection, now, site, challenge, answer)
        try:
            person = _known(connection, table.c.id == signed)
        except BadLink as error:
            raise BadPasskey("locked") from error
        audit.record(connection, now, "signed in", person=person, detail="passkey", origin=origin)
        return sessions.begin(connection, now, person, origin)


def prove(database: Database, now: datetime, person: Person, password: str, origin: Origin) -> None:
    """Make sure that whoever sits at a session knows the password, before something that matters.

    :raises TooManyAttempts: after too many wrong ones.
    :raises WrongCredentials: when it is wrong.
    """
    with database.write() as connection:
        attempts.count(connection, SIGN_IN, person.mail, origin.address, now)
    with database.read() as connection:
        kept = connection.execute(select(table.c.password).where(table.c.id == person.id)).scalar_one()
    if not passwords.matches(password, kept):
        raise WrongCredentials(person.mail)
    with database.write() as connection:
        attempts.forget(connection, SIGN_IN, person.mail)


def _known(connection: Connection, condition: Any) -> int:
    person = connection.execute(select(table.c.id).where(condition, table.c.disabled_at.is_(None))).scalar()
    if person is None:
        raise BadLink(tokens.SECOND_STEP)
    return int(person)
