"""Jobs in place of mails, and webhooks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)

mails = sa.table(
    "mails",
    *(sa.column(name) for name in ("id", "recipient", "subject", "body", "language", "attempts")),
    sa.column("created_at", INSTANT),
    sa.column("due_at", INSTANT),
)
jobs = sa.table(
    "jobs",
    *(sa.column(name) for name in ("id", "kind", "target", "attempts")),
    sa.column("payload", sa.JSON()),
    sa.column("created_at", INSTANT),
    sa.column("due_at", INSTANT),
)


def upgrade() -> None:
    """Create the tables; letters that wait become jobs."""
    op.create_table(
        "jobs",
        sa.Column("id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("lane", sa.String(length=300)),
        sa.Column("target", sa.String(length=80)),
        sa.Column("once", sa.String(length=300)),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", INSTANT),
        sa.Column("taken_by", sa.String(length=80)),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
        sa.UniqueConstraint("once", name="uq_jobs_once"),
        sqlite_autoincrement=True,
    )
    for column in ("target", "due_at", "taken_by"):
        op.create_index(f"ix_jobs_{column}", "jobs", [column])
    op.create_index("ix_jobs_lane_id", "jobs", ["lane", "id"])
    _take_over_letters()
    op.create_table(
        "webhook_endpoints",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", KEY, nullable=False),
        sa.Column("form", sa.String(length=20), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("types", sa.JSON(), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("secrets", sa.JSON(), nullable=False),
        sa.Column("hears_bookings", sa.Boolean(), nullable=False),
        sa.Column("hears_availability", sa.Boolean(), nullable=False),
        sa.Column("hears_catalog", sa.Boolean(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("disabled_at", INSTANT),
        sa.Column("disabled_why", sa.String(length=20)),
        sa.Column("paused_until", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_endpoints"),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partners.id"], name="fk_webhook_endpoints_partner_id_partners", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_webhook_endpoints_partner_id", "webhook_endpoints", ["partner_id"])
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", KEY, nullable=False),
        sa.Column("endpoint_id", sa.Uuid(), nullable=False),
        sa.Column("message", sa.String(length=60), nullable=False),
        sa.Column("type", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("tries", sa.JSON(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("next_at", INSTANT),
        sa.Column("delivered_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_deliveries"),
        sa.ForeignKeyConstraint(
            ["endpoint_id"],
            ["webhook_endpoints.id"],
            name="fk_webhook_deliveries_endpoint_id_webhook_endpoints",
            ondelete="CASCADE",
        ),
    )
    for column in ("message", "subject", "created_at"):
        op.create_index(f"ix_webhook_deliveries_{column}", "webhook_deliveries", [column])
    op.create_index("ix_webhook_deliveries_endpoint_id_id", "webhook_deliveries", ["endpoint_id", "id"])
    op.create_table(
        "told_listings",
        sa.Column("listing", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("listing", name="pk_told_listings"),
    )


def downgrade() -> None:
    """Drop the tables. Letters that wait are lost."""
    for table in ("told_listings", "webhook_deliveries", "webhook_endpoints", "jobs"):
        op.drop_table(table)
    op.create_table(
        "mails",
        sa.Column("id", KEY, nullable=False),
        sa.Column("recipient", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_mails"),
    )
    op.create_index("ix_mails_due_at", "mails", ["due_at"])


def _take_over_letters() -> None:
    connection = op.get_bind()
    for row in connection.execute(sa.select(mails).order_by(mails.c.id)).mappings().all():
        letter = {name: row[name] for name in ("recipient", "subject", "body", "language")}
        more = {name: row[name] for name in ("created_at", "attempts", "due_at")}
        connection.execute(jobs.insert().values(kind="letter", target="letter", payload=letter, **more))
    op.drop_table("mails")
