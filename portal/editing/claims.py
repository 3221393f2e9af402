"""Claims: a business asks for a listing, or proposes a new one; a moderator decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from portal.accounts import audit, people
from portal.accounts.tables import businesses
from portal.accounts.tables import people as table
from portal.database import Database
from portal.editing.tables import claims

MOST_OPEN = 20
"""Claims of a business that wait at a time."""
LONGEST_EVIDENCE = 3000


class TooManyClaims(Exception):
    """So many claims of this business wait already that no more are taken."""


class ClaimGone(Exception):
    """Somebody decided meanwhile."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a business asks for. `listing` is None while a new one is only proposed, of a `kind` and with a `name`."""

    person: int
    business: int
    listing: str | None
    kind: str
    name: str
    evidence: str
    id: int = 0
    mail: str = ""
    language: str = ""
    business_name: str = ""
    created_at: datetime | None = None
    approved: bool | None = None
    comment: str = ""


def submit(database: Database, now: datetime, claim: Claim) -> None:
    """Keep a claim until a moderator decides.

    :raises TooManyClaims: when enough of them wait.
    """
    open_ones = select(func.count()).where(claims.c.business_id == claim.business, claims.c.decided_at.is_(None))
    with database.write() as connection:
        if connection.execute(open_ones).scalar_one() >= MOST_OPEN:
            raise TooManyClaims(claim.business)
        values = {
            "person_id": claim.person,
            "business_id": claim.business,
            "listing": claim.listing,
            "kind": claim.kind,
            "name": claim.name,
            "evidence": claim.evidence,
            "created_at": now,
            "comment": "",
        }
        connection.execute(insert(claims).values(values))
        subject = claim.listing or f"{claim.kind}: {claim.name}"
        audit.record(connection, now, "claimed", person=claim.person, subject=subject)


def waiting(database: Database) -> list[Claim]:
    """Return the claims nobody has decided, oldest first."""
    statement = _statement().where(claims.c.decided_at.is_(None)).order_by(claims.c.id)
    with database.read() as connection:
        return [_claim(row) for row in connection.execute(statement)]


def of_businesses(database: Database, ids: list[int]) -> list[Claim]:
    """Return what some businesses asked for, newest first."""
    statement = _statement().where(claims.c.business_id.in_(ids)).order_by(claims.c.id.desc())
    with database.read() as connection:
        return [_claim(row) for row in connection.execute(statement)]


def find(database: Database, identity: int) -> Claim | None:
    """Return one claim."""
    with database.read() as connection:
        row = connection.execute(_statement().where(claims.c.id == identity)).first()
    return None if row is None else _claim(row)


def approve(database: Database, now: datetime, claim: Claim, moderator: int, listing: str) -> None:
    """Give the listing into the business's hands.

    :raises ClaimGone: when somebody decided meanwhile.
    """
    with database.write() as connection:
        _decide(connection, now, claim, moderator, {"approved": True, "listing": listing})
        people.grant(connection, claim.business, listing)
        audit.record(connection, now, "claim approved", person=moderator, subject=listing, detail=claim.mail)


def refuse(database: Database, now: datetime, claim: Claim, moderator: int, comment: str) -> None:
    """Refuse a claim, saying why.

    :raises ClaimGone: when somebody decided meanwhile.
    """
    with database.write() as connection:
        _decide(connection, now, claim, moderator, {"approved": False, "comment": comment})
        audit.record(connection, now, "claim refused", person=moderator, subject=claim.listing or claim.name)


def _decide(connection: Any, now: datetime, claim: Claim, moderator: int, values: dict[str, Any]) -> None:
    undecided = update(claims).where(claims.c.id == claim.id, claims.c.decided_at.is_(None))
    if connection.execute(undecided.values(decided_at=now, decided_by=moderator, **values)).rowcount == 0:
        raise ClaimGone(claim.id)


def _statement() -> Any:
    return (
        select(claims, table.c.mail, table.c.language, businesses.c.name.label("business_name"))
        .join(table, table.c.id == claims.c.person_id)
        .join(businesses, businesses.c.id == claims.c.business_id)
    )


def _claim(row: Row[Any]) -> Claim:
    return Claim(
        person=row.person_id,
        business=row.business_id,
        listing=row.listing,
        kind=row.kind,
        name=row.name,
        evidence=row.evidence,
        id=row.id,
        mail=row.mail,
        language=row.language,
        business_name=row.business_name,
        created_at=row.created_at,
        approved=row.approved,
        comment=row.comment,
    )
