"""Room for the keys of authenticator apps as they are kept encrypted; `flask prepare` encrypts those there are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Widen the column."""
    with op.batch_alter_table("authenticators") as table:
        table.alter_column("key", existing_type=sa.String(length=64), type_=sa.String(length=200), nullable=False)


def downgrade() -> None:
    """Take away what a narrower column does not hold: those people sign in by password until they set up anew."""
    op.execute(sa.text("DELETE FROM authenticators WHERE length(key) > 64"))
    with op.batch_alter_table("authenticators") as table:
        table.alter_column("key", existing_type=sa.String(length=200), type_=sa.String(length=64), nullable=False)
