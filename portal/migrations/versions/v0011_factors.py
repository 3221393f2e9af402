"""Second factors, passkeys, since when somebody has a role, the log by time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def _of_person(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=f"fk_{table}_person_id_people")


def upgrade() -> None:
    """Create the tables. Roles there are count from today: whoever is in charge gets the whole time of grace."""
    op.create_table(
        "authenticators",
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("confirmed_at", INSTANT),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name="pk_authenticators"),
        _of_person("authenticators"),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "digest", name="pk_recovery_codes"),
        _of_person("recovery_codes"),
    )
    op.create_table(
        "passkeys",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("credential", sa.String(length=1400), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_passkeys"),
        sa.UniqueConstraint("credential", name="uq_passkeys_credential"),
        _of_person("passkeys"),
    )
    op.create_index("ix_passkeys_person_id", "passkeys", ["person_id"])
    with op.batch_alter_table("person_roles") as roles:
        roles.add_column(sa.Column("given_at", INSTANT, nullable=False, server_default=sa.func.current_timestamp()))
    with op.batch_alter_table("person_roles") as roles:
        roles.alter_column("given_at", server_default=None)
    op.create_index("ix_audit_log_at", "audit_log", ["at"])


def downgrade() -> None:
    """Drop the tables."""
    op.drop_index("ix_audit_log_at", "audit_log")
    with op.batch_alter_table("person_roles") as roles:
        roles.drop_column("given_at")
    for table in ("passkeys", "recovery_codes", "authenticators"):
        op.drop_table(table)
