"""Secrets that stand for one thing somebody may do, once and for a while: only their digests are kept."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from portal.accounts.model import BadLink
from portal.accounts.sessions import digest
from portal.accounts.tables import account_tokens
from portal.database import Database

REGISTER = "register"
RECOVER = "recover"
SECOND_STEP = "second-step"
PASSKEY = "passkey"
LIFETIMES = {
    REGISTER: timedelta(hours=24),
    RECOVER: timedelta(hours=1),
    SECOND_STEP: timedelta(minutes=15),
    PASSKEY: timedelta(minutes=10),
}


def new(
    connection: Connection,
    now: datetime,
    purpose: str,
    mail: str,
    business: int | None = None,
    partner: str | None = None,
) -> str:
    """Make a token and return its secret; it may invite to a business or a partner."""
    secret = secrets.token_urlsafe(32)
    connection.execute(delete(account_tokens).where(account_tokens.c.expires_at < now))
    values: dict[str, Any] = {"purpose": purpose, "mail": mail, "business_id": business, "partner": partner}
    values |= {"expires_at": now + LIFETIMES[purpose]}
    connection.execute(insert(account_tokens).values(digest=digest(secret), **values))
    return secret


def look(database: Database, now: datetime, purpose: str, secret: str) -> Row[Any]:
    """Return what a token stands for: its `mail`, `business_id` and `partner`.

    :raises BadLink: when it is unknown, used or too old.
    """
    with database.read() as connection:
        return _find(connection, now, purpose, secret)


def take(connection: Connection, now: datetime, purpose: str, secret: str) -> Row[Any]:
    """Use a token up: of two transactions with the same one, the second finds it gone.

    :raises BadLink: when it is unknown, used or too old.
    """
    row = _find(connection, now, purpose, secret)
    if connection.execute(delete(account_tokens).where(account_tokens.c.digest == digest(secret))).rowcount == 0:
        raise BadLink(purpose)
    return row


def withdraw(connection: Connection, purpose: str, mail: str) -> None:
    """Take back every token for one purpose that was made for a mail address."""
    theirs = account_tokens.c.mail == mail, account_tokens.c.purpose == purpose
    connection.execute(delete(account_tokens).where(*theirs))


def _find(connection: Connection, now: datetime, purpose: str, secret: str) -> Row[Any]:
    valid = select(account_tokens).where(
        account_tokens.c.digest == digest(secret),
        account_tokens.c.purpose == purpose,
        account_tokens.c.expires_at > now,
    )
    row = connection.execute(valid).first()
    if row is None:
        raise BadLink(purpose)
    return row
