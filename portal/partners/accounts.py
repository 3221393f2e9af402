"""E-commerce partners: made by the operator or by themselves, approved for live keys, found again."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from portal.database import Database
from portal.partners.keys import authenticate, keep, new_key, partner_of
from portal.partners.model import KeyWish, Partner
from portal.partners.tables import partners


def create_partner(
    database: Database,
    name: str,
    supplier: str | None = None,
    sandbox: bool = False,
    key: str | None = None,
    limit: int | None = None,
) -> str:
    """Create a partner, approved unless it is for the sandbox, and return its key, which nobody can ask for again.

    :param key: the key to use instead of a new one; a partner that has it already is left as it is.
    :param limit: requests a minute, see `Partner`.
    :raises sqlalchemy.exc.IntegrityError: when `key` was revoked.
    """
    key = key or new_key(sandbox=sandbox)
    if authenticate(database, key) is None:
        now = datetime.now(UTC)
        try:
            with database.write() as connection:
                partner = _insert(connection, Partner(0, name, supplier, approved=not sandbox, limit=limit), now)
                keep(connection, partner, key, KeyWish(sandbox=sandbox), now)
        except IntegrityError:
            if authenticate(database, key) is None:  # else another process created it since we looked
                raise
    return key


def register(connection: Connection, name: str, now: datetime) -> int:
    """Make a partner that signed up itself: it has the sandbox, and live keys once it is approved. Return its id."""
    return _insert(connection, Partner(0, name), now)


def find_partners(database: Database, name: str) -> list[Partner]:
    """Return the partners of a name; names are not unique. A number finds the partner of that id."""
    this = partners.c.name == name
    if name.isascii() and name.isdecimal() and len(name) < 18:
        this = or_(this, partners.c.id == int(name))
    with database.read() as connection:
        return [partner_of(row) for row in connection.execute(select(partners).where(this).order_by(partners.c.id))]


def get_partner(database: Database, identity: int) -> Partner | None:
    """Return a partner."""
    with database.read() as connection:
        row = connection.execute(select(partners).where(partners.c.id == identity)).first()
    return None if row is None else partner_of(row)


def all_partners(database: Database) -> list[Partner]:
    """Return every partner, those that wait for an approval first."""
    waits_first = (partners.c.approved_at.is_not(None) | partners.c.asked_at.is_(None), partners.c.id.desc())
    with database.read() as connection:
        return [partner_of(row) for row in connection.execute(select(partners).order_by(*waits_first))]


def ask_for_live(connection: Connection, partner: int, now: datetime) -> bool:
    """Note that a partner wants live keys; return whether that is new."""
    first = update(partners).where(partners.c.id == partner, partners.c.asked_at.is_(None))
    return connection.execute(first.values(asked_at=now)).rowcount == 1


def approve(connection: Connection, partner: int, now: datetime) -> bool:
    """Let a partner have live keys; return whether that is new."""
    first = update(partners).where(partners.c.id == partner, partners.c.approved_at.is_(None))
    return connection.execute(first.values(approved_at=now)).rowcount == 1


def set_limit(database: Database, partner: int, limit: int | None) -> None:
    """Let each key of a partner send so many requests a minute; None for what the settings say, 0 for any number."""
    with database.write() as connection:
        connection.execute(update(partners).where(partners.c.id == partner).values(requests_per_minute=limit))


def _insert(connection: Connection, partner: Partner, now: datetime) -> int:
    statement = insert(partners).values(
        name=partner.name,
        supplier=partner.supplier,
        created_at=now,
        approved_at=now if partner.approved else None,
        requests_per_minute=partner.limit,
    )
    return int(connection.execute(statement.returning(partners.c.id)).scalar_one())
