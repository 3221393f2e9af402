"""Tables of products and their bookings."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from portal.database import UtcDateTime, metadata

Key = BigInteger().with_variant(Integer(), "sqlite")  # only INTEGER numbers itself on SQLite

suppliers = Table(
    "suppliers",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("names", JSON, nullable=False),
    Column("contact", JSON, nullable=False),
)

products = Table(
    "products",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("listing", String(200), nullable=False, index=True),
    Column("supplier", String(80), nullable=False),
    Column("version", Integer, nullable=False),
    Column("stated", JSON),
    Column("terms", JSON, nullable=False),
    Column("withdrawn_at", UtcDateTime),
)
"""What is on sale: one row a product, locked by who sells (share) and who publishes (update).

`stated` are the terms as content has them, `terms` those on sale: with what was decided for single days.
"""

slot_overrides = Table(
    "slot_overrides",
    metadata,
    Column("product_id", ForeignKey("products.id"), primary_key=True),
    Column("option_id", String(40), primary_key=True),
    Column("local_date", Date, primary_key=True),
    Column("start", String(5), primary_key=True),
    Column("capacity", Integer),
)
"""What a business decided for a departure (`start` is HH:MM) or a whole day (empty); no capacity is closed."""

product_versions = Table(
    "product_versions",
    metadata,
    Column("product_id", ForeignKey("products.id"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("terms", JSON, nullable=False),
    Column("published_at", UtcDateTime, nullable=False),
)
"""Every state the terms were in. Rows never change: a booking's reference to one is its copy of the terms."""

slots = Table(
    "slots",
    metadata,
    Column("id", Key, primary_key=True),
    Column("product_id", ForeignKey("products.id"), nullable=False),
    Column("option_id", String(40), nullable=False),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("local_date", Date, nullable=False),
    UniqueConstraint("product_id", "option_id", "starts_at", name="uq_slots_start"),
    Index("ix_slots_local_date", "product_id", "option_id", "local_date"),
)
"""A departure or day that somebody tried to book. Its row is the lock under which places are counted."""

resource_days = Table(
    "resource_days",
    metadata,
    Column("resource", String(80), primary_key=True),
    Column("day", Date, primary_key=True),
)
"""What several options share, such as a boat, by UTC day. Its row is the lock under which its places are counted."""

bookings = Table(
    "bookings",
    metadata,
    Column("id", Key, primary_key=True),
    Column("uuid", Uuid, nullable=False),
    Column("partner_id", Key, ForeignKey("partners.id")),
    Column("fingerprint", String(64), nullable=False),
    Column("reference", String(20), nullable=False, unique=True),
    Column("product_id", String(80), nullable=False),
    Column("product_version", Integer, nullable=False),
    Column("option_id", String(40), nullable=False),
    Column("slot_id", ForeignKey("slots.id"), nullable=False),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("status", String(20), nullable=False),
    Column("test_mode", Boolean, nullable=False),
    Column("places", Integer, nullable=False),
    Column("total", BigInteger, nullable=False),
    Column("reseller_reference", String(200)),
    Column("contact", JSON, nullable=False),
    Column("notes", Text),
    Column("language", String(20)),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("confirmed_at", UtcDateTime),
    Column("cancelled_at", UtcDateTime),
    Column("cancel_reason", Text),
    Column("refund", String(10)),
    Column("redeemed_at", UtcDateTime),
    Column("ends_at", UtcDateTime),
    Column("resource", String(80)),
    Column("open_until", UtcDateTime),
    ForeignKeyConstraint(
        ["product_id", "product_version"],
        ["product_versions.product_id", "product_versions.version"],
        name="fk_bookings_product_version",
    ),
    Index("uq_bookings_partner_uuid", "partner_id", "uuid", unique=True),
    # NULLs are all different in an index, so the portal's own bookings need one of their own.
    Index(
        "uq_bookings_portal_uuid",
        "uuid",
        unique=True,
        postgresql_where=text("partner_id IS NULL"),
        sqlite_where=text("partner_id IS NULL"),
    ),
    Index("ix_bookings_slot_id_status", "slot_id", "status"),
    Index("ix_bookings_resource_starts_at", "resource", "starts_at"),
    Index("ix_bookings_reseller_reference", "partner_id", "reseller_reference"),
)
"""`starts_at` and `ends_at` are the slot's. One with `open_until` has no date: it is valid from its sale until then."""

unit_items = Table(
    "unit_items",
    metadata,
    Column("booking_id", ForeignKey("bookings.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("uuid", Uuid, nullable=False),
    Column("unit_id", String(40), nullable=False),
    Column("places", Integer, nullable=False),
    Column("price", BigInteger, nullable=False),
    Column("reseller_reference", String(200)),
    Column("contact", JSON, nullable=False),
    Column("redeemed_at", UtcDateTime),
)
