"""At the gate: who is let in, who is not and why, on SQLite and on PostgreSQL."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portal.bookings import gate, redemption
from portal.bookings.changes import cancel, confirm
from portal.bookings.errors import NotPossible
from portal.bookings.gate import Verdict
from portal.bookings.holds import reserve
from portal.bookings.model import PORTAL, Booking, State
from portal.bookings.products import publish
from portal.database import Database
from tests.integration.bookings.conftest import START, Time, order
from tests.integration.bookings.test_races import at_once
from tests.unit.bookings.samples import cruise, product

CRUISE = "entertainment/haihe-cruise"
HERE = frozenset({CRUISE})


def booked(database: Database, time: Time, count: int = 1) -> Booking:
    held = reserve(database, time, PORTAL, order(count))
    return confirm(database, time, PORTAL, held.uuid)


def test_a_guest_is_let_in_once_and_the_second_time_told_when(shop: Database, time: Time) -> None:
    one, noted = booked(shop, time), []
    first = gate.check_in(shop, time, one.reference, HERE, lambda _, booking: noted.append(booking.reference))
    assert (first.verdict, first.used_at) == (Verdict.WELCOME, time.now)
    then = time.now
    time.passes(minutes=5)
    again = gate.check_in(shop, time, one.reference, HERE, lambda _, booking: noted.append(booking.reference))
    assert (again.verdict, again.used_at) == (Verdict.USED, then)
    assert noted == [one.reference]


def test_of_several_gates_at_once_one_lets_the_guest_in(shop: Database, time: Time) -> None:
    one = booked(shop, time)
    verdicts: list[Verdict] = []

    def ask() -> Booking:
        answer = gate.check_in(shop, time, one.reference, HERE)
        verdicts.append(answer.verdict)
        assert answer.booking is not None
        return answer.booking

    at_once([ask] * 6)
    assert sorted(verdicts) == [Verdict.USED] * 5 + [Verdict.WELCOME]


def test_a_no_says_why(shop: Database, time: Time) -> None:
    held = reserve(shop, time, PORTAL, order())
    assert gate.check_in(shop, time, held.reference, HERE).verdict is Verdict.UNCONFIRMED
    gone = booked(shop, time)
    cancel(shop, time, PORTAL, gone.uuid)
    assert gate.check_in(shop, time, gone.reference, HERE).verdict is Verdict.CANCELLED
    trial = reserve(shop, time, replace(PORTAL, test=True), order())
    for nobody in (trial.reference, "ABCDE-ABCDE", "", "\0", "x" * 400):
        assert gate.check_in(shop, time, nobody, HERE) == gate.Answer(Verdict.UNKNOWN)
    one = booked(shop, time)
    time.passes(days=-1)
    early = gate.check_in(shop, time, one.reference, HERE)
    assert (early.verdict, early.booking and early.booking.reference) == (Verdict.OTHER_DAY, one.reference)


def test_another_listings_guest_is_sent_on_without_a_word_about_them(shop: Database, time: Time) -> None:
    one = booked(shop, time)
    assert gate.check_in(shop, time, one.reference, {"dining/other"}) == gate.Answer(Verdict.ELSEWHERE)
    assert gate.check_in(shop, time, one.reference, HERE).verdict is Verdict.WELCOME


def test_an_undecided_booking_is_not_let_in(shop: Database, time: Time) -> None:
    publish(shop, CRUISE, [product(cruise(), instant_confirmation=False)], START)
    one = booked(shop, time)
    assert one.state is State.PENDING
    assert gate.check_in(shop, time, one.reference, HERE).verdict is Verdict.UNDECIDED


def test_tickets_of_a_booking_are_let_in_one_by_one(shop: Database, time: Time) -> None:
    publish(shop, CRUISE, [product(cruise(), delivery="TICKET")], START)
    one = booked(shop, time, 2)
    first = gate.check_in(shop, time, one.ticket_code(0), HERE)
    assert (first.verdict, first.booking and first.booking.state) == (Verdict.WELCOME, State.CONFIRMED)
    assert gate.check_in(shop, time, one.ticket_code(0), HERE).verdict is Verdict.USED
    second = gate.check_in(shop, time, one.ticket_code(1), HERE)
    assert (second.verdict, second.booking and second.booking.state) == (Verdict.WELCOME, State.REDEEMED)
    assert gate.check_in(shop, time, one.ticket_code(2), HERE).verdict is Verdict.UNKNOWN


def test_a_check_in_by_mistake_is_taken_back_on_its_day(shop: Database, time: Time) -> None:
    one, noted = booked(shop, time, 2), []
    with pytest.raises(NotPossible):
        redemption.take_back(shop, time, one.reference)
    gate.check_in(shop, time, one.reference, HERE)
    restored = redemption.take_back(shop, time, one.reference, lambda _, booking: noted.append(booking.reference))
    assert (restored.state, restored.redeemed_at, noted) == (State.CONFIRMED, None, [one.reference])
    assert gate.check_in(shop, time, one.reference, HERE).verdict is Verdict.WELCOME
    time.passes(days=1)
    with pytest.raises(NotPossible, match="is for 2026-07-01"):
        redemption.take_back(shop, time, one.reference)


@pytest.mark.parametrize(
    ("shown", "code"),
    [
        ("7KQ2M-X9RTA", "7KQ2M-X9RTA"),
        ("7kq2m x9rta", "7kq2m x9rta"),
        ("https://portal.example/zh-hans/bookings/7KQ2M-X9RTA/?token=abc", "7KQ2M-X9RTA"),
        ("TEST-7KQ2M-X9RTA", "7KQ2M-X9RTA"),
        ("Ticket 7KQ2M-X9RTA-2, please", "7KQ2M-X9RTA-2"),
    ],
)
def test_the_code_is_found_in_what_was_read(shown: str, code: str) -> None:
    assert gate.code_in(shown) == code
