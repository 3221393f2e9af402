from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from portal.bookings.changes import cancel, confirm, extend, update
from portal.bookings.errors import (
    HoldExpired,
    InvalidAvailability,
    InvalidBooking,
    InvalidOption,
    InvalidProduct,
    InvalidUnit,
    NotPossible,
    SalesClosed,
    SoldOut,
    TooLateToCancel,
    UuidTaken,
)
from portal.bookings.holds import reserve
from portal.bookings.model import PORTAL, Change, Contact, Refund, Seller, State, Ticket
from portal.bookings.products import publish
from portal.bookings.queries import (
    Filter,
    Wish,
    availability,
    availability_by_id,
    find_by_reference,
    get_booking,
    list_bookings,
    token_for,
)
from portal.database import Database
from portal.partners.accounts import create_partner
from portal.partners.keys import authenticate
from tests.integration.bookings.conftest import AFTERNOON, MORNING, START, Time, order
from tests.unit.bookings.samples import ADULT, cruise

CRUISE = Wish("haihe-cruise-day", "DEFAULT")
DAY = date(2026, 7, 1)
SECRET = "a secret"


def left(database: Database, time: Time, slot: str = AFTERNOON) -> int:
    (found,) = availability_by_id(database, time, CRUISE, [slot])
    return found.vacancies


def partner(database: Database, name: str = "Ticket shop") -> Seller:
    known = authenticate(database, create_partner(database, name))
    assert known is not None
    return Seller(known.partner.id)


def test_a_booking_goes_from_hold_to_confirmed_to_cancelled(shop: Database, time: Time) -> None:
    held = reserve(shop, time, PORTAL, order(2, unit="family"))
    assert (held.state, held.total, held.expires_at) == (State.ON_HOLD, 50000, START + timedelta(minutes=30))
    assert left(shop, time) == 112
    confirmed = confirm(shop, time, PORTAL, held.uuid, Change(contact=Contact(full_name="Li Na")))
    assert (confirmed.state, confirmed.confirmed_at, confirmed.contact.full_name) == (State.CONFIRMED, START, "Li Na")
    assert confirm(shop, time, PORTAL, held.uuid) == confirmed
    time.passes(minutes=31)
    assert get_booking(shop, time, PORTAL, held.uuid).state is State.CONFIRMED
    cancelled = cancel(shop, time, PORTAL, held.uuid, "rain")
    assert cancelled.cancellation is not None
    assert (cancelled.cancellation.refund, cancelled.cancellation.reason) == (Refund.FULL, "rain")
    assert left(shop, time) == 120
    with pytest.raises(NotPossible):
        cancel(shop, time, PORTAL, held.uuid)


def test_the_places_of_an_expired_hold_are_free_at_once(shop: Database, time: Time) -> None:
    publish(shop, "entertainment/haihe-cruise", [cruise(capacity=2)], START)
    held = reserve(shop, time, PORTAL, order(2))
    with pytest.raises(SoldOut):
        reserve(shop, time, PORTAL, order())
    time.now = held.expires_at - timedelta(microseconds=1)
    assert left(shop, time) == 0
    time.now = held.expires_at
    assert left(shop, time) == 2
    assert get_booking(shop, time, PORTAL, held.uuid).state is State.EXPIRED
    reserve(shop, time, PORTAL, order(2))
    assert left(shop, time) == 0
    for change in (confirm, extend):
        with pytest.raises(HoldExpired):
            change(shop, time, PORTAL, held.uuid)
    with pytest.raises(NotPossible):
        cancel(shop, time, PORTAL, held.uuid)


def test_a_hold_can_be_extended_but_not_shortened(shop: Database, time: Time) -> None:
    held = reserve(shop, time, PORTAL, order())
    assert extend(shop, time, PORTAL, held.uuid, 31).expires_at == held.expires_at + timedelta(minutes=1)
    assert extend(shop, time, PORTAL, held.uuid, 1).expires_at == held.expires_at + timedelta(minutes=1)


def test_the_same_order_twice_is_one_booking_and_another_under_its_uuid_is_refused(shop: Database, time: Time) -> None:
    wanted = order(2)
    held = reserve(shop, time, PORTAL, wanted)
    time.passes(minutes=1)
    assert reserve(shop, time, PORTAL, wanted) == held
    assert left(shop, time) == 118
    with pytest.raises(UuidTaken):
        reserve(shop, time, PORTAL, replace(wanted, notes="other"))
    publish(shop, "entertainment/haihe-cruise", [], START)
    assert reserve(shop, time, PORTAL, wanted).reference == held.reference


def test_sellers_do_not_see_each_others_bookings_even_under_one_uuid(shop: Database, time: Time) -> None:
    one, other = partner(shop), partner(shop, "Other shop")
    uuid = uuid4()
    references = {reserve(shop, time, seller, order(uuid=uuid)).reference for seller in (one, other, PORTAL)}
    assert len(references) == 3
    with pytest.raises(InvalidBooking):
        get_booking(shop, time, one, reserve(shop, time, other, order()).uuid)
    assert len(list_bookings(shop, time, one, Filter(first=DAY, last=DAY))) == 1


def test_a_test_booking_takes_no_places(shop: Database, time: Time) -> None:
    publish(shop, "entertainment/haihe-cruise", [cruise(capacity=2)], START)
    sandbox = replace(partner(shop), test=True)
    confirm(shop, time, sandbox, reserve(shop, time, sandbox, order(2)).uuid)
    assert left(shop, time) == 2
    reserve(shop, time, PORTAL, order(2))
    with pytest.raises(SoldOut):
        reserve(shop, time, sandbox, order())


def test_what_is_not_on_sale_is_named(shop: Database, time: Time) -> None:
    wanted = order()
    wrong = [
        (InvalidProduct, replace(wanted, product_id="boat\0")),
        (InvalidProduct, replace(wanted, product_id="boat")),
        (InvalidOption, replace(wanted, option_id="NIGHT")),
        (InvalidUnit, replace(wanted, tickets=(Ticket("dog"),))),
        (InvalidAvailability, replace(wanted, slot_id="2026-07-01T11:00:00+08:00")),
        (InvalidAvailability, replace(wanted, slot_id="")),
    ]
    for error, changed in wrong:
        with pytest.raises(error):
            reserve(shop, time, PORTAL, changed)
    assert left(shop, time) == 120


def test_after_the_cutoff_nothing_is_reserved_and_nothing_confirmed(shop: Database, time: Time) -> None:
    time.passes(hours=5.4)  # 13:24 in Tianjin, sales for 14:00 end at 13:30
    held = reserve(shop, time, PORTAL, order())
    time.passes(minutes=6)
    with pytest.raises(SalesClosed):
        reserve(shop, time, PORTAL, order())
    with pytest.raises(SalesClosed):
        confirm(shop, time, PORTAL, held.uuid)


def test_a_confirmed_booking_stays_after_the_cancellation_cutoff(shop: Database, time: Time) -> None:
    booked = confirm(shop, time, PORTAL, reserve(shop, time, PORTAL, order()).uuid)
    assert booked.cancellable
    time.passes(hours=4)  # 12:00 in Tianjin, two hours before the start
    assert not get_booking(shop, time, PORTAL, booked.uuid).cancellable
    for change in (lambda: cancel(shop, time, PORTAL, booked.uuid), lambda: _rename(shop, time, booked.uuid)):
        with pytest.raises(TooLateToCancel):
            change()


def _rename(database: Database, time: Time, uuid: object) -> None:
    update(database, time, PORTAL, uuid, Change(notes="late"))  # type: ignore[arg-type]


def test_moving_to_a_full_slot_leaves_the_booking_where_it_was(shop: Database, time: Time) -> None:
    publish(shop, "entertainment/haihe-cruise", [cruise(capacity=2)], START)
    reserve(shop, time, PORTAL, order(2, slot=MORNING))
    held = reserve(shop, time, PORTAL, order(1))
    with pytest.raises(SoldOut):
        update(shop, time, PORTAL, held.uuid, Change(slot_id=MORNING, notes="never", tickets=(Ticket("child"),)))
    assert get_booking(shop, time, PORTAL, held.uuid) == held


def test_moving_takes_the_new_places_and_frees_the_old(shop: Database, time: Time) -> None:
    held = reserve(shop, time, PORTAL, order(3))
    moved = update(shop, time, PORTAL, held.uuid, Change(slot_id=MORNING))
    assert (moved.slot.id, moved.total) == (MORNING, held.total)
    assert (left(shop, time, MORNING), left(shop, time)) == (117, 120)


def test_confirming_with_other_tickets_replaces_them_and_counts_anew(shop: Database, time: Time) -> None:
    publish(shop, "entertainment/haihe-cruise", [cruise(capacity=3)], START)
    held = reserve(shop, time, PORTAL, order(2))
    kept = Ticket("adult", held.tickets[1].uuid)
    with pytest.raises(SoldOut):
        confirm(
            shop, time, PORTAL, held.uuid, Change(tickets=(kept, Ticket("adult"), Ticket("child"), Ticket("child")))
        )
    confirmed = confirm(shop, time, PORTAL, held.uuid, Change(tickets=(kept, Ticket("child"))))
    assert [ticket.unit_id for ticket in confirmed.tickets] == ["adult", "child"]
    assert (confirmed.tickets[0].uuid, confirmed.total) == (kept.uuid, 15000)
    assert left(shop, time) == 1


def test_the_price_and_terms_of_a_hold_stay_when_new_ones_are_published(shop: Database, time: Time) -> None:
    held = reserve(shop, time, PORTAL, order())
    dearer = cruise(units=[{**ADULT, "price": 99000}], cancellation_cutoff={"amount": 3, "unit": "day"})
    publish(shop, "entertainment/haihe-cruise", [dearer], START)
    confirmed = confirm(shop, time, PORTAL, held.uuid)
    assert (confirmed.total, confirmed.option, confirmed.cancellable) == (10000, cruise().options[0], True)
    assert reserve(shop, time, PORTAL, order()).total == 99000


def test_a_seller_bound_to_a_supplier_sells_only_that_suppliers_products(shop: Database, time: Time) -> None:
    boats = cruise().model_copy(update={"id": "boats", "supplier": "boats-ltd"})
    publish(shop, "entertainment/boats", [boats], START)
    bound = Seller(supplier="boats-ltd")
    assert reserve(shop, time, bound, replace(order(), product_id="boats")).total == 10000
    with pytest.raises(InvalidProduct):
        reserve(shop, time, bound, order())


def test_a_visitor_finds_a_booking_by_its_signed_link_only(shop: Database, time: Time) -> None:
    held = reserve(shop, time, PORTAL, order())
    token = token_for(SECRET, held.reference)
    assert find_by_reference(shop, time, SECRET, held.reference.lower(), token) == held
    for reference, wrong in [
        (held.reference, ""),
        (held.reference, "ü\ud800"),
        ("22222-22222", token),
        (held.reference, token_for("another secret", held.reference)),
        ("\0", token_for(SECRET, "\0")),
    ]:
        assert find_by_reference(shop, time, SECRET, reference, wrong) is None


def test_availability_counts_what_is_sold_and_held(shop: Database, time: Time) -> None:
    reserve(shop, time, PORTAL, order(3))
    reserve(shop, time, PORTAL, order(1, slot=MORNING))
    found = availability(shop, time, CRUISE, DAY, DAY + timedelta(days=1))
    assert [slot.vacancies for slot in found] == [119, 117, 120, 120]
