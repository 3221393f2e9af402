"""The table of mistakes that visitors report."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, String, Table, Text

from portal.database import UtcDateTime, metadata

Key = BigInteger().with_variant(Integer(), "sqlite")  # only INTEGER numbers itself on SQLite

reports = Table(
    "reports",
    metadata,
    Column("id", Key, primary_key=True),
    Column("listing", String(200), nullable=False, index=True),
    Column("language", String(20), nullable=False),
    Column("subject", String(20), nullable=False),
    Column("message", Text, nullable=False),
    Column("email", String(200)),
    Column("created_at", UtcDateTime, nullable=False),
    Column("settled_at", UtcDateTime),
)
