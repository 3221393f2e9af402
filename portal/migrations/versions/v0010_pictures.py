"""Pictures that editors upload."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "pictures",
        sa.Column("listing", sa.String(length=200), nullable=False),
        sa.Column("file", sa.String(length=80), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("listing", "file", name="pk_pictures"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_pictures_person_id_people"),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("pictures")
