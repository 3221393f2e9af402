"""Letters that wait while the portal is brought up to this version are sent afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from portal.database import Database, UtcDateTime
from portal.jobs.worker import Handlers, Worker
from portal.mail.outbox import LETTER, carrier
from portal.mail.transports import Folder

NOW = datetime(2026, 7, 1, tzinfo=UTC)
MAILS = sa.table(
    "mails",
    *(sa.column(name) for name in ("recipient", "subject", "body", "language", "attempts")),
    sa.column("created_at", UtcDateTime()),
    sa.column("due_at", UtcDateTime()),
)


def test_letters_that_wait_become_jobs(database_at: Callable[[str], Database], tmp_path: Path) -> None:
    old = database_at("0005")  # before there were jobs
    letter = {"recipient": "li@example.com", "subject": "Hello", "body": "Come.", "language": "en", "attempts": 1}
    with old.write() as connection:
        connection.execute(MAILS.insert().values(**letter, created_at=NOW, due_at=NOW))
        connection.execute(MAILS.insert().values(**{**letter, "attempts": 7}, created_at=NOW, due_at=None))
    old.upgrade()
    folder = Folder(tmp_path / "mail", "no-reply@example.org")
    assert Worker(old, lambda: NOW, "one", Handlers({LETTER: carrier(folder)})).drain() == 1
    (file,) = (tmp_path / "mail").glob("*.eml")
    assert "To: li@example.com" in file.read_text()
