"""Room for encrypted keys of authenticator apps (`flask prepare` encrypts those there are); who wrote a version."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Widen the column; note with a version who wrote it."""
    with op.batch_alter_table("revisions") as table:
        table.add_column(sa.Column("author_id", KEY))
        table.create_foreign_key("fk_revisions_author_id_people", "people", ["author_id"], ["id"])
    with op.batch_alter_table("authenticators") as table:
        table.alter_column("key", existing_type=sa.String(length=64), type_=sa.String(length=200), nullable=False)


def downgrade() -> None:
    """Take away what a narrower column does not hold: those people sign in by password until they set up anew."""
    with op.batch_alter_table("revisions") as table:
        table.drop_constraint("fk_revisions_author_id_people", type_="foreignkey")
        table.drop_column("author_id")
    op.execute(sa.text("DELETE FROM authenticators WHERE length(key) > 64"))
    with op.batch_alter_table("authenticators") as table:
        table.alter_column("key", existing_type=sa.String(length=200), type_=sa.String(length=64), nullable=False)
