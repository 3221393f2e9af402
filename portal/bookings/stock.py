"""Counting places. Whoever takes some locks the slot's row first and counts then; showing counts needs no lock.

Locks are taken in one order everywhere: booking, product, slot.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from portal.bookings.availability import Slot, Sold
from portal.bookings.errors import SalesClosed, SoldOut
from portal.bookings.model import State
from portal.bookings.tables import bookings, slots
from portal.database import insert_new

TAKEN = (State.CONFIRMED, State.REDEEMED)


def sold_on(connection: Connection, product_id: str, option_id: str, days: Sequence[date], now: datetime) -> Sold:
    """Return the places sold or held, for slots that start on local `days` (a range, in order)."""
    if not days:
        return {}
    return _sold(connection, product_id, option_id, slots.c.local_date.between(days[0], days[-1]), now)


def sold_since(connection: Connection, product_id: str, option_id: str, since: datetime, now: datetime) -> Sold:
    """Return the places sold or held, for every slot that starts after `since`."""
    return _sold(connection, product_id, option_id, slots.c.starts_at > since, now)


def sold_in(connection: Connection, slot_ids: Collection[int], now: datetime) -> dict[int, int]:
    """Return the places sold or held, by the row of their slot."""
    if not slot_ids:
        return {}
    statement = (
        select(bookings.c.slot_id, func.sum(bookings.c.places).label("places"))
        .where(bookings.c.slot_id.in_(slot_ids), _counts(now))
        .group_by(bookings.c.slot_id)
    )
    return {row.slot_id: int(row.places) for row in connection.execute(statement)}


def lock_slot(connection: Connection, product_id: str, option_id: str, slot: Slot) -> int:
    """Return the id of a slot's row, which nobody else can count places under until the transaction ends."""
    key = {"product_id": product_id, "option_id": option_id, "starts_at": slot.starts_at}
    statement = select(slots.c.id).filter_by(**key).with_for_update()
    row_id: int | None = connection.execute(statement).scalar()
    if row_id is None:
        insert_new(connection, slots, {**key, "local_date": slot.starts_at.date()})
        row_id = connection.execute(statement).scalar_one()
    return row_id


def count_taken(connection: Connection, slot_id: int, now: datetime, besides: int | None = None) -> int:
    """Return the places taken in a locked slot, having noted which holds ran out.

    A hold is noted as EXPIRED before its places count as free: then it cannot be confirmed afterwards, even by a
    machine whose clock is behind. One that is being changed this moment still counts.

    :param besides: a booking whose places do not count, because it is asking.
    """
    overdue = (
        select(bookings.c.id)
        .where(bookings.c.slot_id == slot_id, bookings.c.status == State.ON_HOLD, bookings.c.expires_at <= now)
        .with_for_update(skip_locked=True)
    )
    expire = bookings.update().where(bookings.c.id.in_(overdue))
    connection.execute(expire.values(status=State.EXPIRED, updated_at=bookings.c.expires_at))
    live = bookings.c.status.in_((*TAKEN, State.ON_HOLD))
    statement = select(func.coalesce(func.sum(bookings.c.places), 0)).where(
        bookings.c.slot_id == slot_id, live, ~bookings.c.test_mode, bookings.c.id != (besides or 0)
    )
    return int(connection.execute(statement).scalar_one())


def check_room(slot: Slot, places: int) -> None:
    """Raise unless so many places of a slot can be had.

    :raises SalesClosed: it is too late, or too early.
    :raises SoldOut: fewer are left.
    """
    if slot.status == "CLOSED":
        raise SalesClosed(f"{slot.id} is closed for sale; sales end at {slot.cutoff.isoformat()}")
    if slot.vacancies < places:
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
    held = and_(bookings.c.status == State.ON_HOLD, bookings.c.expires_at > now)
    return and_(~bookings.c.test_mode, or_(bookings.c.status.in_(TAKEN), held))
