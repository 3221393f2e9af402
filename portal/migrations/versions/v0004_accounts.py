"""People, businesses, sessions, the audit log; letters that wait to be sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}_{to}")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "people",
        sa.Column("id", KEY, nullable=False),
        sa.Column("mail", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("password", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("disabled_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
        sa.UniqueConstraint("mail", name="uq_people_mail"),
    )
    op.create_table(
        "person_roles",
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("scope", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "role", "scope", name="pk_person_roles"),
        _refers("person_roles", "person_id", "people"),
    )
    op.create_table(
        "businesses",
        sa.Column("id", KEY, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("trusted", sa.Boolean(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_businesses"),
    )
    op.create_table(
        "members",
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("business_id", KEY, nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "business_id", name="pk_members"),
        _refers("members", "person_id", "people"),
        _refers("members", "business_id", "businesses"),
    )
    op.create_index("ix_members_business_id", "members", ["business_id"])
    op.create_table(
        "business_listings",
        sa.Column("business_id", KEY, nullable=False),
        sa.Column("listing", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("business_id", "listing", name="pk_business_listings"),
        _refers("business_listings", "business_id", "businesses"),
    )
    op.create_index("ix_business_listings_listing", "business_listings", ["listing"])
    _create_sessions()


def _create_sessions() -> None:
    op.create_table(
        "account_sessions",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=100), nullable=False),
        sa.Column("agent", sa.String(length=300), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_account_sessions"),
        sa.UniqueConstraint("digest", name="uq_account_sessions_digest"),
        _refers("account_sessions", "person_id", "people"),
    )
    op.create_index("ix_account_sessions_person_id", "account_sessions", ["person_id"])
    op.create_table(
        "account_tokens",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("mail", sa.String(length=200), nullable=False),
        sa.Column("business_id", KEY),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_account_tokens"),
        _refers("account_tokens", "business_id", "businesses"),
    )
    op.create_index("ix_account_tokens_mail", "account_tokens", ["mail"])
    op.create_table(
        "attempts",
        sa.Column("id", KEY, nullable=False),
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_attempts"),
    )
    op.create_index("ix_attempts_key", "attempts", ["key"])
    op.create_index("ix_attempts_at", "attempts", ["at"])
    op.create_table(
        "audit_log",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("address", sa.String(length=100), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_log"),
        _refers("audit_log", "person_id", "people"),
    )
    op.create_index("ix_audit_log_person_id", "audit_log", ["person_id"])
    op.create_table(
        "mails",
        sa.Column("id", KEY, nullable=False),
        sa.Column("recipient", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_mails"),
    )
    op.create_index("ix_mails_due_at", "mails", ["due_at"])


def downgrade() -> None:
    """Drop the tables."""
    for table in (
        *("mails", "audit_log", "attempts", "account_tokens", "account_sessions"),
        *("business_listings", "members", "businesses", "person_roles", "people"),
    ):
        op.drop_table(table)
