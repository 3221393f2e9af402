"""Counting places. Whoever takes some locks the slot's row first and counts then; showing counts needs no lock.

Locks are taken in one order everywhere: booking, product, days of a resource, slot.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Integer,
    RowMapping,
    Select,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
)

from portal import prepared
from portal.bookings import resources
from portal.bookings.availability import Slot, Sold, Span, spans
from portal.bookings.errors import SalesClosed, SoldOut
from portal.bookings.model import State
from portal.bookings.tables import bookings, slots
from portal.bookings.terms import OptionTerms, ProductTerms
from portal.database import UtcDateTime, insert_new

NO_DATE = datetime(1970, 1, 1, tzinfo=UTC)
TAKEN = (State.CONFIRMED, State.REDEEMED)
FOR_A_WHILE = {State.ON_HOLD: State.EXPIRED, State.PENDING: State.REJECTED}
"""States that end by the clock, and what they become."""


def sold(connection: Connection, product: ProductTerms, option: OptionTerms, on: Sequence[Span], now: datetime) -> Sold:
    """Return the places sold or held in these slots of an option, in order; of a resource, all taken meanwhile."""
    if not on:
        return {}
    if option.resource is not None:
        return resources.taken(connection, option.resource, on, _counts(now))
    days = slots.c.local_date.between(on[0].starts_at.date(), on[-1].starts_at.date())
    return _sold(connection, product.id, option.id, days, now)


def sold_since(
    connection: Connection, product: ProductTerms, option: OptionTerms, since: datetime, now: datetime
) -> Sold:
    """Return the places sold or held, for every slot of the option that somebody booked and starts after `since`."""
    mine = _sold(connection, product.id, option.id, slots.c.starts_at > since, now)
    if option.resource is None:
        return mine
    days = sorted({starts_at.astimezone(product.zone).date() for starts_at in mine})
    on = [span for span in spans(product, option, days) if span.starts_at in mine]
    return resources.taken(connection, option.resource, on, _counts(now))


def sold_between(
    connection: Connection, product: ProductTerms, option: OptionTerms, first: date, last: date, now: datetime
) -> Sold:
    """Return the places sold or held of the option itself, for every slot between two local dates that has some."""
    return _sold(connection, product.id, option.id, slots.c.local_date.between(first, last), now)


def sold_beside(connection: Connection, rows: Sequence[RowMapping], now: datetime) -> dict[int, int]:
    """Return the places sold or held in the slots of bookings, by the booking's id; of a resource, all meanwhile."""
    statement = (
        select(bookings.c.slot_id, func.sum(bookings.c.places).label("places"))
        .where(bookings.c.slot_id.in_({row["slot_id"] for row in rows}), _counts(now))
        .group_by(bookings.c.slot_id)
    )
    by_slot = {row.slot_id: int(row.places) for row in connection.execute(statement)} if rows else {}
    answer = {row["id"]: by_slot.get(row["slot_id"], 0) for row in rows}
    for resource in {row["resource"] for row in rows if row["resource"]}:
        mine = [row for row in rows if row["resource"] == resource]
        on = [resources.Time(row["starts_at"], row["ends_at"]) for row in mine]
        taken = resources.taken(connection, resource, on, _counts(now))
        answer |= {row["id"]: taken[row["starts_at"]] for row in mine}
    return answer


def lock_slot(connection: Connection, product: ProductTerms, option: OptionTerms, slot: Span) -> int:
    """Return the id of a slot's row. Nobody else counts its places, or its resource's, until the transaction ends."""
    if option.resource is not None:
        resources.lock(connection, option.resource, slot)
    key = {"product_id": product.id, "option_id": option.id, "starts_at": slot.starts_at}
    return _row(connection, LOCKED_ROW, {**key, "local_date": slot.starts_at.date()})


def row_without_date(connection: Connection, product: ProductTerms, option: OptionTerms) -> int:
    """Return the id of the row that bookings without a date belong to. Nobody counts places there."""
    key = {"product_id": product.id, "option_id": option.id, "starts_at": NO_DATE}
    return _row(connection, ROW, {**key, "local_date": NO_DATE.date()})


def count_taken(
    connection: Connection, option: OptionTerms, slot: Span, row_id: int, now: datetime, besides: int | None = None
) -> int:
    """Return the places taken in a locked slot, or of its resource meanwhile, having noted which holds ran out.

    A hold is noted as EXPIRED before its places count as free, and a booking nobody decided on as REJECTED: then it
    cannot be confirmed afterwards, even by a machine whose clock is behind. One being changed this moment still counts.

    :param besides: a booking whose places do not count, because it is asking.
    """
    if option.resource is not None:
        _end(connection, and_(resources.meanwhile(option.resource, slot), _overdue(now)))
        return resources.taken(connection, option.resource, [slot], _live(besides or 0))[slot.starts_at]
    key = {"slot": row_id, "besides": besides or 0, "now": now}
    ((taken, late),) = prepared.rows(connection, TAKEN_IN_SLOT, key)
    if late:
        _end(connection, and_(bookings.c.slot_id == row_id, _overdue(now)))
        ((taken, _),) = prepared.rows(connection, TAKEN_IN_SLOT, key)
    return int(taken)


def _live(besides: int | BindParameter[int]) -> ColumnElement[bool]:
    """Match the bookings that take places, as far as is noted."""
    return and_(bookings.c.status.in_((*TAKEN, *FOR_A_WHILE)), ~bookings.c.test_mode, bookings.c.id != besides)


def _overdue(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Match the bookings whose time is over, though it is not noted yet."""
    return and_(bookings.c.status.in_(FOR_A_WHILE), bookings.c.expires_at <= now)


# Put together once: building and looking up statements was a good part of what a booking took.
ROW = select(slots.c.id).where(
    slots.c.product_id == bindparam("product_id"),
    slots.c.option_id == bindparam("option_id"),
    slots.c.starts_at == bindparam("starts_at"),
)
LOCKED_ROW = ROW.with_for_update()
TAKEN_IN_SLOT = select(
    func.coalesce(func.sum(bookings.c.places).filter(_live(bindparam("besides", type_=Integer, required=False))), 0),
    func.count().filter(_overdue(bindparam("now", type_=UtcDateTime, required=False))),
).where(bookings.c.slot_id == bindparam("slot", required=False))


def _end(connection: Connection, overdue: ColumnElement[bool]) -> None:
    """Note that the time of bookings is over, but for those being changed this moment."""
    these = select(bookings.c.id).where(overdue).with_for_update(skip_locked=True)
    ended = case(FOR_A_WHILE, value=bookings.c.status)
    expire = bookings.update().where(bookings.c.id.in_(these))
    connection.execute(expire.values(status=ended, updated_at=bookings.c.expires_at))


def check_room(slot: Slot, places: int) -> None:
    """Raise unless so many places of a slot can be had.

    :raises SalesClosed: it is too late, or too early.
    :raises SoldOut: fewer are left.
    """
    if slot.status == "CLOSED":
        raise SalesClosed(f"{slot.id} is closed for sale; sales end at {slot.cutoff.isoformat()}")
    if slot.vacancies is not None and slot.vacancies < places:
        raise SoldOut(f"{slot.id} has {slot.vacancies} places left, {places} were asked for")


def _sold(
    connection: Connection, product_id: str, option_id: str, which: ColumnElement[bool], now: datetime
) -> dict[datetime, int]:
    statement = (
        select(slots.c.starts_at, func.sum(bookings.c.places).label("places"))
        .join(bookings, bookings.c.slot_id == slots.c.id)
        .where(slots.c.product_id == product_id, slots.c.option_id == option_id, which, _counts(now))
        .group_by(slots.c.starts_at)
    )
    return {row.starts_at: int(row.places) for row in connection.execute(statement)}


def _counts(now: datetime) -> ColumnElement[bool]:
    """Match the bookings whose places are not free at `now`."""
    held = and_(bookings.c.status.in_(FOR_A_WHILE), bookings.c.expires_at > now)
    return and_(~bookings.c.test_mode, or_(bookings.c.status.in_(TAKEN), held))


def _row(connection: Connection, statement: Select[Any], values: Mapping[str, Any]) -> int:
    """Return the id of a row of `slots`, made when it is missing."""
    key = {name: values[name] for name in ("product_id", "option_id", "starts_at")}
    found = prepared.rows(connection, statement, key)
    if not found:
        insert_new(connection, slots, values)
        found = prepared.rows(connection, statement, key)
    row_id: int = found[0].id
    return row_id
