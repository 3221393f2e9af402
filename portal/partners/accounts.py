"""E-commerce partners and the keys they sign in with. A key is shown once; only its digest is kept."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, bindparam, or_, select, update
from sqlalchemy.exc import IntegrityError

from portal.database import Database
from portal.partners.tables import partner_keys, partners

HOLDER = (
    select(partners.c.id, partners.c.name, partners.c.supplier, partners.c.sandbox)
    .join(partner_keys)
    .where(partner_keys.c.digest == bindparam("key_digest"), partner_keys.c.revoked_at.is_(None))
)
"""Who holds a key; put together once, as every call of a partner asks."""


@dataclass(frozen=True, slots=True)
class Partner:
    """A partner.

    :ivar supplier: the only supplier whose products it may sell; None sells everything.
    :ivar sandbox: whether all its bookings are tests that take no places.
    """

    id: int
    name: str
    supplier: str | None
    sandbox: bool


def create_partner(
    database: Database, name: str, supplier: str | None = None, sandbox: bool = False, key: str | None = None
) -> str:
    """Create a partner and return its key, which nobody can ask for again.

    :param key: the key to use instead of a new one; a partner that has it already is left as it is.
    :raises sqlalchemy.exc.IntegrityError: when `key` was revoked.
    """
    key = key or new_key(sandbox=sandbox)
    if authenticate(database, key) is None:
        try:
            with database.write() as connection:
                _insert(connection, Partner(0, name, supplier, sandbox), key)
        except IntegrityError:
            if authenticate(database, key) is None:  # else another process created it since we looked
                raise
    return key


def authenticate(database: Database, key: str) -> Partner | None:
    """Return the partner a key belongs to; None when it is unknown or revoked."""
    with database.read() as connection:
        row = connection.execute(HOLDER, {"key_digest": digest(key)}).first()
    return None if row is None else Partner(row.id, row.name, row.supplier, row.sandbox)


def find_partners(database: Database, name: str) -> list[Partner]:
    """Return the partners of a name; names are not unique. A number finds the partner of that id."""
    this = partners.c.name == name
    if name.isascii() and name.isdecimal() and len(name) < 18:
        this = or_(this, partners.c.id == int(name))
    with database.read() as connection:
        rows = connection.execute(select(partners).where(this).order_by(partners.c.id)).all()
    return [Partner(row.id, row.name, row.supplier, row.sandbox) for row in rows]


def revoke_key(database: Database, key: str) -> bool:
    """Make a key useless from now on; return whether it was in use."""
    statement = (
        update(partner_keys)
        .where(partner_keys.c.digest == digest(key), partner_keys.c.revoked_at.is_(None))
        .values(revoked_at=datetime.now(UTC))
    )
    with database.write() as connection:
        return connection.execute(statement).rowcount == 1


def new_key(*, sandbox: bool) -> str:
    """Return a key of 256 random bits whose beginning tells people what it is for."""
    return f"{'test' if sandbox else 'live'}_{secrets.token_urlsafe(32)}"


def digest(key: str) -> str:
    """Return what is kept of a key. It is random enough that a slow hash would only slow each request."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def _insert(connection: Connection, partner: Partner, key: str) -> None:
    now = datetime.now(UTC)
    values = {"name": partner.name, "supplier": partner.supplier, "sandbox": partner.sandbox, "created_at": now}
    partner_id = connection.execute(partners.insert().values(values).returning(partners.c.id)).scalar_one()
    connection.execute(partner_keys.insert().values(partner_id=partner_id, digest=digest(key), created_at=now))
