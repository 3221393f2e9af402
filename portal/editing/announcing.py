"""Which listings changed, for partners: told once, however many machines take the same edit in.

The database keeps a digest of each listing as it was last told; whoever is first to bring a new one tells it, in the
transaction that notes it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import islice

from sqlalchemy import Connection, delete, select, update

from portal.catalog.facts import Facts
from portal.catalog.schema import Text
from portal.database import Database, insert_new
from portal.editing.tables import told_listings as table
from portal.outbox import outbox
from portal.outbox.outbox import Event, Topic

TOGETHER = 200
"""How many listings one transaction looks at."""


def digest(facts: Facts, texts: Mapping[str, Text], media: str | None) -> str:
    """Return what tells one state of a listing from another: its facts, its texts and its pictures."""
    # Without defaults: a field that a new version of the portal adds changes no listing.
    plain = [f"{tag} {texts[tag].model_dump_json(exclude_defaults=True)}" for tag in sorted(texts)]
    parts = [facts.model_dump_json(exclude_defaults=True), *plain, media or ""]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def announce(database: Database, listings: Mapping[str, str | None], now: datetime) -> None:
    """Tell which of these listings changed. When none was ever told, they are only noted.

    :param listings: digests by id; None for one that is gone.
    """
    with database.read() as connection:
        first = connection.execute(select(table.c.listing).limit(1)).first() is None
    names = iter(sorted(listings))
    while batch := list(islice(names, TOGETHER)):
        changed = _changed(database, {name: listings[name] for name in batch})
        if changed:
            with database.write() as connection:
                told = [name for name in changed if _note(connection, name, listings[name])]
                if not first:
                    _tell(connection, {name: listings[name] for name in told}, now)


def _changed(database: Database, listings: Mapping[str, str | None]) -> Sequence[str]:
    statement = select(table.c.listing, table.c.digest).where(table.c.listing.in_(listings))
    with database.read() as connection:
        known = {row.listing: row.digest for row in connection.execute(statement)}
    return [name for name, now in listings.items() if known.get(name) != now]


def _note(connection: Connection, name: str, now: str | None) -> bool:
    """Note the state of a listing; return whether nobody did before."""
    mine = table.c.listing == name
    if now is None:
        return connection.execute(delete(table).where(mine)).rowcount == 1
    if insert_new(connection, table, {"listing": name, "digest": now}) is not None:
        return True
    return connection.execute(update(table).where(mine, table.c.digest != now).values(digest=now)).rowcount == 1


def _tell(connection: Connection, listings: Mapping[str, str | None], now: datetime) -> None:
    if not listings or not outbox.anybody_listens(connection, Topic.CATALOG):
        return
    for name, state in listings.items():
        outbox.record(connection, Event("listing.removed" if state is None else "listing.updated", name, {}), now)
