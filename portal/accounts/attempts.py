"""Limits on what may be tried: counted in the database, so over all machines."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select, text

from portal.accounts.model import TooManyAttempts
from portal.accounts.tables import attempts

WINDOW = timedelta(minutes=15)
"""How long an attempt counts, so how long a lockout lasts at most."""
BY_MAIL = 5
BY_ADDRESS = 50
"""An address may stand for a whole hotel."""


def count(connection: Connection, what: str, mail: str, address: str, now: datetime) -> None:
    """Count an attempt before it is made, so that parallel ones do not slip through.

    :raises TooManyAttempts: when there were too many already; this one is then not counted.
    """
    connection.execute(delete(attempts).where(attempts.c.at <= now - WINDOW))
    for key, most in _keys(what, mail, address):
        _alone(connection, key)
        if connection.execute(select(func.count()).where(attempts.c.key == key)).scalar_one() >= most:
            raise TooManyAttempts(key)
        connection.execute(insert(attempts).values(key=key, at=now))


def forget(connection: Connection, what: str, mail: str) -> None:
    """Forget the attempts under a mail address, after one that succeeded."""
    connection.execute(delete(attempts).where(attempts.c.key == f"{what} {mail}"))


def _keys(what: str, mail: str, address: str) -> Iterable[tuple[str, int]]:
    if mail:
        yield f"{what} {mail}", BY_MAIL
    if address:
        yield f"{what} from {address}", BY_ADDRESS


def _alone(connection: Connection, key: str) -> None:
    """Let no other transaction count the same until this one ends. On SQLite, none other writes anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": key})
