"""Tables of e-commerce partners and their keys."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, String, Table

from portal.database import UtcDateTime, metadata

Key = BigInteger().with_variant(Integer(), "sqlite")  # only INTEGER numbers itself on SQLite

partners = Table(
    "partners",
    metadata,
    Column("id", Key, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("supplier", String(80)),
    Column("created_at", UtcDateTime, nullable=False),
    Column("asked_at", UtcDateTime),
    Column("approved_at", UtcDateTime),
    Column("requests_per_minute", Integer),
)
"""`asked_at` is when live keys were asked for, `approved_at` when they were allowed."""

partner_keys = Table(
    "partner_keys",
    metadata,
    Column("id", Key, primary_key=True),
    Column("partner_id", ForeignKey("partners.id"), nullable=False, index=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("name", String(100), nullable=False),
    Column("beginning", String(12), nullable=False),
    Column("sandbox", Boolean, nullable=False),
    Column("scope", String(10), nullable=False),
    Column("supplier", String(80)),
    Column("made_by", BigInteger),
    Column("created_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
)
"""`made_by` is a person's id, empty for what the operator made; `used_at` is true to the minute."""
