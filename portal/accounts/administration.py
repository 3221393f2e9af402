"""What administrators do about people: find them, give and take roles, lock accounts, end sessions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, delete, func, or_, select, update

from portal.accounts import audit, people, sessions, tokens
from portal.accounts.model import AccountError, Origin, Person, Role
from portal.accounts.tables import authenticators, businesses, members, person_roles
from portal.accounts.tables import people as table
from portal.database import Database


class LastAdministrator(AccountError):
    """Nobody would be left who can give roles."""


@dataclass(frozen=True, slots=True)
class Someone:
    """Somebody with an account, as a list of them shows it; `locked` accounts let nobody in."""

    id: int
    mail: str
    name: str
    locked: bool
    second_factor: bool
    created_at: datetime
    roles: tuple[tuple[Role, str], ...]
    businesses: tuple[tuple[str, Role], ...]


@dataclass(frozen=True, slots=True)
class Deed:
    """Who does something to whose account, and when."""

    by: Person
    to: Someone
    at: datetime
    origin: Origin


def found(database: Database, words: str, *, limit: int, offset: int = 0) -> tuple[list[Someone], int]:
    """Return a part of the people whose name or mail address has some words, by mail address, and how many they are."""
    fits = or_(table.c.mail.icontains(words, autoescape=True), table.c.name.icontains(words, autoescape=True))
    statement = select(table).where(fits).order_by(table.c.mail).limit(limit).offset(offset)
    with database.read() as connection:
        total = connection.execute(select(func.count()).select_from(table).where(fits)).scalar_one()
        return _someone(connection, statement), total


def find(database: Database, person: int) -> Someone | None:
    """Return somebody by the id of their account, locked or not."""
    with database.read() as connection:
        return next(iter(_someone(connection, select(table).where(table.c.id == person))), None)


def give(database: Database, deed: Deed, role: Role, scopes: Iterable[str]) -> None:
    """Give somebody a role beyond businesses."""
    with database.write() as connection:
        for scope in scopes:
            people.give_role(connection, deed.to.id, role, (scope,), at=deed.at)
            _note(connection, deed, "role given", f"{role} {scope}".strip())


def take(database: Database, deed: Deed, role: Role, scope: str) -> bool:
    """Take a role away; tell whether somebody had it.

    :raises LastAdministrator: when nobody else is one.
    """
    with database.write() as connection:
        if role is Role.ADMINISTRATOR:
            _leave_one(connection, deed.to.id)
        theirs = person_roles.c.person_id == deed.to.id, person_roles.c.role == role, person_roles.c.scope == scope
        gone = connection.execute(delete(person_roles).where(*theirs)).rowcount == 1
        if gone:
            _note(connection, deed, "role taken", f"{role} {scope}".strip())
    return gone


def lock(database: Database, deed: Deed, *, locked: bool) -> None:
    """Let nobody in by an account, or let them in again. Their sessions end, and what was begun to sign in.

    :raises LastAdministrator: when nobody else is one.
    """
    with database.write() as connection:
        if locked:
            _leave_one(connection, deed.to.id)
            sessions.end_all(connection, deed.to.id)
            tokens.withdraw(connection, tokens.SECOND_STEP, deed.to.mail)
        disabled_at = deed.at if locked else None
        connection.execute(update(table).where(table.c.id == deed.to.id).values(disabled_at=disabled_at))
        _note(connection, deed, "locked" if locked else "unlocked")


def end_sessions(database: Database, deed: Deed) -> None:
    """Sign somebody out everywhere."""
    with database.write() as connection:
        sessions.end_all(connection, deed.to.id)
        _note(connection, deed, "sessions ended")


def _leave_one(connection: Connection, person: int) -> None:
    """Make sure that somebody else is an administrator. The rows stay locked, so two cannot unseat each other."""
    statement = (
        select(person_roles.c.person_id)
        .join(table, table.c.id == person_roles.c.person_id)
        .where(person_roles.c.role == Role.ADMINISTRATOR.value, table.c.disabled_at.is_(None))
        .with_for_update()
    )
    if set(connection.execute(statement).scalars()) == {person}:
        raise LastAdministrator(str(person))


def _note(connection: Connection, deed: Deed, action: str, detail: str = "") -> None:
    audit.record(
        connection, deed.at, action, person=deed.by.id, subject=deed.to.mail, detail=detail, origin=deed.origin
    )


def _someone(connection: Connection, statement: Select[Any]) -> list[Someone]:
    rows = connection.execute(statement).all()
    ids = [row.id for row in rows]
    roles, belongs = defaultdict(list), defaultdict(list)
    for given in connection.execute(select(person_roles).where(person_roles.c.person_id.in_(ids))):
        roles[given.person_id].append((Role(given.role), given.scope))
    theirs = select(members.c.person_id, members.c.role, businesses.c.name).join(businesses)
    for member in connection.execute(theirs.where(members.c.person_id.in_(ids))):
        belongs[member.person_id].append((member.name, Role(member.role)))
    on = select(authenticators.c.person_id).where(
        authenticators.c.person_id.in_(ids), authenticators.c.confirmed_at.is_not(None)
    )
    protected = set(connection.execute(on).scalars())
    return [
        Someone(
            id=row.id,
            mail=row.mail,
            name=row.name,
            locked=row.disabled_at is not None,
            second_factor=row.id in protected,
            created_at=row.created_at,
            roles=tuple(sorted(roles[row.id])),
            businesses=tuple(sorted(belongs[row.id])),
        )
        for row in rows
    ]
