"""Tickets with a code of their own; letters with a calendar entry."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("unit_items", sa.Column("redeemed_at", sa.DateTime(timezone=True)))
    op.add_column("mails", sa.Column("calendar", sa.Text()))
