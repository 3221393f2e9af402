from __future__ import annotations

from dataclasses import replace

import pytest

from portal.bookings.changes import confirm
from portal.bookings.errors import InvalidBooking, NotPossible
from portal.bookings.holds import reserve
from portal.bookings.model import PORTAL, State
from portal.bookings.redemption import redeem
from portal.database import Database
from tests.integration.bookings.conftest import Time, order
from tests.integration.bookings.test_races import at_once, outcomes


def test_a_booking_is_used_once_and_on_its_day_only(shop: Database, time: Time) -> None:
    held = reserve(shop, time, PORTAL, order())
    with pytest.raises(NotPossible, match="ON_HOLD"):
        redeem(shop, time, held.reference)
    confirm(shop, time, PORTAL, held.uuid)
    time.passes(days=-1)
    with pytest.raises(NotPossible, match="is for 2026-07-01"):
        redeem(shop, time, held.reference)
    time.passes(days=1)
    used = redeem(shop, time, held.reference)
    assert (used.state, used.redeemed_at) == (State.REDEEMED, time.now)
    time.passes(minutes=5)
    assert redeem(shop, time, held.reference) == used


def test_another_suppliers_guests_and_tests_are_not_let_in(shop: Database, time: Time) -> None:
    held = reserve(shop, time, PORTAL, order())
    confirm(shop, time, PORTAL, held.uuid)
    trial = reserve(shop, time, replace(PORTAL, test=True), order())
    confirm(shop, time, PORTAL, trial.uuid)
    for code, supplier in [(held.reference, "boats"), (trial.reference, None), ("\0", None), ("22222-22222", None)]:
        with pytest.raises(InvalidBooking):
            redeem(shop, time, code, supplier)
    assert redeem(shop, time, held.reference, "portal").state is State.REDEEMED


def test_a_code_shown_at_two_gates_at_once_is_used_once(shop: Database, time: Time) -> None:
    held = reserve(shop, time, PORTAL, order())
    confirm(shop, time, PORTAL, held.uuid)
    results = at_once([lambda: redeem(shop, time, held.reference) for _ in range(4)])
    assert outcomes(results) == {"REDEEMED": 4}
