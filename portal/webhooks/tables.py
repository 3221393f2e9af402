"""The table of what was told to partners, and how that went."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text

from portal.database import UtcDateTime, metadata

Key = BigInteger().with_variant(Integer(), "sqlite")  # only INTEGER numbers itself on SQLite

webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    Column("id", Key, primary_key=True),
    Column("endpoint_id", ForeignKey("webhook_endpoints.id", ondelete="CASCADE"), nullable=False),
    Column("message", String(60), nullable=False, index=True),
    Column("type", String(60), nullable=False),
    Column("subject", String(300), nullable=False, index=True),
    Column("body", Text, nullable=False),
    Column("state", String(20), nullable=False),
    Column("tries", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False, index=True),
    Column("next_at", UtcDateTime),
    Column("delivered_at", UtcDateTime),
    Index("ix_webhook_deliveries_endpoint_id_id", "endpoint_id", "id"),
)
"""`message` is the same for all who are told the same. `body` is what is signed and sent, byte by byte; `tries` are
`{at, status, error, ms}`, the newest last."""
