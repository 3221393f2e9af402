"""Resources that products share; bookings without a date."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the columns and the table."""
    op.create_table(
        "resource_days",
        sa.Column("resource", sa.String(length=80), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("resource", "day", name="pk_resource_days"),
    )
    op.add_column("bookings", sa.Column("ends_at", INSTANT))
    op.add_column("bookings", sa.Column("resource", sa.String(length=80)))
    op.add_column("bookings", sa.Column("open_until", INSTANT))
    op.create_index("ix_bookings_resource_starts_at", "bookings", ["resource", "starts_at"])
