"""Tickets with a code of their own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("unit_items", sa.Column("redeemed_at", sa.DateTime(timezone=True)))
