"""Proof that this machine has the key the database's secrets are sealed with: a word kept sealed beside them."""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Table, select, update

from portal.database import Database, insert_new, metadata
from portal.sealing.seal import Seal

sealing = Table(
    "sealing",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("word", String(200), nullable=False),
)
"""One row."""
WORD = "opened"


def check(database: Database, seal: Seal) -> None:
    """Return when the seal opens what the database holds; the first to ask leaves the word.

    :raises Unopenable: when it does not: the keys differ from another machine's, or from those of a backup.
    """
    with database.write() as connection:
        insert_new(connection, sealing, {"id": 1, "word": seal.close(WORD)})
    with database.read() as connection:
        seal.open(connection.execute(select(sealing.c.word)).scalar_one())


def renew(database: Database, seal: Seal) -> None:
    """Seal the word anew, with the first key."""
    with database.write() as connection:
        connection.execute(update(sealing).values(word=seal.close(WORD)))
