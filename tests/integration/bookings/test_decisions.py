from __future__ import annotations

from datetime import timedelta

import pytest

from portal.bookings.changes import accept, cancel, confirm, reject, update
from portal.bookings.errors import HoldExpired, InvalidBooking, NotPossible, SoldOut
from portal.bookings.holds import reserve
from portal.bookings.model import PORTAL, Booking, Change, Refund, State
from portal.bookings.products import publish
from portal.bookings.queries import get_booking
from portal.bookings.redemption import redeem
from portal.database import Database
from tests.integration.bookings.conftest import AFTERNOON, MORNING, START, Time, order
from tests.unit.bookings.samples import cruise, product

LISTING = "entertainment/haihe-cruise"


@pytest.fixture
def asking(shop: Database) -> Database:
    """The shop, with a boat for eight whose owner decides on each booking."""
    publish(shop, LISTING, [product(cruise(capacity=8), instant_confirmation=False)], START)
    return shop


@pytest.fixture
def tickets(shop: Database) -> Database:
    """The shop, with a code for every ticket of the cruise."""
    publish(shop, LISTING, [product(cruise(), delivery="TICKET")], START)
    return shop


def pending(shop: Database, time: Time, count: int = 2, slot: str = AFTERNOON) -> Booking:
    held = reserve(shop, time, PORTAL, order(count, slot))
    return confirm(shop, time, PORTAL, held.uuid)


def test_a_booking_waits_with_its_places_until_its_business_accepts(asking: Database, time: Time) -> None:
    asked = pending(asking, time, 8)
    assert (asked.state, asked.confirmed_at, asked.cancellable) == (State.PENDING, None, True)
    assert confirm(asking, time, PORTAL, asked.uuid) == asked
    time.passes(hours=2)  # longer than a hold
    with pytest.raises(SoldOut):
        reserve(asking, time, PORTAL, order(1))
    accepted = accept(asking, time, asked.reference)
    assert (accepted.state, accepted.confirmed_at) == (State.CONFIRMED, time.now)
    assert accept(asking, time, asked.reference) == accepted
    with pytest.raises(NotPossible):
        reject(asking, time, asked.reference)


def test_a_rejected_booking_gives_its_places_back_and_says_why(asking: Database, time: Time) -> None:
    asked = pending(asking, time, 8)
    rejected = reject(asking, time, asked.reference, "The boat is in the dock.")
    assert rejected.state is State.REJECTED
    assert rejected.cancellation is not None
    assert (rejected.cancellation.reason, rejected.cancellation.refund) == ("The boat is in the dock.", Refund.NONE)
    assert reject(asking, time, asked.reference) == rejected
    for change in (lambda: accept(asking, time, asked.reference), lambda: cancel(asking, time, PORTAL, asked.uuid)):
        with pytest.raises(NotPossible):
            change()
    assert reserve(asking, time, PORTAL, order(8)).state is State.ON_HOLD


def test_what_nobody_decided_on_before_the_start_is_rejected(asking: Database, time: Time) -> None:
    asked = pending(asking, time, 2, MORNING)
    time.passes(hours=2)
    late = get_booking(asking, time, PORTAL, asked.uuid)
    assert late.state is State.REJECTED
    assert late.cancellation is not None
    assert late.cancellation.reason == "Nobody decided in time."
    with pytest.raises(NotPossible, match="REJECTED"):
        accept(asking, time, asked.reference)


def test_a_pending_booking_can_be_cancelled_and_moved(asking: Database, time: Time) -> None:
    moved = update(asking, time, PORTAL, pending(asking, time, 2, MORNING).uuid, Change(slot_id=AFTERNOON))
    time.passes(hours=3)
    assert get_booking(asking, time, PORTAL, moved.uuid).state is State.PENDING
    cancelled = cancel(asking, time, PORTAL, moved.uuid)
    assert cancelled.cancellation is not None
    assert cancelled.cancellation.refund is Refund.NONE


def test_only_the_supplier_decides_and_only_on_what_waits(asking: Database, time: Time) -> None:
    held = reserve(asking, time, PORTAL, order(1))
    with pytest.raises(NotPossible, match="ON_HOLD, not PENDING"):
        accept(asking, time, held.reference)
    asked = confirm(asking, time, PORTAL, held.uuid)
    for decide in (accept, reject):
        with pytest.raises(InvalidBooking):
            decide(asking, time, asked.reference, supplier="boats")
    assert accept(asking, time, asked.reference.lower(), supplier="portal").state is State.CONFIRMED


def test_what_belongs_to_a_change_is_done_in_its_transaction_and_once(asking: Database, time: Time) -> None:
    told: list[State] = []

    def tell(_connection: object, booking: Booking) -> None:
        told.append(booking.state)

    held = reserve(asking, time, PORTAL, order(1))
    for _ in range(2):
        confirm(asking, time, PORTAL, held.uuid, after=tell)
    for _ in range(2):
        accept(asking, time, held.reference, after=tell)
    cancel(asking, time, PORTAL, held.uuid, after=tell)
    assert told == [State.PENDING, State.CONFIRMED, State.CANCELLED]

    def fail(_connection: object, _booking: Booking) -> None:
        raise RuntimeError

    other = reserve(asking, time, PORTAL, order(1))
    with pytest.raises(RuntimeError):
        confirm(asking, time, PORTAL, other.uuid, after=fail)
    assert get_booking(asking, time, PORTAL, other.uuid).state is State.ON_HOLD
    time.passes(hours=1)
    with pytest.raises(HoldExpired):
        confirm(asking, time, PORTAL, other.uuid, after=tell)


def test_each_ticket_with_a_code_of_its_own_is_used_by_itself(tickets: Database, time: Time) -> None:
    booked = pending(tickets, time, 2)
    assert booked.ticket_code(0) == f"{booked.reference}-1"
    first = redeem(tickets, time, booked.ticket_code(0))
    assert (first.state, [one.redeemed_at for one in first.tickets]) == (State.CONFIRMED, [time.now, None])
    time.passes(minutes=5)
    assert redeem(tickets, time, booked.ticket_code(0)) == first
    last = redeem(tickets, time, booked.ticket_code(1))
    assert (last.state, last.redeemed_at) == (State.REDEEMED, time.now)
    assert last.tickets[0].redeemed_at == time.now - timedelta(minutes=5)


def test_a_code_of_no_ticket_lets_nobody_in(tickets: Database, time: Time) -> None:
    booked = pending(tickets, time, 2)
    for code in (booked.ticket_code(2), f"{booked.reference}-0", f"{booked.reference}-x", f"{booked.reference}-99999"):
        with pytest.raises(InvalidBooking):
            redeem(tickets, time, code)
    assert redeem(tickets, time, booked.reference).state is State.REDEEMED


def test_a_voucher_has_one_code_for_all(shop: Database, time: Time) -> None:
    booked = pending(shop, time, 2)
    with pytest.raises(InvalidBooking):
        redeem(shop, time, booked.ticket_code(0))
