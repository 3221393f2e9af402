"""Links by mail: to make an account, to set a new password. No stranger learns which addresses have an account."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, delete, insert, select, update

from portal.accounts import attempts, audit, passwords, people, sessions
from portal.accounts.model import BadLink, Origin, Person, Role, WrongCredentials
from portal.accounts.tables import account_tokens
from portal.accounts.tables import people as table
from portal.database import Database
from portal.mail.outbox import Letter, enqueue

REGISTER = "register"
RECOVER = "recover"
LIFETIMES = {REGISTER: timedelta(hours=24), RECOVER: timedelta(hours=1)}


@dataclass(frozen=True, slots=True)
class Letters:
    """Makes the letters, given the secret of a link; the last one is for whoever has an account already."""

    register: Callable[[str], Letter]
    recover: Callable[[str], Letter]
    known: Callable[[], Letter]


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What somebody who confirmed their mail address fills in; who comes for something else has no business."""

    name: str
    business: str | None
    password: str
    language: str


def ask(database: Database, now: datetime, purpose: str, mail: str, letters: Letters, origin: Origin) -> None:
    """Send a link to a mail address. An address without account gets none to recover, one with one is told so.

    :raises TooManyAttempts: when too many letters were asked for.
    """
    mail = people.normal(mail)
    with database.write() as connection:
        attempts.count(connection, purpose, mail, origin.address, now)
        known = connection.execute(select(table.c.id).where(table.c.mail == mail)).first() is not None
        if purpose == REGISTER and known:
            enqueue(connection, letters.known(), now)
        elif purpose == REGISTER:
            enqueue(connection, letters.register(new_link(connection, now, REGISTER, mail)), now)
        elif known:
            enqueue(connection, letters.recover(new_link(connection, now, RECOVER, mail)), now)


def invite(database: Database, now: datetime, business: int, mail: str, letters: Letters) -> None:
    """Make somebody staff of a business: at once when they have an account, else with the one they make."""
    mail = people.normal(mail)
    with database.write() as connection:
        person = connection.execute(select(table.c.id).where(table.c.mail == mail)).scalar()
        audit.record(connection, now, "member added", subject=mail, detail=str(business))
        if person is not None:
            people.join(connection, person, business, Role.STAFF)
            enqueue(connection, letters.known(), now)
        else:
            enqueue(connection, letters.register(new_link(connection, now, REGISTER, mail, business)), now)


def invite_to_partner(database: Database, now: datetime, by: int, partner: str, mail: str, letters: Letters) -> None:
    """Make somebody a member of a partner: at once when they have an account, else with the one they make.

    :param partner: its id, as the scope of the role has it.
    """
    mail = people.normal(mail)
    with database.write() as connection:
        person = connection.execute(select(table.c.id).where(table.c.mail == mail)).scalar()
        audit.record(connection, now, "partner member added", person=by, subject=mail, detail=partner)
        if person is not None:
            people.give_role(connection, person, Role.PARTNER, (partner,))
            enqueue(connection, letters.known(), now)
        else:
            secret = new_link(connection, now, REGISTER, mail, partner=partner)
            enqueue(connection, letters.register(secret), now)


def new_link(
    connection: Connection,
    now: datetime,
    purpose: str,
    mail: str,
    business: int | None = None,
    partner: str | None = None,
) -> str:
    """Make a link and return its secret; it may invite to a business or a partner."""
    secret = secrets.token_urlsafe(32)
    connection.execute(delete(account_tokens).where(account_tokens.c.expires_at < now))
    values: dict[str, Any] = {"purpose": purpose, "mail": mail, "business_id": business, "partner": partner}
    values |= {"digest": sessions.digest(secret), "expires_at": now + LIFETIMES[purpose]}
    connection.execute(insert(account_tokens).values(values))
    return secret


def look(database: Database, now: datetime, purpose: str, secret: str) -> tuple[str, bool]:
    """Return the mail address a link was sent to, and whether it invites to a business or a partner.

    :raises BadLink: when it is unknown, used or too old.
    """
    with database.read() as connection:
        row = connection.execute(_valid(now, purpose, secret)).first()
    if row is None:
        raise BadLink(purpose)
    return row.mail, row.business_id is not None or row.partner is not None


def register(database: Database, now: datetime, secret: str, new: NewAccount, origin: Origin) -> str:
    """Make the account a link stands for, with a business of its own unless it invites; return a session.

    :raises BadLink: when the link is unknown, used or too old.
    :raises WeakPassword: when the password is not good enough; the link stays good.
    :raises MailTaken: when an account was made meanwhile.
    """
    mail, _ = look(database, now, REGISTER, secret)
    passwords.check(new.password, mail)
    someone = people.NewPerson(mail, new.name, passwords.hashed(new.password), new.language)
    with database.write() as connection:
        _, business, partner = _use(connection, now, REGISTER, secret)
        person = people.create(connection, now, someone, origin)
        if business is not None:
            people.join(connection, person, business, Role.STAFF)
        elif partner is not None:
            people.give_role(connection, person, Role.PARTNER, (partner,))
        elif new.business is not None:
            founded = people.found_business(connection, now, new.business or new.name)
            people.join(connection, person, founded, Role.OWNER)
        return sessions.begin(connection, now, person, origin)


def recover(database: Database, now: datetime, secret: str, password: str, origin: Origin) -> str:
    """Set a new password, end all sessions, begin a new one and return its secret.

    :raises BadLink: when the link is unknown, used or too old.
    :raises WeakPassword: when the password is not good enough; the link stays good.
    """
    mail, _ = look(database, now, RECOVER, secret)
    passwords.check(password, mail)
    kept = passwords.hashed(password)
    with database.write() as connection:
        _use(connection, now, RECOVER, secret)
        theirs = select(table.c.id).where(table.c.mail == mail, table.c.disabled_at.is_(None))
        person = connection.execute(theirs).scalar()
        if person is None:
            raise BadLink(RECOVER)
        _set(connection, now, person, kept, origin)
        attempts.forget(connection, sessions.SIGN_IN, mail)
        return sessions.begin(connection, now, person, origin)


def change_password(
    database: Database, now: datetime, person: Person, session: int, *, old: str, new: str, origin: Origin
) -> None:
    """Give somebody who knows their password another; every session but this one ends.

    :raises TooManyAttempts: after too many wrong ones.
    :raises WrongCredentials: when the old one is wrong.
    :raises WeakPassword: when the new one is not good enough.
    """
    with database.write() as connection:
        attempts.count(connection, sessions.SIGN_IN, person.mail, origin.address, now)
    with database.read() as connection:
        kept = connection.execute(select(table.c.password).where(table.c.id == person.id)).scalar_one()
    if not passwords.matches(old, kept):
        raise WrongCredentials(person.mail)
    passwords.check(new, person.mail)
    kept = passwords.hashed(new)
    with database.write() as connection:
        _set(connection, now, person.id, kept, origin, but=session)
        attempts.forget(connection, sessions.SIGN_IN, person.mail)


def _set(connection: Connection, now: datetime, person: int, kept: str, origin: Origin, but: int | None = None) -> None:
    connection.execute(update(table).where(table.c.id == person).values(password=kept))
    sessions.end_all(connection, person, but=but)
    audit.record(connection, now, "password set", person=person, origin=origin)


def _use(connection: Connection, now: datetime, purpose: str, secret: str) -> tuple[str, int | None, str | None]:
    """Take a link: of two transactions with the same one, the second finds it gone."""
    row = connection.execute(_valid(now, purpose, secret)).first()
    taken = connection.execute(delete(account_tokens).where(account_tokens.c.digest == sessions.digest(secret)))
    if row is None or taken.rowcount == 0:
        raise BadLink(purpose)
    return row.mail, row.business_id, row.partner


def _valid(now: datetime, purpose: str, secret: str) -> Select[Any]:
    return select(account_tokens).where(
        account_tokens.c.digest == sessions.digest(secret),
        account_tokens.c.purpose == purpose,
        account_tokens.c.expires_at > now,
    )
