"""Claims, drafts and published revisions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}_{to}")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "claims",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("business_id", KEY, nullable=False),
        sa.Column("listing", sa.String(length=200)),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("decided_at", INSTANT),
        sa.Column("decided_by", KEY),
        sa.Column("approved", sa.Boolean()),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_claims"),
        _refers("claims", "person_id", "people"),
        _refers("claims", "business_id", "businesses"),
        _refers("claims", "decided_by", "people"),
    )
    op.create_index("ix_claims_person_id", "claims", ["person_id"])
    op.create_table(
        "drafts",
        sa.Column("listing", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("base", sa.JSON(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("conflicts", sa.JSON(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("sent_at", INSTANT),
        sa.PrimaryKeyConstraint("listing", name="pk_drafts"),
        _refers("drafts", "person_id", "people"),
    )
    op.create_table(
        "draft_saves",
        sa.Column("listing", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("listing", "version", name="pk_draft_saves"),
        sa.ForeignKeyConstraint(
            ["listing"], ["drafts.listing"], name="fk_draft_saves_listing_drafts", ondelete="CASCADE"
        ),
        _refers("draft_saves", "person_id", "people"),
    )
    op.create_table(
        "revisions",
        sa.Column("id", KEY, nullable=False),
        sa.Column("listing", sa.String(length=200), nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("conflict", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_revisions"),
        _refers("revisions", "person_id", "people"),
    )
    op.create_index("ix_revisions_listing", "revisions", ["listing"])


def downgrade() -> None:
    """Drop the tables."""
    for table in ("revisions", "draft_saves", "drafts", "claims"):
        op.drop_table(table)
