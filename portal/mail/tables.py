"""The table of letters that wait to be sent."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, String, Table, Text

from portal.database import UtcDateTime, metadata

Key = BigInteger().with_variant(Integer(), "sqlite")  # only INTEGER numbers itself on SQLite

mails = Table(
    "mails",
    metadata,
    Column("id", Key, primary_key=True),
    Column("recipient", String(200), nullable=False),
    Column("subject", String(300), nullable=False),
    Column("body", Text, nullable=False),
    Column("language", String(20), nullable=False),
    Column("calendar", Text),
    Column("created_at", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", UtcDateTime, index=True),
)
"""`due_at` is when it is tried next; letters that were sent are deleted, since they may hold secrets."""
