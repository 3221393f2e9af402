"""Endpoints for tests or for what is real, and for one supplier; the word that proves the sealing key."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns. Endpoints of partners that may not sell yet are for tests, all others for what is real."""
    # In place: a table made anew would take its deliveries, which refer to it, with it on SQLite.
    op.add_column("webhook_endpoints", sa.Column("test", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("webhook_endpoints", sa.Column("supplier", sa.String(length=80)))
    endpoint = sa.table("webhook_endpoints", sa.column("test", sa.Boolean), sa.column("partner_id"))
    partner = sa.table("partners", sa.column("id"), sa.column("approved_at"))
    beginners = sa.select(partner.c.id).where(partner.c.approved_at.is_(None))
    op.execute(endpoint.update().where(endpoint.c.partner_id.in_(beginners)).values(test=True))
    op.create_table(
        "sealing",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("word", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sealing"),
    )


def downgrade() -> None:
    """Take them away. Secrets stay sealed, and an older version cannot read them."""
    op.drop_table("sealing")
    op.drop_column("webhook_endpoints", "supplier")
    op.drop_column("webhook_endpoints", "test")
