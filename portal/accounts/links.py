"""Links by mail: to make an account, to set a new password. No stranger learns which addresses have an account."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from portal.accounts import attempts, audit, passwords, people, sessions, signing_in, tokens
from portal.accounts.model import BadLink, Origin, Person, Role
from portal.accounts.signing_in import Admission
from portal.accounts.tables import account_tokens
from portal.accounts.tables import people as table
from portal.accounts.tokens import RECOVER, REGISTER
from portal.database import Database
from portal.mail.outbox import Letter, enqueue


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
            enqueue(connection, letters.register(tokens.new(connection, now, REGISTER, mail)), now)
        elif known:
            enqueue(connection, letters.recover(tokens.new(connection, now, RECOVER, mail)), now)


def invite(database: Database, now: datetime, owner: Person, business: int, mail: str, letters: Letters) -> None:
    """Make somebody staff of a business: at once when they have an account, else with the one they make."""
    mail = people.normal(mail)
    with database.write() as connection:
        person = connection.execute(select(table.c.id).where(table.c.mail == mail)).scalar()
        audit.record(connection, now, "member added", person=owner.id, subject=mail, detail=str(business))
        if person is not None:
            people.join(connection, person, business, Role.STAFF)
            enqueue(connection, letters.known(), now)
        else:
            enqueue(connection, letters.register(tokens.new(connection, now, REGISTER, mail, business)), now)


def invited(database: Database, now: datetime, business: int) -> list[str]:
    """Return whom a business invited and who has not followed yet, by mail address."""
    waits = account_tokens.c.business_id == business, account_tokens.c.expires_at > now
    statement = select(account_tokens.c.mail).where(*waits).distinct().order_by(account_tokens.c.mail)
    with database.read() as connection:
        return list(connection.execute(statement).scalars())


def withdraw(database: Database, now: datetime, owner: Person, business: int, mail: str) -> None:
    """Take back what invites somebody to a business."""
    theirs = account_tokens.c.business_id == business, account_tokens.c.mail == people.normal(mail)
    with database.write() as connection:
        if connection.execute(delete(account_tokens).where(*theirs)).rowcount:
            audit.record(connection, now, "invitation withdrawn", person=owner.id, subject=mail, detail=str(business))


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
            secret = tokens.new(connection, now, REGISTER, mail, partner=partner)
            enqueue(connection, letters.register(secret), now)


def look(database: Database, now: datetime, purpose: str, secret: str) -> tuple[str, bool]:
    """Return the mail address a link was sent to, and whether it invites to a business or a partner.

    :raises BadLink: when it is unknown, used or too old.
    """
    row = tokens.look(database, now, purpose, secret)
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
        link = tokens.take(connection, now, REGISTER, secret)
        business, partner = link.business_id, link.partner
        person = people.create(connection, now, someone, origin)
        if business is not None:
            people.join(connection, person, business, Role.STAFF)
        elif partner is not None:
            people.give_role(connection, person, Role.PARTNER, (partner,))
        elif new.business is not None:
            founded = people.found_business(connection, now, new.business or new.name)
            people.join(connection, person, founded, Role.OWNER)
        return sessions.begin(connection, now, person, origin)


def recover(database: Database, now: datetime, secret: str, password: str, origin: Origin) -> Admission:
    """Set a new password, end all sessions, and let in whoever got the letter, by the second step where there is one.

    :raises BadLink: when the link is unknown, used or too old.
    :raises WeakPassword: when the password is not good enough; the link stays good.
    """
    mail, _ = look(database, now, RECOVER, secret)
    passwords.check(password, mail)
    kept = passwords.hashed(password)
    with database.write() as connection:
        tokens.take(connection, now, RECOVER, secret)
        theirs = select(table.c.id).where(table.c.mail == mail, table.c.disabled_at.is_(None))
        person = connection.execute(theirs).scalar()
        if person is None:
            raise BadLink(RECOVER)
        _set(connection, now, person, kept, origin)
        attempts.forget(connection, signing_in.SIGN_IN, mail)
        return signing_in.admit(connection, now, person, mail, origin)


def change_password(
    database: Database, now: datetime, person: Person, session: int, *, old: str, new: str, origin: Origin
) -> None:
    """Give somebody who knows their password another; every session but this one ends.

    :raises TooManyAttempts: after too many wrong ones.
    :raises WrongCredentials: when the old one is wrong.
    :raises WeakPassword: when the new one is not good enough.
    """
    signing_in.prove(database, now, person, old, origin)
    passwords.check(new, person.mail)
    kept = passwords.hashed(new)
    with database.write() as connection:
        _set(connection, now, person.id, kept, origin, but=session)


def _set(connection: Connection, now: datetime, person: int, kept: str, origin: Origin, but: int | None = None) -> None:
    connection.execute(update(table).where(table.c.id == person).values(password=kept))
    sessions.end_all(connection, person, but=but)
    mail = connection.execute(select(table.c.mail).where(table.c.id == person)).scalar_one()
    tokens.withdraw(connection, tokens.SECOND_STEP, mail)
    audit.record(connection, now, "password set", person=person, origin=origin)
