"""Many at once on a real database. The control tests take the locks out: without them, places are oversold."""

from __future__ import annotations

import time as real_time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from threading import Barrier, Event, get_ident
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, create_engine, event, func, select

from portal.bookings.changes import cancel, confirm, update
from portal.bookings.errors import BookingError, CapacityBelowSold, HoldExpired, SoldOut
from portal.bookings.holds import reserve
from portal.bookings.model import PORTAL, Booking, Change
from portal.bookings.products import get_product, publish
from portal.bookings.tables import bookings, unit_items
from portal.database import Database
from tests.integration.bookings.conftest import AFTERNOON, MORNING, START, Time, order
from tests.unit.bookings.samples import cruise

CLIENTS = 20


def at_once(calls: list[Callable[[], Booking]]) -> list[Booking | BookingError]:
    """Start all calls at the same moment, each in a thread; return what each gave or refused."""
    start = Barrier(len(calls))

    def run(call: Callable[[], Booking]) -> Booking | BookingError:
        start.wait()
        try:
            return call()
        except BookingError as error:
            return error

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def outcomes(results: list[Booking | BookingError]) -> Counter[str]:
    return Counter(one.state if isinstance(one, Booking) else one.code for one in results)


def places_sold(database: Database) -> int:
    live = bookings.c.status.in_(("ON_HOLD", "CONFIRMED")) & ~bookings.c.test_mode
    with database.read() as connection:
        return int(connection.execute(select(func.coalesce(func.sum(bookings.c.places), 0)).where(live)).scalar_one())


def rows(database: Database, table: Any) -> int:
    with database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def leave(database: Database, left: int) -> None:
    """Publish a cruise with so few places."""
    publish(database, "entertainment/haihe-cruise", [cruise(capacity=left)], START)


def test_twenty_who_ask_for_the_last_three_places_get_exactly_three(shop: Database, time: Time) -> None:
    leave(shop, 3)
    results = at_once([lambda: reserve(shop, time, PORTAL, order()) for _ in range(CLIENTS)])
    assert outcomes(results) == {"ON_HOLD": 3, "UNPROCESSABLE_ENTITY": CLIENTS - 3}
    assert all(isinstance(one, Booking | SoldOut) for one in results)
    assert places_sold(shop) == 3


def test_the_same_order_many_times_at_once_books_once(shop: Database, time: Time) -> None:
    leave(shop, 1)
    wanted = order()
    results = at_once([lambda: reserve(shop, time, PORTAL, wanted) for _ in range(8)])
    assert outcomes(results) == {"ON_HOLD": 8}
    assert len({one.reference for one in results if isinstance(one, Booking)}) == 1
    assert (rows(shop, bookings), rows(shop, unit_items)) == (1, 1)


def test_one_uuid_for_two_slots_at_once_books_one_of_them(shop: Database, time: Time) -> None:
    uuid = uuid4()
    wanted = [order(slot=slot, uuid=uuid) for slot in (MORNING, AFTERNOON)] * 4
    results = at_once([lambda one=one: reserve(shop, time, PORTAL, one) for one in wanted])  # type: ignore[misc]
    assert outcomes(results) == {"ON_HOLD": 4, "INVALID_BOOKING_UUID": 4}
    assert rows(shop, bookings) == 1


def test_a_place_whose_hold_ran_out_is_sold_once_while_its_holder_tries_to_confirm(shop: Database, time: Time) -> None:
    leave(shop, 1)
    late = reserve(shop, time, PORTAL, order())
    on_time = time.now
    time.passes(minutes=30)
    # The holder's machine has a clock that is behind, so that it believes the hold to be live.
    confirming = [lambda: confirm(shop, lambda: on_time, PORTAL, late.uuid) for _ in range(4)]
    reserving = [lambda: reserve(shop, time, PORTAL, order()) for _ in range(4)]
    results = at_once([*confirming, *reserving])
    assert places_sold(shop) == 1
    won = outcomes(results)
    assert won["CONFIRMED"] + won["ON_HOLD"] in {1, 4}  # one hold, or four times the same confirmed booking


def test_of_cancelling_and_confirming_at_once_the_booking_ends_up_cancelled(shop: Database, time: Time) -> None:
    held = reserve(shop, time, PORTAL, order())
    results = at_once([lambda: confirm(shop, time, PORTAL, held.uuid), lambda: cancel(shop, time, PORTAL, held.uuid)])
    assert outcomes(results)["CANCELLED"] == 1
    assert places_sold(shop) == 0


def test_moving_bookings_into_the_last_place_of_a_slot_moves_exactly_one(shop: Database, time: Time) -> None:
    leave(shop, 4)
    reserve(shop, time, PORTAL, order(3, slot=MORNING))
    held = [reserve(shop, time, PORTAL, order()) for _ in range(4)]
    change = Change(slot_id=MORNING)
    results = at_once([lambda one=one: update(shop, time, PORTAL, one.uuid, change) for one in held])  # type: ignore[misc]
    assert outcomes(results) == {"ON_HOLD": 1, "UNPROCESSABLE_ENTITY": 3}
    assert places_sold(shop) == 7


def cut_while_selling(database: Database, time: Time) -> None:
    """Cut the capacity to 2; six ask for a place after the cut has looked at what is sold and before it commits."""
    looked = Event()

    def dawdle(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if get_ident() == publisher and "sum(bookings.places)" in statement:
            looked.set()
            real_time.sleep(0.5)

    def sell() -> Booking:
        assert looked.wait(10)
        return reserve(database, time, PORTAL, order())

    publisher = get_ident()
    event.listen(database.engine, "after_cursor_execute", dawdle)
    with ThreadPoolExecutor(6) as pool:
        sales = [pool.submit(sell) for _ in range(6)]
        leave(database, 2)
        for sale in sales:
            assert isinstance(sale.exception(), SoldOut | None)
    event.remove(database.engine, "after_cursor_execute", dawdle)


def test_a_sale_waits_for_a_cut_of_the_capacity_that_has_begun(shop: Database, time: Time) -> None:
    cut_while_selling(shop, time)
    assert get_product(shop, "haihe-cruise-day").terms.options[0].capacity == 2
    assert places_sold(shop) == 2


def test_a_capacity_is_not_cut_below_a_sale_that_came_first(shop: Database, time: Time) -> None:
    for _ in range(3):
        reserve(shop, time, PORTAL, order())
    with pytest.raises(CapacityBelowSold):
        leave(shop, 2)
    assert get_product(shop, "haihe-cruise-day").terms.options[0].capacity == 120


def test_processes_that_migrate_at_the_same_time_do_not_disturb_each_other(database: Database) -> None:
    def migrate() -> None:
        other = Database(database.url.render_as_string(hide_password=False))
        other.upgrade()
        other.close()

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(migrate) for _ in range(4)]:
            done.result()


class WithoutLocks(Database):
    """Every statement is a transaction of its own, so no lock outlives the statement that takes it."""

    @cached_property
    def engine(self) -> Engine:
        return create_engine(self.url, isolation_level="AUTOCOMMIT")


def test_control_without_the_lock_places_are_oversold(shop: Database, time: Time) -> None:
    leave(shop, 3)
    unlocked = WithoutLocks(shop.url.render_as_string(hide_password=False))

    @event.listens_for(unlocked.engine, "after_cursor_execute")
    def dawdle(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "sum(bookings.places)" in statement:
            real_time.sleep(0.1)  # between the look and the sale

    results = at_once([lambda: reserve(unlocked, time, PORTAL, order()) for _ in range(CLIENTS)])
    unlocked.close()
    assert outcomes(results)["ON_HOLD"] > 3
    assert places_sold(shop) > 3


def test_control_without_the_lock_places_are_sold_under_a_cut(shop: Database, time: Time) -> None:
    unlocked = WithoutLocks(shop.url.render_as_string(hide_password=False))
    cut_while_selling(unlocked, time)
    unlocked.close()
    assert get_product(shop, "haihe-cruise-day").terms.options[0].capacity == 2
    assert places_sold(shop) > 2


def test_confirming_after_expiry_is_refused(shop: Database, time: Time) -> None:
    held = reserve(shop, time, PORTAL, order())
    time.passes(minutes=30)
    with pytest.raises(HoldExpired):
        confirm(shop, time, PORTAL, held.uuid)
