"""One boat, two tours: places count together while times overlap, also when many ask at once."""

from __future__ import annotations

import time as real_time
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event

from portal.bookings.changes import cancel, update
from portal.bookings.errors import CapacityBelowSold, SoldOut
from portal.bookings.holds import reserve
from portal.bookings.model import PORTAL, Change, Order
from portal.bookings.products import publish
from portal.bookings.queries import Wish, availability
from portal.bookings.terms import ProductTerms
from portal.database import Database
from tests.integration.bookings.conftest import AFTERNOON, START, Time, order
from tests.integration.bookings.test_races import CLIENTS, WithoutLocks, at_once, outcomes, places_sold
from tests.unit.bookings.samples import cruise

TEA = "haihe-cruise-tea"
LATER = "2026-07-01T14:30:00+08:00"
NIGHT = "2026-07-01T20:00:00+08:00"
DAY = date(2026, 7, 1)


def tours(capacity: int) -> list[ProductTerms]:
    """Two products on one boat: the tea cruise starts at 14:30, while the day cruise of 14:00 is under way."""
    tea = cruise(capacity=capacity, resource="boat", start_times=["14:30", "20:00"])
    return [cruise(capacity=capacity, resource="boat"), tea.model_copy(update={"id": TEA})]


@pytest.fixture
def boat(shop: Database) -> Database:
    publish(shop, "entertainment/haihe-cruise", tours(3), START)
    return shop


def tea(slot: str = LATER, **more: Any) -> Order:
    return replace(order(slot=slot, **more), product_id=TEA)


def left(database: Database, time: Time, product: str) -> list[int | None]:
    found = availability(database, time, Wish(product, "DEFAULT"), DAY, DAY)
    return [slot.vacancies for slot in found]


def test_a_place_on_one_tour_is_gone_from_the_other_while_they_overlap(boat: Database, time: Time) -> None:
    held = reserve(boat, time, PORTAL, order(2))
    assert held.slot.vacancies == 1
    assert left(boat, time, TEA) == [1, 3]
    assert left(boat, time, "haihe-cruise-day") == [3, 1]
    with pytest.raises(SoldOut):
        reserve(boat, time, PORTAL, tea(count=2))
    assert reserve(boat, time, PORTAL, tea(NIGHT, count=3)).slot.vacancies == 0
    cancel(boat, time, PORTAL, held.uuid)
    assert left(boat, time, TEA) == [3, 0]
    reserve(boat, time, PORTAL, tea(count=3))


def test_a_hold_that_ran_out_frees_the_other_tour(boat: Database, time: Time) -> None:
    reserve(boat, time, PORTAL, order(3))
    time.passes(minutes=30)
    assert left(boat, time, TEA)[0] == 3
    reserve(boat, time, PORTAL, tea(count=3))


def test_moving_to_a_full_boat_keeps_the_old_place(boat: Database, time: Time) -> None:
    reserve(boat, time, PORTAL, order(3))
    held = reserve(boat, time, PORTAL, tea(NIGHT))
    with pytest.raises(SoldOut):
        update(boat, time, PORTAL, held.uuid, Change(slot_id=LATER))
    assert left(boat, time, TEA) == [0, 2]


def test_the_boat_is_not_made_smaller_than_what_both_tours_sold(boat: Database, time: Time) -> None:
    reserve(boat, time, PORTAL, order(2))
    reserve(boat, time, PORTAL, tea())
    with pytest.raises(CapacityBelowSold, match="capacity 2 is below the 3 places"):
        publish(boat, "entertainment/haihe-cruise", tours(2), START)


def test_many_who_ask_through_both_tours_at_once_get_exactly_the_boats_places(boat: Database, time: Time) -> None:
    wanted = [order() if number % 2 else tea() for number in range(CLIENTS)]
    results = at_once([lambda one=one: reserve(boat, time, PORTAL, one) for one in wanted])  # type: ignore[misc]
    assert outcomes(results) == {"ON_HOLD": 3, "UNPROCESSABLE_ENTITY": CLIENTS - 3}
    assert places_sold(boat) == 3


def test_control_without_the_lock_the_boat_is_oversold(boat: Database, time: Time) -> None:
    unlocked = WithoutLocks(boat.url.render_as_string(hide_password=False))

    @event.listens_for(unlocked.engine, "after_cursor_execute")
    def dawdle(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "sum(bookings.places)" in statement:
            real_time.sleep(0.1)  # between the look and the sale

    wanted = [order() if number % 2 else tea() for number in range(CLIENTS)]
    results = at_once([lambda one=one: reserve(unlocked, time, PORTAL, one) for one in wanted])  # type: ignore[misc]
    unlocked.close()
    assert outcomes(results)["ON_HOLD"] > 3
    assert places_sold(boat) > 3


def test_bookings_made_before_the_tours_shared_a_boat_count_afterwards(shop: Database, time: Time) -> None:
    reserve(shop, time, PORTAL, order(2, slot=AFTERNOON))
    publish(shop, "entertainment/haihe-cruise", tours(3), START)
    assert left(shop, time, TEA)[0] == 1
