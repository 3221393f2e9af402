"""Secrets as the database keeps them: sealed, under the key that seals now, or made anew where the key is lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select, update

from portal.database import Database
from portal.outbox.tables import webhook_endpoints as table
from portal.sealing.seal import Seal, Unopenable
from portal.webhooks import signing

Kept = list[dict[str, Any]]
"""The column `secrets` of an endpoint."""
PLAIN = "whsec_"
"""What a secret begins with that an older version left unsealed."""


def seal_plain(database: Database, seal: Seal) -> int:
    """Seal what an older version left readable; return of how many endpoints."""

    def sealed(kept: Kept) -> Kept:
        return [{**one, "secret": _sealed(one, seal)} for one in kept]

    return _rewrite(database, sealed)


def seal_again(database: Database, seal: Seal, *, lost: bool) -> int:
    """Seal everything with the first key; return of how many endpoints.

    :param lost: give a new secret to endpoints whose secret no key opens, instead of raising.
    :raises Unopenable: when there is such a one; nothing was changed.
    """

    def again(kept: Kept) -> Kept:
        try:
            return [{**one, "secret": seal.again(one["secret"])} for one in kept]
        except Unopenable:
            if not lost:
                raise
            return [{"secret": seal.close(signing.new_secret()), "until": None}]

    return _rewrite(database, again)


def _sealed(one: Mapping[str, Any], seal: Seal) -> str:
    text: str = one["secret"]
    return seal.close(text) if text.startswith(PLAIN) else text


def _rewrite(database: Database, change: Callable[[Kept], Kept]) -> int:
    count = 0
    with database.write() as connection:
        for row in connection.execute(select(table.c.id, table.c.secrets).with_for_update()).all():
            if (kept := change(row.secrets)) != row.secrets:
                connection.execute(update(table).where(table.c.id == row.id).values(secrets=kept))
                count += 1
    return count
