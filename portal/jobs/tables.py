"""The table of work that is to be done after the transaction that asked for it."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Index, Integer, String, Table

from portal.database import UtcDateTime, metadata

Key = BigInteger().with_variant(Integer(), "sqlite")  # only INTEGER numbers itself on SQLite

jobs = Table(
    "jobs",
    metadata,
    Column("id", Key, primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("payload", JSON, nullable=False),
    Column("lane", String(300)),
    Column("target", String(80), index=True),
    Column("once", String(300), unique=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", UtcDateTime, index=True),
    Column("taken_by", String(80), index=True),
    Index("ix_jobs_lane_id", "lane", "id"),
    sqlite_autoincrement=True,  # a number is given once: letters that become files are named by it
)
"""What is done is deleted. `due_at` is when it is tried next, without one it was given up; `taken_by` who works on it
until then. Jobs of a `lane` are done one after the other, in the order they were written."""
