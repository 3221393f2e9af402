"""People: found with their roles, made, given roles and businesses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, delete, insert, select, update

from portal.accounts import audit, factors
from portal.accounts.model import IN_CHARGE, Business, MailTaken, Origin, Person, Role
from portal.accounts.tables import business_listings, businesses, members, people, person_roles
from portal.database import Database, insert_new


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a letter goes to, and in which language."""

    mail: str
    language: str


def normal(mail: str) -> str:
    """Return a mail address as accounts are found by it."""
    return mail.strip().casefold()


def load(connection: Connection, condition: Any) -> Person | None:
    """Return the person a condition on `people` finds, unless the account is disabled."""
    row = connection.execute(select(people).where(condition, people.c.disabled_at.is_(None))).first()
    if row is None:
        return None
    roles: dict[Role, set[str]] = defaultdict(set)
    in_charge = []
    for given in connection.execute(select(person_roles).where(person_roles.c.person_id == row.id)):
        roles[Role(given.role)].add(given.scope)
        if given.role in IN_CHARGE:
            in_charge.append(given.given_at)
    theirs = select(businesses, members.c.role).join(members).where(members.c.person_id == row.id)
    own = {}
    for business in connection.execute(theirs.order_by(businesses.c.name)):
        own[business.id] = Business(business.id, business.name, business.trusted)
        roles[Role(business.role)].add(str(business.id))
    granted = select(business_listings).where(business_listings.c.business_id.in_(own))
    listings = {grant.listing: own[grant.business_id] for grant in connection.execute(granted)}
    scopes = {role: frozenset(scope) for role, scope in roles.items()}
    return Person(
        row.id,
        row.mail,
        row.name,
        scopes,
        tuple(own.values()),
        listings,
        second_factor=factors.are_on(connection, row.id),
        in_charge_since=min(in_charge, default=None),
    )


def find(database: Database, mail: str) -> Person | None:
    """Return the person with a mail address."""
    with database.read() as connection:
        return load(connection, people.c.mail == normal(mail))


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody who is to have an account; `kept` is their hashed password."""

    mail: str
    name: str
    kept: str
    language: str


def create(connection: Connection, now: datetime, new: NewPerson, origin: Origin | None = None) -> int:
    """Make an account and return its id.

    :raises MailTaken: when there is one with this mail address.
    """
    mail = normal(new.mail)
    values = {"mail": mail, "name": new.name, "password": new.kept, "language": new.language, "created_at": now}
    identity = insert_new(connection, people, values)
    if identity is None:
        raise MailTaken(mail)
    audit.record(connection, now, "account made", person=identity, subject=mail, origin=origin)
    return identity


def give_role(
    connection: Connection, person: int, role: Role, scopes: Iterable[str] = ("",), *, at: datetime | None = None
) -> None:
    """Give somebody a role beyond businesses, once; at the present time unless it is told."""
    known = {} if at is None else {"given_at": at}
    for scope in scopes:
        insert_new(connection, person_roles, {"person_id": person, "role": role.value, "scope": scope, **known})


def begin_grace(connection: Connection, now: datetime, person: int) -> None:
    """Let the time somebody has to switch a second factor on begin anew."""
    connection.execute(update(person_roles).where(person_roles.c.person_id == person).values(given_at=now))


def take_role(connection: Connection, person: int, role: Role, scope: str = "") -> bool:
    """Take a role beyond businesses from somebody; return whether they had it."""
    theirs = (person_roles.c.person_id == person) & (person_roles.c.role == role.value)
    return connection.execute(delete(person_roles).where(theirs, person_roles.c.scope == scope)).rowcount == 1


def with_role(database: Database, role: Role, scope: str = "") -> list[Person]:
    """Return everybody who has a role in a scope, by mail address."""
    having = (person_roles.c.role == role.value) & (person_roles.c.scope == scope)
    statement = select(people.c.id).join(person_roles).where(having).order_by(people.c.mail)
    with database.read() as connection:
        ids = connection.execute(statement).scalars().all()
        return [person for one in ids if (person := load(connection, people.c.id == one)) is not None]


def found_business(connection: Connection, now: datetime, name: str, *, trusted: bool = False) -> int:
    """Make a business and return its id."""
    statement = insert(businesses).values(name=name, trusted=trusted, created_at=now).returning(businesses.c.id)
    return int(connection.execute(statement).scalar_one())


def join(connection: Connection, person: int, business: int, role: Role) -> None:
    """Make somebody a member of a business; who is one already stays what they are."""
    insert_new(connection, members, {"person_id": person, "business_id": business, "role": role.value})


def grant(connection: Connection, business: int, listing: str) -> None:
    """Give a listing into a business's hands."""
    insert_new(connection, business_listings, {"business_id": business, "listing": listing})


def trust(connection: Connection, business: int, *, trusted: bool) -> None:
    """Let a business publish without a review, or no longer."""
    connection.execute(update(businesses).where(businesses.c.id == business).values(trusted=trusted))


def leave(connection: Connection, now: datetime, owner: Person, person: int, business: int) -> bool:
    """Take a member out of a business, at an owner's word; tell whether they were one. No owner takes themselves."""
    theirs = members.c.person_id == person, members.c.business_id == business
    if person == owner.id or connection.execute(delete(members).where(*theirs)).rowcount == 0:
        return False
    mail = connection.execute(select(people.c.mail).where(people.c.id == person)).scalar_one()
    audit.record(connection, now, "member removed", person=owner.id, subject=mail, detail=str(business))
    return True


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who acts for a business."""

    id: int
    mail: str
    name: str
    role: Role


def members_of(database: Database, business: int) -> list[Member]:
    """Return everybody in a business, by mail address."""
    statement = select(people.c.id, people.c.mail, people.c.name, members.c.role).join(members)
    with database.read() as connection:
        rows = connection.execute(statement.where(members.c.business_id == business).order_by(people.c.mail)).all()
    return [Member(row.id, row.mail, row.name, Role(row.role)) for row in rows]


def businesses_of_listings(database: Database) -> dict[str, frozenset[int]]:
    """Return the businesses in whose hands each listing is."""
    found: dict[str, set[int]] = defaultdict(set)
    with database.read() as connection:
        for row in connection.execute(select(business_listings)):
            found[row.listing].add(row.business_id)
    return {listing: frozenset(ids) for listing, ids in found.items()}


def all_businesses(database: Database) -> list[Business]:
    """Return every business, by name."""
    with database.read() as connection:
        rows = connection.execute(select(businesses).order_by(businesses.c.name, businesses.c.id)).all()
    return [Business(row.id, row.name, row.trusted) for row in rows]


def recipient(connection: Connection, person: int) -> Recipient:
    """Return how to write to somebody."""
    row = connection.execute(select(people.c.mail, people.c.language).where(people.c.id == person)).one()
    return Recipient(row.mail, row.language)


def moderators(connection: Connection) -> list[Recipient]:
    """Return whom to write to about what waits for a review."""
    statement = select(people.c.mail, people.c.language).join(person_roles)
    return _recipients(connection, statement.where(person_roles.c.role == Role.MODERATOR.value))


def administrators(connection: Connection) -> list[Recipient]:
    """Return whom to write to about what only they decide."""
    statement = select(people.c.mail, people.c.language).join(person_roles)
    return _recipients(connection, statement.where(person_roles.c.role == Role.ADMINISTRATOR.value))


def partner_members(connection: Connection, partner: str) -> list[Recipient]:
    """Return whom to write to about a partner; `partner` is its id."""
    statement = select(people.c.mail, people.c.language).join(person_roles)
    theirs = (person_roles.c.role == Role.PARTNER.value) & (person_roles.c.scope == partner)
    return _recipients(connection, statement.where(theirs))


def holders(connection: Connection, listing: str) -> list[Recipient]:
    """Return whom to write to about a listing: everybody in whose hands it is."""
    statement = (
        select(people.c.mail, people.c.language)
        .join(members, members.c.person_id == people.c.id)
        .join(business_listings, business_listings.c.business_id == members.c.business_id)
    )
    return _recipients(connection, statement.where(business_listings.c.listing == listing))


def _recipients(connection: Connection, statement: Select[Any]) -> list[Recipient]:
    rows = connection.execute(statement.where(people.c.disabled_at.is_(None)).distinct().order_by(people.c.mail))
    return [Recipient(row.mail, row.language) for row in rows]
