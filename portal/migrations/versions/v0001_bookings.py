"""Suppliers, products, slots, bookings, partners and their keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "partners",
        sa.Column("id", KEY, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("supplier", sa.String(length=80)),
        sa.Column("sandbox", sa.Boolean(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_partners"),
    )
    op.create_table(
        "products",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("listing", sa.String(length=200), nullable=False),
        sa.Column("supplier", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("withdrawn_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_products"),
    )
    op.create_index("ix_products_listing", "products", ["listing"])
    op.create_table(
        "suppliers",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("contact", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_suppliers"),
    )
    op.create_table(
        "partner_keys",
        sa.Column("id", KEY, nullable=False),
        sa.Column("partner_id", KEY, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("revoked_at", INSTANT),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name="fk_partner_keys_partner_id_partners"),
        sa.PrimaryKeyConstraint("id", name="pk_partner_keys"),
        sa.UniqueConstraint("digest", name="uq_partner_keys_digest"),
    )
    op.create_index("ix_partner_keys_partner_id", "partner_keys", ["partner_id"])
    op.create_table(
        "product_versions",
        sa.Column("product_id", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("published_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name="fk_product_versions_product_id_products"),
        sa.PrimaryKeyConstraint("product_id", "version", name="pk_product_versions"),
    )
    op.create_table(
        "slots",
        sa.Column("id", KEY, nullable=False),
        sa.Column("product_id", sa.String(length=80), nullable=False),
        sa.Column("option_id", sa.String(length=40), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name="fk_slots_product_id_products"),
        sa.PrimaryKeyConstraint("id", name="pk_slots"),
        sa.UniqueConstraint("product_id", "option_id", "starts_at", name="uq_slots_start"),
    )
    op.create_index("ix_slots_local_date", "slots", ["product_id", "option_id", "local_date"])
    op.create_table(
        "bookings",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("partner_id", KEY),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("product_id", sa.String(length=80), nullable=False),
        sa.Column("product_version", sa.Integer(), nullable=False),
        sa.Column("option_id", sa.String(length=40), nullable=False),
        sa.Column("slot_id", KEY, nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("test_mode", sa.Boolean(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("reseller_reference", sa.String(length=200)),
        sa.Column("contact", sa.JSON(), nullable=False),
        sa.Column("notes", sa.Text()),
        sa.Column("language", sa.String(length=20)),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("confirmed_at", INSTANT),
        sa.Column("cancelled_at", INSTANT),
        sa.Column("cancel_reason", sa.Text()),
        sa.Column("refund", sa.String(length=10)),
        sa.Column("redeemed_at", INSTANT),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name="fk_bookings_partner_id_partners"),
        sa.ForeignKeyConstraint(
            ["product_id", "product_version"],
            ["product_versions.product_id", "product_versions.version"],
            name="fk_bookings_product_version",
        ),
        sa.ForeignKeyConstraint(["slot_id"], ["slots.id"], name="fk_bookings_slot_id_slots"),
        sa.PrimaryKeyConstraint("id", name="pk_bookings"),
        sa.UniqueConstraint("reference", name="uq_bookings_reference"),
    )
    op.create_index("ix_bookings_reseller_reference", "bookings", ["partner_id", "reseller_reference"])
    op.create_index("ix_bookings_slot_id_status", "bookings", ["slot_id", "status"])
    op.create_index("uq_bookings_partner_uuid", "bookings", ["partner_id", "uuid"], unique=True)
    op.create_index(
        "uq_bookings_portal_uuid",
        "bookings",
        ["uuid"],
        unique=True,
        postgresql_where=sa.text("partner_id IS NULL"),
        sqlite_where=sa.text("partner_id IS NULL"),
    )
    op.create_table(
        "unit_items",
        sa.Column("booking_id", KEY, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("reseller_reference", sa.String(length=200)),
        sa.Column("contact", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name="fk_unit_items_booking_id_bookings"),
        sa.PrimaryKeyConstraint("booking_id", "position", name="pk_unit_items"),
    )
