"""A business changes its calendar, on SQLite and on PostgreSQL; what is sold stays sold."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection

from portal.bookings.calendar_changes import Cell, closed, decide, month
from portal.bookings.errors import CapacityBelowSold, InvalidAvailability, InvalidOption, InvalidProduct, SoldOut
from portal.bookings.holds import reserve
from portal.bookings.model import PORTAL
from portal.bookings.overrides import WHOLE_DAY, Override
from portal.bookings.products import get_product, publish
from portal.bookings.queries import Wish, availability
from portal.database import Database
from tests.integration.bookings.conftest import MORNING, START, Time, order
from tests.integration.bookings.test_races import at_once, outcomes, places_sold
from tests.unit.bookings.samples import cruise, wheel

CRUISE = "entertainment/haihe-cruise"
OPTION = ("haihe-cruise-day", "DEFAULT")
DAY, NEXT = date(2026, 7, 1), date(2026, 7, 2)


def put(database: Database, time: Time, *decided: Override, days: tuple[date, ...] = (DAY,), **more: Any) -> None:
    decide(database, time, more.get("option", OPTION), days, decided, more.get("after", lambda *_: None))


def offered(database: Database, time: Time, day: date = DAY) -> list[tuple[str, int | None]]:
    return [(slot.id[11:16], slot.capacity) for slot in availability(database, time, Wish(*OPTION), day, day)]


def cells(database: Database, time: Time, day: date = DAY) -> tuple[Cell, ...]:
    return month(database, time, *OPTION, [day])[0].cells


def test_a_departure_is_closed_resized_added_and_let_go_again(shop: Database, time: Time) -> None:
    put(shop, time, Override(DAY, "10:00", None), Override(DAY, "14:00", 7), Override(DAY, "21:00", 30))
    assert offered(shop, time) == [("14:00", 7), ("21:00", 30)]
    assert offered(shop, time, NEXT) == [("10:00", 120), ("14:00", 120)]
    assert cells(shop, time) == (
        Cell("10:00", regular=True, planned=120, open=False, capacity=None, sold=0, decided=True),
        Cell("14:00", regular=True, planned=120, open=True, capacity=7, sold=0, decided=True),
        Cell("21:00", regular=False, planned=None, open=True, capacity=30, sold=0, decided=True),
    )
    with pytest.raises(InvalidAvailability):
        reserve(shop, time, PORTAL, order(slot=MORNING))
    put(shop, time)
    assert offered(shop, time) == [("10:00", 120), ("14:00", 120)]


def test_whole_days_are_closed_and_a_departure_may_stay(shop: Database, time: Time) -> None:
    days, decided = closed(DAY, NEXT)
    put(shop, time, *decided, Override(NEXT, "14:00", 5), days=tuple(days))
    assert offered(shop, time) == []
    assert offered(shop, time, NEXT) == [("14:00", 5)]
    shown = month(shop, time, *OPTION, days)
    assert [one.closed for one in shown] == [True, True]


def test_a_cut_below_what_is_sold_is_refused_with_the_number_and_changes_nothing(shop: Database, time: Time) -> None:
    reserve(shop, time, PORTAL, order(3))
    noted: list[str] = []

    def note(_connection: Connection, _now: object) -> None:
        noted.append("noted")

    with pytest.raises(CapacityBelowSold) as refused:
        put(shop, time, Override(DAY, "10:00", None), Override(DAY, "14:00", 2), after=note)
    assert (refused.value.sold, refused.value.capacity) == (3, 2)
    assert offered(shop, time) == [("10:00", 120), ("14:00", 120)]
    assert noted == []
    put(shop, time, Override(DAY, "14:00", 3), after=note)
    assert noted == ["noted"]
    with pytest.raises(SoldOut):
        reserve(shop, time, PORTAL, order())


def test_closing_stops_sales_and_leaves_who_has_booked(shop: Database, time: Time) -> None:
    reserve(shop, time, PORTAL, order(3))
    put(shop, time, Override(DAY, "14:00", None))
    with pytest.raises(InvalidAvailability):
        reserve(shop, time, PORTAL, order())
    assert [(cell.start, cell.open, cell.sold) for cell in cells(shop, time)] == [
        ("10:00", True, 0),
        ("14:00", False, 3),
    ]
    assert places_sold(shop) == 3


def test_what_was_decided_outlives_a_change_of_the_listing(shop: Database, time: Time) -> None:
    put(shop, time, Override(DAY, "14:00", 7))
    publish(shop, CRUISE, [cruise(capacity=90)], START)
    assert offered(shop, time) == [("10:00", 90), ("14:00", 7)]
    assert get_product(shop, OPTION[0]).version == 3
    publish(shop, CRUISE, [cruise(capacity=90)], START)
    assert get_product(shop, OPTION[0]).version == 3


def test_what_no_longer_fits_the_terms_is_left_out(shop: Database, time: Time) -> None:
    put(shop, time, Override(DAY, "14:00", 7))
    publish(shop, "attractions/tianjin-eye", [], START)
    ride = wheel().model_copy(update={"id": OPTION[0]})
    publish(shop, CRUISE, [ride], START)
    assert offered(shop, time) == [("00:00", 400)]
    put(shop, time, Override(DAY, WHOLE_DAY, 50))
    assert offered(shop, time) == [("00:00", 50)]


def test_only_what_is_on_sale_has_a_calendar(shop: Database, time: Time) -> None:
    for option, error in [(("nothing", "DEFAULT"), InvalidProduct), (("haihe-cruise-day", "VIP"), InvalidOption)]:
        with pytest.raises(error):
            put(shop, time, option=option)
        with pytest.raises(error):
            month(shop, time, *option, [DAY])


def test_deciding_the_same_at_once_decides_it_once(shop: Database, time: Time) -> None:
    def call() -> Any:
        put(shop, time, Override(DAY, "14:00", 7))
        return reserve(shop, time, PORTAL, order())

    results = at_once([call] * 6)
    assert outcomes(results) == {"ON_HOLD": 6}
    assert offered(shop, time)[1] == ("14:00", 7)
