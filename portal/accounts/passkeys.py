"""Passkeys (WebAuthn): a phone, a computer or a key signs instead of a password. Their challenges work once."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, delete, select, update

from portal.accounts import attempts, audit, tokens
from portal.accounts.model import BadPasskey, Origin, Person
from portal.accounts.tables import passkeys
from portal.database import Database, insert_new

MOST = 20
"""Passkeys of one person."""
LONGEST_NAME = 60
BASE64URL = re.compile(r"[\w-]{1,1400}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Site:
    """The site passkeys are for, as browsers know it: `address` without a path, `host` without a port."""

    name: str
    address: str

    @property
    def host(self) -> str:
        """The name passkeys belong to."""
        return urlsplit(self.address).hostname or ""

    @property
    def offers(self) -> bool:
        """Whether there can be passkeys: browsers make none for an IP address, and none without https but here."""
        try:
            ipaddress.ip_address(self.host)
        except ValueError:
            return self.address.startswith("https://") or self.host == "localhost"
        return False


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey that somebody made."""

    id: int
    name: str
    created_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Made:
    """What a browser sends that made a passkey: its `answer` to a challenge, and what the passkey is to be called."""

    challenge: str
    answer: Any
    name: str


def of_person(database: Database, person: int) -> list[Passkey]:
    """Return somebody's passkeys, the oldest first."""
    statement = select(passkeys).where(passkeys.c.person_id == person).order_by(passkeys.c.id)
    with database.read() as connection:
        rows = connection.execute(statement).all()
    return [Passkey(row.id, row.name, row.created_at, row.used_at) for row in rows]


def ask_to_make(database: Database, now: datetime, site: Site, person: Person) -> tuple[str, dict[str, Any]]:
    """Return a challenge, and what the browser is asked to make a passkey by."""
    from portal.accounts import ceremonies  # noqa: PLC0415 - its library takes its time to load

    with database.write() as connection:
        challenge = tokens.new(connection, now, tokens.PASSKEY, person.mail)
        known = connection.execute(select(passkeys.c.credential).where(passkeys.c.person_id == person.id)).scalars()
        options = ceremonies.creation(site.host, site.name, person, challenge, known)
    return challenge, options


def keep(database: Database, now: datetime, site: Site, person: Person, made: Made, origin: Origin) -> None:
    """Keep the passkey that a browser made.

    :raises BadLink: when the challenge is unknown, used or too old.
    :raises BadPasskey: when the answer is not one to it, or there are too many.
    """
    from portal.accounts import ceremonies  # noqa: PLC0415 - its library takes its time to load

    credential = ceremonies.created(site.host, site.address, made.challenge, made.answer)
    values = {
        "person_id": person.id,
        "credential": credential.id,
        "public_key": credential.public_key,
        "sign_count": credential.sign_count,
        "name": made.name[:LONGEST_NAME],
        "created_at": now,
    }
    with database.write() as connection:
        if tokens.take(connection, now, tokens.PASSKEY, made.challenge).mail != person.mail:
            raise BadPasskey(person.mail)
        theirs = connection.execute(select(passkeys.c.id).where(passkeys.c.person_id == person.id)).all()
        if len(theirs) >= MOST or insert_new(connection, passkeys, values) is None:
            raise BadPasskey(person.mail)
        audit.record(connection, now, "passkey added", person=person.id, subject=made.name, origin=origin)


def ask_to_sign_in(database: Database, now: datetime, site: Site, origin: Origin) -> tuple[str, dict[str, Any]]:
    """Return a challenge, and what the browser is asked to sign it by; any passkey of this site will do.

    :raises TooManyAttempts: when too many were asked for from one network address.
    """
    from portal.accounts import ceremonies  # noqa: PLC0415 - its library takes its time to load

    with database.write() as connection:
        attempts.count(connection, tokens.PASSKEY, "", origin.address, now)
        challenge = tokens.new(connection, now, tokens.PASSKEY, "")
    return challenge, ceremonies.request(site.host, challenge)


def signer(connection: Connection, now: datetime, site: Site, challenge: str, answer: Any) -> int:
    """Return the id of whoever signed a challenge, which works once.

    :raises BadLink: when the challenge is unknown, used or too old.
    :raises BadPasskey: when no passkey that is known signed it.
    """
    from portal.accounts import ceremonies  # noqa: PLC0415 - its library takes its time to load

    if tokens.take(connection, now, tokens.PASSKEY, challenge).mail:
        raise BadPasskey("a challenge to make a passkey")
    named = answer.get("id") if isinstance(answer, dict) else None
    if not isinstance(named, str) or not BASE64URL.fullmatch(named):
        raise BadPasskey("no id")
    statement = select(passkeys).where(passkeys.c.credential == named).with_for_update()
    row = connection.execute(statement).first()
    if row is None:
        raise BadPasskey("unknown")
    known = ceremonies.Credential(row.credential, row.public_key, row.sign_count)
    count = ceremonies.signed(site.host, site.address, challenge, answer, known)
    used = update(passkeys).where(passkeys.c.id == row.id)
    connection.execute(used.values(sign_count=count, used_at=now))
    return int(row.person_id)


def rename(database: Database, person: int, passkey: int, name: str) -> bool:
    """Call a passkey something else; tell whether somebody has such a one."""
    theirs = update(passkeys).where(passkeys.c.id == passkey, passkeys.c.person_id == person)
    with database.write() as connection:
        return connection.execute(theirs.values(name=name[:LONGEST_NAME])).rowcount == 1


def remove(database: Database, now: datetime, person: int, passkey: int, origin: Origin) -> bool:
    """Let a passkey sign in no more; tell whether somebody had such a one."""
    theirs = delete(passkeys).where(passkeys.c.id == passkey, passkeys.c.person_id == person)
    with database.write() as connection:
        gone = connection.execute(theirs.returning(passkeys.c.name)).first()
        if gone is not None:
            audit.record(connection, now, "passkey removed", person=person, subject=gone.name, origin=origin)
    return gone is not None
