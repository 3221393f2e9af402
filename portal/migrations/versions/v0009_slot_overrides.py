"""What businesses decide for single days and departures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table; what is on sale now is what content states."""
    op.create_table(
        "slot_overrides",
        sa.Column("product_id", sa.String(80), sa.ForeignKey("products.id"), primary_key=True),
        sa.Column("option_id", sa.String(40), primary_key=True),
        sa.Column("local_date", sa.Date(), primary_key=True),
        sa.Column("start", sa.String(5), primary_key=True),
        sa.Column("capacity", sa.Integer()),
    )
    op.add_column("products", sa.Column("stated", sa.JSON()))
    op.execute("UPDATE products SET stated = terms")
