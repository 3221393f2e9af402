"""Tables of claims, drafts, their pictures, and what was published."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, Column, ForeignKey, Integer, LargeBinary, String, Table, Text

from portal.database import UtcDateTime, metadata

Key = BigInteger().with_variant(Integer(), "sqlite")  # only INTEGER numbers itself on SQLite

claims = Table(
    "claims",
    metadata,
    Column("id", Key, primary_key=True),
    Column("person_id", ForeignKey("people.id"), nullable=False, index=True),
    Column("business_id", ForeignKey("businesses.id"), nullable=False),
    Column("listing", String(200)),
    Column("kind", String(40), nullable=False),
    Column("name", String(200), nullable=False),
    Column("evidence", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("decided_at", UtcDateTime),
    Column("decided_by", ForeignKey("people.id")),
    Column("approved", Boolean),
    Column("comment", Text, nullable=False),
)
"""`listing` is None for a proposal of a new one, of a `kind` and with a `name`, until it is approved."""

drafts = Table(
    "drafts",
    metadata,
    Column("listing", String(200), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("state", String(20), nullable=False),
    Column("base", JSON, nullable=False),
    Column("changes", JSON, nullable=False),
    Column("conflicts", JSON, nullable=False),
    Column("comment", Text, nullable=False),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
)
"""One a listing. `base` are the files it was begun from, `changes` the fields changed since."""

draft_saves = Table(
    "draft_saves",
    metadata,
    Column("listing", ForeignKey("drafts.listing", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("fields", JSON, nullable=False),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
"""Every state of a draft that somebody may still have open in a form: what their changes are measured against."""

pictures = Table(
    "pictures",
    metadata,
    Column("listing", String(200), primary_key=True),
    Column("file", String(80), primary_key=True),
    Column("data", LargeBinary, nullable=False),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
"""Pictures that were uploaded for a listing, as they are published. A draft and a version of the history name them.

In the database and not in a folder, so that every machine has them with the draft that names them, and one backup holds
both; a picture is about a megabyte."""

revisions = Table(
    "revisions",
    metadata,
    Column("id", Key, primary_key=True),
    Column("listing", String(200), nullable=False, index=True),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("author_id", ForeignKey("people.id")),
    Column("at", UtcDateTime, nullable=False),
    Column("note", Text, nullable=False),
    Column("before", JSON, nullable=False),
    Column("after", JSON, nullable=False),
    Column("conflict", Text),
)
"""What was published, in order: files before and after, by whom, and who wrote it where that is known.

Each machine follows the sequence and writes the files. `conflict` tells why one could not, because its disk held what
no version knows.
"""

told_listings = Table(
    "told_listings",
    metadata,
    Column("listing", String(200), primary_key=True),
    Column("digest", String(32), nullable=False),
)
"""The state of each listing that partners were last told of."""
