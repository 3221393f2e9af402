"""Keys that partners sign in with. A key is shown once; only its digest and its beginning are kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, or_, select, update

from portal import prepared
from portal.database import Database
from portal.partners.model import (
    MOST_KEYS,
    Credential,
    Key,
    KeyWish,
    NotApproved,
    Partner,
    Scope,
    TooManyKeys,
    WrongSupplier,
)
from portal.partners.tables import partner_keys, partners

NOTED = timedelta(minutes=1)
"""How exactly it is noted when a key was last used: not every request is a write."""
SHOWN = 9
"""How many characters of a key its owner sees again: enough to tell two apart, too few to help a guess."""
HOLDER = (
    select(
        partner_keys.c.id.label("key_id"),
        partner_keys.c.sandbox,
        partner_keys.c.scope,
        partner_keys.c.used_at,
        func.coalesce(partner_keys.c.supplier, partners.c.supplier).label("sells"),
        partners,
    )
    .join(partners)
    .where(partner_keys.c.digest == bindparam("key_digest"), partner_keys.c.revoked_at.is_(None))
)
"""What a key opens; put together once, as every call of a partner asks."""


def authenticate(database: Database, key: str) -> Credential | None:
    """Return what a key opens; None when it is unknown or revoked."""
    with database.read() as connection:
        found = prepared.rows(connection, HOLDER, {"key_digest": digest(key)})
    if not found:
        return None
    row = found[0]
    return Credential(row.key_id, partner_of(row), row.sells, row.sandbox, Scope(row.scope), row.used_at)


def make(database: Database, partner: Partner, wish: KeyWish, now: datetime) -> str:
    """Make a key and return it; nobody can ask for it again.

    :raises NotApproved: when it shall be a live one and the partner may have none.
    :raises WrongSupplier: when the partner is bound to another supplier.
    :raises TooManyKeys: when it has as many as it may have.
    """
    with database.write() as connection:
        # The partner's row is locked, so that two at once do not pass the limit together.
        approved = select(partners.c.approved_at).where(partners.c.id == partner.id).with_for_update()
        if connection.execute(approved).scalar_one() is None and not wish.sandbox:
            raise NotApproved(partner.name)
        if partner.supplier is not None and wish.supplier not in {None, partner.supplier}:
            raise WrongSupplier(wish.supplier)
        mine = (partner_keys.c.partner_id == partner.id) & partner_keys.c.revoked_at.is_(None)
        if connection.execute(select(func.count()).where(mine)).scalar_one() >= MOST_KEYS:
            raise TooManyKeys(partner.name)
        key = new_key(sandbox=wish.sandbox)
        keep(connection, partner.id, key, wish, now)
    return key


def keep(connection: Connection, partner: int, key: str, wish: KeyWish, now: datetime) -> None:
    """Keep the digest of a key, in the transaction that makes it."""
    connection.execute(
        insert(partner_keys).values(
            partner_id=partner,
            digest=digest(key),
            name=wish.name[:100],
            beginning=key[:SHOWN],
            sandbox=wish.sandbox,
            scope=wish.scope.value,
            supplier=wish.supplier,
            made_by=wish.person,
            created_at=now,
        )
    )


def of_partner(database: Database, partner: int) -> list[Key]:
    """Return a partner's keys, those in force first, the newest of them first."""
    statement = select(partner_keys).where(partner_keys.c.partner_id == partner)
    in_force_first = (partner_keys.c.revoked_at.is_not(None), partner_keys.c.id.desc())
    with database.read() as connection:
        rows = connection.execute(statement.order_by(*in_force_first)).all()
    return [
        Key(
            row.id,
            row.name,
            row.beginning,
            row.sandbox,
            Scope(row.scope),
            row.supplier,
            row.created_at,
            row.used_at,
            row.revoked_at,
        )
        for row in rows
    ]


def revoke(database: Database, partner: int, key: int, now: datetime) -> bool:
    """Make one of a partner's own keys useless from now on; return whether it was in force."""
    with database.write() as connection:
        mine = (partner_keys.c.id == key) & (partner_keys.c.partner_id == partner)
        still = update(partner_keys).where(mine, partner_keys.c.revoked_at.is_(None))
        return connection.execute(still.values(revoked_at=now)).rowcount == 1


def revoke_key(database: Database, key: str) -> bool:
    """Make a key useless from now on; return whether it was in force."""
    still = update(partner_keys).where(partner_keys.c.digest == digest(key), partner_keys.c.revoked_at.is_(None))
    with database.write() as connection:
        return connection.execute(still.values(revoked_at=datetime.now(UTC))).rowcount == 1


def is_worth_noting(credential: Credential, now: datetime) -> bool:
    """Tell whether the last use that is known of a key is older than what is noted."""
    return credential.used_at is None or credential.used_at <= now - NOTED


def note_use(database: Database, credential: Credential, now: datetime) -> None:
    """Note that a key was used; of several processes that would, one does."""
    older = or_(partner_keys.c.used_at.is_(None), partner_keys.c.used_at <= now - NOTED)
    with database.write() as connection:
        this = update(partner_keys).where(partner_keys.c.id == credential.key, older)
        connection.execute(this.values(used_at=now))


def new_key(*, sandbox: bool) -> str:
    """Return a key of 256 random bits whose beginning tells people what it is for."""
    return f"{'test' if sandbox else 'live'}_{secrets.token_urlsafe(32)}"


def digest(key: str) -> str:
    """Return what is kept of a key. It is random enough that a slow hash would only slow each request."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def partner_of(row: Any) -> Partner:
    """Return the partner of a row of its table."""
    approved, asked = row.approved_at is not None, row.asked_at is not None
    return Partner(row.id, row.name, row.supplier, approved, asked, row.requests_per_minute)
