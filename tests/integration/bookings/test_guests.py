"""Who is coming, as a business sees it, on SQLite and on PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from portal.bookings import guests
from portal.bookings.changes import cancel, confirm
from portal.bookings.guests import Departure, Expected
from portal.bookings.holds import reserve
from portal.bookings.model import PORTAL, Booking, Contact, Order
from portal.bookings.products import publish
from portal.bookings.redemption import redeem
from portal.database import Database
from tests.integration.bookings.conftest import AFTERNOON, MORNING, START, Time, order
from tests.unit.bookings.samples import cruise, product, wheel

CRUISE, WHEEL = "entertainment/haihe-cruise", "attractions/tianjin-eye"
DAY = date(2026, 7, 1)


def booked(database: Database, time: Time, wanted: Order, name: str = "Li Na") -> Booking:
    contact = Contact(full_name=name, email_address="li@example.com", phone_number="+8613800138000")
    held = reserve(database, time, PORTAL, replace(wanted, contact=contact))
    return confirm(database, time, PORTAL, held.uuid)


def seen(departures: list[Departure]) -> list[tuple[str, str, int]]:
    return [(one.product.id, one.slot.id if one.slot else "", one.heads) for one in departures]


def test_a_day_shows_every_departure_with_who_comes(shop: Database, time: Time) -> None:
    booked(shop, time, order(2))
    booked(shop, time, order(1, unit="family"))
    reserve(shop, time, PORTAL, order(3))  # only held
    gone = booked(shop, time, order(4))
    cancel(shop, time, PORTAL, gone.uuid)
    trial = reserve(shop, time, replace(PORTAL, test=True), order(5))
    confirm(shop, time, replace(PORTAL, test=True), trial.uuid)
    found = guests.departures(shop, time, [CRUISE], DAY)
    assert seen(found) == [("haihe-cruise-day", MORNING, 0), ("haihe-cruise-day", AFTERNOON, 6)]
    assert found[1].units == {"adult": 2, "family": 1}
    assert (found[1].slot and found[1].slot.capacity, found[1].arrived) == (120, 0)
    assert guests.expected(shop, time, [CRUISE], DAY, DAY) == [Expected(DAY, 2, 6)]


def test_nobody_sees_guests_of_another_listing(shop: Database, time: Time) -> None:
    one = booked(shop, time, order(2))
    other = [WHEEL]
    assert seen(guests.departures(shop, time, other, DAY)) == [("tianjin-eye-ride", "2026-07-01T00:00:00+08:00", 0)]
    assert guests.expected(shop, time, other, DAY, DAY) == []
    assert guests.search(shop, time, other, "Li Na") == []
    assert guests.find(shop, time, other, one.reference) is None
    assert guests.find(shop, time, [CRUISE, WHEEL], one.reference) is not None


def test_who_booked_a_departure_that_was_dropped_is_still_expected(shop: Database, time: Time) -> None:
    booked(shop, time, order(2, slot=AFTERNOON))
    publish(shop, CRUISE, [cruise(start_times=["10:00"])], START)
    found = guests.departures(shop, time, [CRUISE], DAY)
    assert seen(found) == [("haihe-cruise-day", MORNING, 0), ("haihe-cruise-day", AFTERNOON, 2)]


def test_who_is_in_is_counted(shop: Database, time: Time) -> None:
    first = booked(shop, time, order(2))
    booked(shop, time, order(1))
    redeem(shop, time, first.reference)
    found = guests.departures(shop, time, [CRUISE], DAY)[1]
    assert (found.heads, found.arrived) == (3, 2)


def test_a_booking_without_a_date_is_shown_until_it_ends_or_is_used(shop: Database, time: Time) -> None:
    publish(shop, WHEEL, [product(wheel(), open_dated={"valid_days": 10})], START)
    wanted = replace(order(slot=""), product_id="tianjin-eye-ride")
    one = booked(shop, time, wanted)
    assert seen(guests.departures(shop, time, [WHEEL], DAY))[-1] == ("tianjin-eye-ride", "", 1)
    redeem(shop, time, one.reference)
    assert seen(guests.departures(shop, time, [WHEEL], DAY)) == [("tianjin-eye-ride", "2026-07-01T00:00:00+08:00", 0)]


def test_a_booking_is_found_by_what_people_know_of_it(shop: Database, time: Time) -> None:
    one = booked(shop, time, replace(order(), reseller_reference="R-17"), "王 小明")
    booked(shop, time, order(), "Anna 100% Smith")
    for words in (one.reference, one.reference.lower().replace("-", " "), "小明", "R-17"):
        assert [found.reference for found in guests.search(shop, time, [CRUISE], words)] == [one.reference], words
    assert len(guests.search(shop, time, [CRUISE], "LI@EXAMPLE")) == 2
    assert len(guests.search(shop, time, [CRUISE], "100%")) == 1
    for words in ("", "\0", "Nobody", "%"):
        assert len(guests.search(shop, time, [CRUISE], words)) == (1 if words == "%" else 0), words


def test_what_waits_for_a_decision_is_listed_until_its_time_is_over(shop: Database, time: Time) -> None:
    publish(shop, CRUISE, [product(cruise(), instant_confirmation=False)], START)
    one = booked(shop, time, order())
    assert [found.reference for found in guests.undecided(shop, time, [CRUISE])] == [one.reference]
    assert guests.undecided(shop, time, [WHEEL]) == []
    time.passes(hours=7)
    assert guests.undecided(shop, time, [CRUISE]) == []
