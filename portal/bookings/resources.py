"""What several options share, such as a boat or the tables of a room: its places count together while times overlap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol

from sqlalchemy import ColumnElement, Connection, and_, func, select

from portal.bookings.availability import Taken, days_between, find_slot, peak
from portal.bookings.tables import bookings, resource_days
from portal.bookings.terms import OptionTerms, ProductTerms
from portal.database import insert_new


class During(Protocol):
    """Anything with a start and an end, such as a slot."""

    @property
    def starts_at(self) -> datetime:
        """When it begins."""

    @property
    def ends_at(self) -> datetime:
        """When it is over."""


@dataclass(frozen=True, slots=True)
class Time:
    """A start and an end."""

    starts_at: datetime
    ends_at: datetime


def taken(
    connection: Connection, resource: str, on: Sequence[During], which: ColumnElement[bool]
) -> Mapping[datetime, int]:
    """Return the most places of a resource that are taken at any one moment of each time, by its start.

    :param which: the bookings that count.
    """
    if not on:
        return {}
    whole = Time(min(time.starts_at for time in on), max(time.ends_at for time in on))
    statement = (
        select(bookings.c.starts_at, bookings.c.ends_at, func.sum(bookings.c.places).label("places"))
        .where(meanwhile(resource, whole), which)
        .group_by(bookings.c.starts_at, bookings.c.ends_at)
    )
    by_day: dict[date, list[Taken]] = {}
    for row in connection.execute(statement):
        for day in _days(row):
            by_day.setdefault(day, []).append((row.starts_at, row.ends_at, int(row.places)))
    answer = {}
    for time in on:
        near = {one for day in _days(time) for one in by_day.get(day, ())}
        answer[time.starts_at] = peak(near, time.starts_at, time.ends_at)
    return answer


def meanwhile(resource: str, time: During) -> ColumnElement[bool]:
    """Match the bookings that take places of a resource at any moment of a time."""
    return and_(
        bookings.c.resource == resource, bookings.c.starts_at < time.ends_at, bookings.c.ends_at > time.starts_at
    )


def lock(connection: Connection, resource: str, time: During) -> None:
    """Lock the days that a time touches: two that overlap have one in common, and all lock them in order."""
    days = _days(time)
    key = resource_days.c.resource == resource
    statement = select(resource_days.c.day).where(key, resource_days.c.day.in_(days)).order_by(resource_days.c.day)
    if len(connection.execute(statement).all()) < len(days):
        for day in days:
            insert_new(connection, resource_days, {"resource": resource, "day": day})
    connection.execute(statement.with_for_update()).all()


def hold_strays(connection: Connection, terms: ProductTerms, since: datetime) -> None:
    """Lock the bookings that `adopt` is going to change. Called before the product is locked, as all do."""
    for option in terms.options:
        strays = select(bookings.c.id).where(_strays(terms, option, since)).order_by(bookings.c.id)
        connection.execute(strays.with_for_update()).all()


def adopt(connection: Connection, terms: ProductTerms, since: datetime) -> None:
    """Count what was booked before with the resources that a product's options name now, as far as it is to come."""
    for option in terms.options:
        strays = _strays(terms, option, since)
        starts = connection.execute(select(bookings.c.starts_at).where(strays).distinct()).scalars().all()
        for starts_at in starts:
            slot = find_slot(terms, option, starts_at.astimezone(terms.zone).isoformat(), {}, since)
            known = {"ends_at": slot.ends_at} if slot else {}
            these = bookings.update().where(strays, bookings.c.starts_at == starts_at)
            connection.execute(these.values(resource=option.resource, **known))


def _strays(terms: ProductTerms, option: OptionTerms, since: datetime) -> ColumnElement[bool]:
    return and_(
        bookings.c.product_id == terms.id,
        bookings.c.option_id == option.id,
        bookings.c.starts_at > since,
        bookings.c.open_until.is_(None),
        bookings.c.resource.is_distinct_from(option.resource),
    )


def _days(time: During) -> list[date]:
    """Return the days in UTC that a time touches."""
    return days_between(time.starts_at.astimezone(UTC).date(), time.ends_at.astimezone(UTC).date())
