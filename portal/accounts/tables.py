"""Tables of people, the businesses they act for, their sessions, and what was done."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, LargeBinary, String, Table, Text

from portal.database import UtcDateTime, metadata

Key = BigInteger().with_variant(Integer(), "sqlite")  # only INTEGER numbers itself on SQLite

people = Table(
    "people",
    metadata,
    Column("id", Key, primary_key=True),
    Column("mail", String(200), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("password", String(200), nullable=False),
    Column("language", String(20), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("disabled_at", UtcDateTime),
)
"""`language` is the one letters to them are written in."""

person_roles = Table(
    "person_roles",
    metadata,
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("role", String(20), primary_key=True),
    Column("scope", String(200), primary_key=True),
    Column("given_at", UtcDateTime, nullable=False, default=lambda: datetime.now(UTC)),
)
"""Roles beyond a business. `scope` is a translator's language, or a partner's id; else empty."""

businesses = Table(
    "businesses",
    metadata,
    Column("id", Key, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("trusted", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)
"""`trusted` ones publish without a review."""

members = Table(
    "members",
    metadata,
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("business_id", ForeignKey("businesses.id"), primary_key=True, index=True),
    Column("role", String(20), nullable=False),
)

business_listings = Table(
    "business_listings",
    metadata,
    Column("business_id", ForeignKey("businesses.id"), primary_key=True),
    Column("listing", String(200), primary_key=True, index=True),
)

account_sessions = Table(
    "account_sessions",
    metadata,
    Column("id", Key, primary_key=True),
    Column("person_id", ForeignKey("people.id"), nullable=False, index=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("address", String(100), nullable=False),
    Column("agent", String(300), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
)

account_tokens = Table(
    "account_tokens",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("purpose", String(20), nullable=False),
    Column("mail", String(200), nullable=False, index=True),
    Column("business_id", ForeignKey("businesses.id")),
    Column("partner", String(20)),
    Column("expires_at", UtcDateTime, nullable=False),
)
"""What may be done once: links sent by mail, second steps, passkeys' challenges. Only the digest is kept.

`partner` is the id of one that a link invites to.
"""

authenticators = Table(
    "authenticators",
    metadata,
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("key", String(200), nullable=False),
    Column("confirmed_at", UtcDateTime),
    Column("last_step", BigInteger, nullable=False),
)
"""Apps that make codes: one a person, asked once `confirmed_at`; `key` is encrypted.

No code of `last_step` or before is taken again.
"""

recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("digest", String(64), primary_key=True),
)

passkeys = Table(
    "passkeys",
    metadata,
    Column("id", Key, primary_key=True),
    Column("person_id", ForeignKey("people.id"), nullable=False, index=True),
    Column("credential", String(1400), nullable=False, unique=True),
    Column("public_key", LargeBinary, nullable=False),
    Column("sign_count", BigInteger, nullable=False),
    Column("name", String(60), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
)
"""`credential` is the id that authenticators know it by, in base64url."""

attempts = Table(
    "attempts",
    metadata,
    Column("id", Key, primary_key=True),
    Column("key", String(300), nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False, index=True),
)
"""What is limited: failed sign-ins and letters asked for, by mail address and by network address."""

audit_log = Table(
    "audit_log",
    metadata,
    Column("id", Key, primary_key=True),
    Column("person_id", ForeignKey("people.id"), index=True),
    Column("action", String(60), nullable=False),
    Column("subject", String(300), nullable=False),
    Column("detail", Text, nullable=False),
    Column("address", String(100), nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
)
