"""Partners sign up themselves; keys have a name, a scope, a supplier and an environment; invitations to a partner."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Move what belongs to a key from the partner to its keys."""
    op.add_column("partners", sa.Column("asked_at", INSTANT))
    op.add_column("partners", sa.Column("approved_at", INSTANT))
    op.add_column("partners", sa.Column("requests_per_minute", sa.Integer()))
    for column in (
        sa.Column("name", sa.String(length=100), nullable=False, server_default=""),
        sa.Column("beginning", sa.String(length=12), nullable=False, server_default=""),
        sa.Column("sandbox", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("scope", sa.String(length=10), nullable=False, server_default="book"),
        sa.Column("supplier", sa.String(length=80)),
        sa.Column("made_by", sa.BigInteger()),
        sa.Column("used_at", INSTANT),
    ):
        op.add_column("partner_keys", column)
    op.execute("UPDATE partners SET approved_at = created_at WHERE NOT sandbox")
    op.execute(
        "UPDATE partner_keys SET sandbox = (SELECT partners.sandbox FROM partners WHERE partners.id = partner_id)"
    )
    op.drop_column("partners", "sandbox")
    op.add_column("account_tokens", sa.Column("partner", sa.String(length=20)))


def downgrade() -> None:
    """Move it back; a partner with any live key is a live one."""
    op.drop_column("account_tokens", "partner")
    op.add_column("partners", sa.Column("sandbox", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE partners SET sandbox = (approved_at IS NULL)")
    for column in ("name", "beginning", "sandbox", "scope", "supplier", "made_by", "used_at"):
        op.drop_column("partner_keys", column)
    for column in ("asked_at", "approved_at", "requests_per_minute"):
        op.drop_column("partners", column)
