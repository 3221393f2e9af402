"""Being signed in: sessions live in the database, so that one can see and end them."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from portal.accounts import audit, people
from portal.accounts.model import Origin, Person, Session
from portal.accounts.tables import account_sessions
from portal.accounts.tables import people as table
from portal.database import Database

IDLE = timedelta(days=30)
"""A session nobody uses for so long ends."""
LONGEST = timedelta(days=180)
SEEN = timedelta(minutes=5)
"""How exactly it is noted when a session was last used: not every page is a write."""


def begin(connection: Connection, now: datetime, person: int, origin: Origin) -> str:
    """Begin a session of somebody who has proved who they are; return its secret."""
    secret = secrets.token_urlsafe(32)
    connection.execute(delete(account_sessions).where(account_sessions.c.seen_at < now - IDLE))
    connection.execute(
        insert(account_sessions).values(
            person_id=person,
            digest=digest(secret),
            address=origin.address[:100],
            agent=origin.agent[:300],
            created_at=now,
            seen_at=now,
        )
    )
    return secret


def find(database: Database, now: datetime, secret: str) -> tuple[Person, int] | None:
    """Return who a session belongs to, and the session's id; None when it has ended."""
    with database.read() as connection:
        row = connection.execute(select(account_sessions).where(account_sessions.c.digest == digest(secret))).first()
        if row is None or row.seen_at < now - IDLE or row.created_at < now - LONGEST:
            return None
        person = people.load(connection, table.c.id == row.person_id)
    if person is None:
        return None
    if row.seen_at < now - SEEN:
        with database.write() as connection:
            connection.execute(update(account_sessions).where(account_sessions.c.id == row.id).values(seen_at=now))
    return person, row.id


def of_person(database: Database, person: int) -> list[Session]:
    """Return somebody's sessions, the one used last first."""
    statement = select(account_sessions).where(account_sessions.c.person_id == person)
    with database.read() as connection:
        rows = connection.execute(statement.order_by(account_sessions.c.seen_at.desc())).all()
    return [Session(row.id, row.address, row.agent, row.created_at, row.seen_at) for row in rows]


def end(database: Database, now: datetime, person: int, session: int) -> bool:
    """End one of somebody's own sessions; tell whether there was such a one."""
    mine = delete(account_sessions).where(account_sessions.c.id == session, account_sessions.c.person_id == person)
    with database.write() as connection:
        ended = connection.execute(mine).rowcount == 1
        if ended:
            audit.record(connection, now, "session ended", person=person)
    return ended


def end_all(connection: Connection, person: int, but: int | None = None) -> None:
    """End all sessions of somebody, but one where asked."""
    theirs = delete(account_sessions).where(account_sessions.c.person_id == person)
    connection.execute(theirs if but is None else theirs.where(account_sessions.c.id != but))


def digest(secret: str) -> str:
    """Return what is kept of a secret of 256 random bits."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
