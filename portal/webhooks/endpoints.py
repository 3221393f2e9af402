"""Endpoints of partners: made, changed, switched off, and given new secrets. Nobody reaches beyond what is theirs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, func, insert, select, update

from portal.database import Database
from portal.jobs import queue
from portal.outbox.outbox import Topic
from portal.outbox.tables import webhook_endpoints as table
from portal.sealing.seal import Seal
from portal.webhooks import checks, signing
from portal.webhooks.model import Busy, Endpoint, Form, NoSuchEndpoint, Reach, Secret, Why, topics

MOST = 20
"""How many endpoints a partner may have for tests, and as many again for what is real: trials take no room."""
OVERLAP = timedelta(hours=24)
"""How long messages are signed by the old secret too after it was replaced."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What an endpoint is to be; None leaves a part as it is.

    :ivar test: whether a new one is for tests; whoever reaches those alone makes no other.
    """

    url: str | None = None
    types: Sequence[str] | None = None
    headers: Mapping[str, str] | None = None
    test: bool = False


@dataclass(frozen=True)
class Endpoints:
    """The endpoints in a database.

    :ivar private: whether they may be on this machine and in private networks.
    :ivar seal: what their secrets are kept under.
    """

    database: Database
    private: bool
    seal: Seal

    def create(self, reach: Reach, form: Form, wish: Wish, now: datetime) -> Endpoint:
        """Make an endpoint.

        :raises WebhookError: naming what is wrong; nothing was made.
        """
        made = Endpoint(
            id=uuid4(),
            partner=reach.partner,
            form=form,
            url=wish.url or "",
            types=tuple(wish.types or ()),
            headers=wish.headers or {},
            secrets=(self._new_secret(),),
            created_at=now,
            test=wish.test or reach.sandbox,
            supplier=reach.supplier,
        )
        values = _row(self._checked(made))
        with self.database.write() as connection:
            like_it = (table.c.partner_id == reach.partner) & (table.c.test == made.test)
            count = select(func.count()).select_from(table).where(like_it)
            if connection.execute(count).scalar_one() >= MOST:
                kind = "for tests" if made.test else "for real bookings"
                raise Busy("count", f"a partner may have at most {MOST} endpoints {kind}; remove one first")
            connection.execute(insert(table).values(values))
        return self.get(reach, made.id)

    def all(self, reach: Reach, form: Form | None = None) -> list[Endpoint]:
        """Return the endpoints somebody reaches, the oldest first."""
        statement = select(table).where(reached(reach)).order_by(table.c.created_at, table.c.id)
        if form is not None:
            statement = statement.where(table.c.form == form)
        with self.database.read() as connection:
            return [endpoint(row) for row in connection.execute(statement)]

    def get(self, reach: Reach, identity: UUID, form: Form | None = None) -> Endpoint:
        """Return one endpoint.

        :raises NoSuchEndpoint: there is none of that id in reach.
        """
        with self.database.read() as connection:
            found = find(connection, reach, identity)
        if form not in {None, found.form}:
            raise NoSuchEndpoint("id", f"there is no {identity}")
        return found

    def secret(self, one: Endpoint) -> str:
        """Return the secret in force, as `whsec_...`.

        :raises Unopenable: when it was sealed with another key.
        """
        return self.seal.open(one.secrets[0].sealed)

    def change(self, reach: Reach, identity: UUID, wish: Wish) -> Endpoint:
        """Change an endpoint and return it.

        :raises WebhookError: naming what is wrong; nothing was changed.
        """
        with self.database.write() as connection:
            now = find(connection, reach, identity, lock=True)
            changed = replace(
                now,
                url=now.url if wish.url is None else wish.url,
                types=now.types if wish.types is None else tuple(wish.types),
                headers=now.headers if wish.headers is None else wish.headers,
            )
            changed = self._checked(changed)
            connection.execute(update(table).where(table.c.id == identity).values(_row(changed)))
        return changed

    def remove(self, reach: Reach, identity: UUID) -> None:
        """Remove an endpoint with all that was to be told to it.

        :raises NoSuchEndpoint: there is none of that id in reach.
        """
        with self.database.write() as connection:
            find(connection, reach, identity, lock=True)
            connection.execute(delete(table).where(table.c.id == identity))

    def rotate(self, reach: Reach, identity: UUID, now: datetime) -> Endpoint:
        """Give an endpoint a new secret; for `OVERLAP` the old ones sign beside it.

        :raises NoSuchEndpoint: there is none of that id in reach.
        """
        with self.database.write() as connection:
            known = find(connection, reach, identity, lock=True)
            old = [replace(one, until=one.until or now + OVERLAP) for one in known.secrets]
            valid = [one for one in old if one.until is not None and one.until > now]
            changed = replace(known, secrets=(self._new_secret(), *valid))
            connection.execute(update(table).where(table.c.id == identity).values(_row(changed)))
        return changed

    def switch(self, reach: Reach, identity: UUID, now: datetime, *, on: bool) -> Endpoint:
        """Switch an endpoint on or off. What waits for one that is off is given up; it can be replayed.

        :raises NoSuchEndpoint: there is none of that id in reach.
        """
        with self.database.write() as connection:
            find(connection, reach, identity, lock=True)
            if on:
                values = {"disabled_at": None, "disabled_why": None, "paused_until": None}
                connection.execute(update(table).where(table.c.id == identity).values(values))
            else:
                switch_off(connection, identity, Why.PARTNER, now)
            return find(connection, reach, identity)

    def _checked(self, asked: Endpoint) -> Endpoint:
        checks.url(asked.url, private=self.private)
        return replace(asked, types=checks.types(asked.form, asked.types), headers=checks.headers(asked.headers))

    def _new_secret(self) -> Secret:
        return Secret(self.seal.close(signing.new_secret()))


def reached(reach: Reach) -> ColumnElement[bool]:
    """Match the endpoints that somebody reaches."""
    conditions = [table.c.partner_id == reach.partner]
    if reach.sandbox:
        conditions.append(table.c.test)
    if reach.supplier is not None:
        conditions.append(table.c.supplier == reach.supplier)
    return and_(*conditions)


def switch_off(connection: Connection, identity: UUID, why: Why, now: datetime) -> None:
    """Tell an endpoint nothing any more."""
    off = update(table).where(table.c.id == identity, table.c.disabled_at.is_(None))
    connection.execute(off.values(disabled_at=now, disabled_why=why))
    queue.hurry(connection, str(identity), now)


def endpoint(row: Row[Any]) -> Endpoint:
    """Return the endpoint that a row of the table holds."""
    secrets = [Secret(one["secret"], _instant(one["until"])) for one in row.secrets]
    return Endpoint(
        id=row.id,
        partner=row.partner_id,
        form=Form(row.form),
        url=row.url,
        types=tuple(row.types),
        headers=row.headers,
        secrets=tuple(secrets),
        created_at=row.created_at,
        disabled_at=row.disabled_at,
        disabled_why=Why(row.disabled_why) if row.disabled_why else None,
        paused_until=row.paused_until,
        test=row.test,
        supplier=row.supplier,
    )


def find(connection: Connection, reach: Reach, identity: UUID, *, lock: bool = False) -> Endpoint:
    """Return an endpoint within reach.

    :raises NoSuchEndpoint: there is none of that id in reach.
    """
    statement = select(table).where(table.c.id == identity, reached(reach))
    row = connection.execute(statement.with_for_update() if lock else statement).first()
    if row is None:
        raise NoSuchEndpoint("id", f"there is no {identity}")
    return endpoint(row)


def find_any(connection: Connection, identity: UUID) -> Endpoint:
    """Return an endpoint known to be there, whosever it is."""
    return endpoint(connection.execute(select(table).where(table.c.id == identity)).one())


def _row(one: Endpoint) -> dict[str, Any]:
    heard = topics(one.form, one.types)
    secrets = [{"secret": key.sealed, "until": key.until.isoformat() if key.until else None} for key in one.secrets]
    return {
        "id": one.id,
        "partner_id": one.partner,
        "test": one.test,
        "supplier": one.supplier,
        "form": one.form,
        "url": one.url,
        "types": list(one.types),
        "headers": dict(one.headers),
        "secrets": secrets,
        **{f"hears_{topic}": topic in heard for topic in Topic},
        "created_at": one.created_at,
    }


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
