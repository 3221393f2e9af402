"""The table of who is to be told what. It stands below the features, because each looks whether anybody listens."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, String, Table, Uuid, false

from portal.database import UtcDateTime, metadata

webhook_endpoints = Table(
    "webhook_endpoints",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("partner_id", ForeignKey("partners.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("test", Boolean, nullable=False, server_default=false()),
    Column("supplier", String(80)),
    Column("form", String(20), nullable=False),
    Column("url", String(2000), nullable=False),
    Column("types", JSON, nullable=False),
    Column("headers", JSON, nullable=False),
    Column("secrets", JSON, nullable=False),
    Column("hears_bookings", Boolean, nullable=False),
    Column("hears_availability", Boolean, nullable=False),
    Column("hears_catalog", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("disabled_at", UtcDateTime),
    Column("disabled_why", String(20)),
    Column("paused_until", UtcDateTime),
)
"""`test` endpoints hear of test bookings, the others of real ones; `supplier` narrows what is heard to its products.
`hears_...` follow from `types`. `secrets` are `{secret, until}`, sealed, the newest first and without an end."""
