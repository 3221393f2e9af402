from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from icalendar import Calendar

from portal.bookings import rules
from portal.bookings.availability import find_slot, is_few
from portal.bookings.calendar_entry import Words, entry, sequence
from portal.bookings.checkout import OnArrival, refund_of
from portal.bookings.model import Booking, Contact, Refund, State
from portal.bookings.terms import ProductTerms
from tests.unit.bookings.samples import ADULT, CHILD, cruise, wheel

NOW = datetime(2026, 7, 1, tzinfo=UTC)
WORDS = Words("Cruise", "Two adults", "Pier, 1 Road", "http://portal.example/x", "en", "portal.example")


def booking(terms: ProductTerms, slot: str = "2026-07-01T14:00:00+08:00", **changes: object) -> Booking:
    option = terms.options[0]
    found = find_slot(terms, option, slot, {}, NOW)
    assert found is not None
    made = Booking(
        id=1,
        uuid=UUID(int=7),
        partner_id=None,
        reference="7KQ2M-X9RTA",
        product=terms,
        option=option,
        slot=found,
        listing="entertainment/haihe-cruise",
        supplier="portal",
        state=State.CONFIRMED,
        test=False,
        tickets=(),
        total=10001,
        contact=Contact(),
        notes=None,
        reseller_reference=None,
        language="en",
        created_at=NOW,
        updated_at=NOW + timedelta(seconds=90),
        expires_at=NOW,
        confirmed_at=NOW,
        cancellation=None,
        redeemed_at=None,
        cancellable=True,
        cancellable_until=NOW,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("quantities", "broken"),
    [
        ({"adult": 2, "child": 1}, []),
        ({}, [(2, 6, "", ())]),
        ({"adult": 7}, [(2, 6, "", ())]),
        ({"child": 2}, [(1, 3, "child", ("adult",))]),
        ({"adult": 1, "child": 4}, [(1, 3, "child", ())]),
        ({"adult": 0, "child": 1}, [(2, 6, "", ()), (1, 3, "child", ("adult",))]),
    ],
)
def test_every_rule_of_quantities_that_is_not_kept_is_named(
    quantities: dict[str, int], broken: list[tuple[int, int, str, tuple[str, ...]]]
) -> None:
    child = {**CHILD, "accompanied_by": ["adult"], "max_quantity": 3}
    option = cruise(units=[ADULT, child], min_units=2, max_units=6).options[0]
    found = [
        (one.least, one.most, one.unit.id if one.unit else "", tuple(other.id for other in one.companions))
        for one in rules.broken_rules(option, quantities)
    ]
    assert found == broken


@pytest.mark.parametrize(
    ("code", "reference", "position"),
    [
        ("7KQ2M-X9RTA", "7KQ2M-X9RTA", None),
        ("7kq2m x9rta", "7KQ2M-X9RTA", None),
        ("7KQ2M-X9RTA-1", "7KQ2M-X9RTA", 0),
        ("7kq2mx9rta12", "7KQ2M-X9RTA", 11),
        ("7KQ2M-X9RTA-0", "7KQ2M-X9RTA0", None),
        ("7KQ2M-X9RTA-x", "7KQ2M-X9RTAX", None),
        ("TEST-7KQ2M-X9RTA", "TEST7-KQ2MX9RTA", None),
        ("", "-", None),
    ],
)
def test_a_code_tells_the_booking_and_the_ticket(code: str, reference: str, position: int | None) -> None:
    assert rules.split_code(code) == (reference, position)


def test_a_fifth_of_the_places_is_few() -> None:
    assert [is_few(left, 120) for left in (24, 25)] == [True, False]
    assert not is_few(None, None)


def test_a_hold_can_last_longer_until_four_hours_after_it_began() -> None:
    held = booking(cruise(), state=State.ON_HOLD, expires_at=NOW + timedelta(minutes=30))
    assert rules.can_extend(held)
    assert not rules.can_extend(replace(held, expires_at=NOW + rules.HOLD_TOTAL))
    assert not rules.can_extend(replace(held, state=State.CONFIRMED))


def test_what_goes_back_is_a_part_of_the_price_and_never_more_than_was_paid() -> None:
    terms = {"refund": {"full_until": {"amount": 1, "unit": "day"}, "later_percent": 50}}
    partly = booking(cruise(**terms))
    percents = [rules.refund_percent(partly, refund) for refund in (Refund.FULL, Refund.PARTIAL, Refund.NONE)]
    assert percents == [100, 50, 0]
    assert [refund_of(partly, 10001, percent) for percent in percents] == [10001, 5001, 0]
    assert refund_of(partly, OnArrival().paid(partly), 100) == 0
    assert OnArrival().pay_at(partly, "http://portal.example/") is None


def test_an_entry_for_a_departure_has_its_time_and_zone() -> None:
    text = entry(booking(cruise()), WORDS, NOW)
    assert text is not None
    event = Calendar.from_ical(text).walk("VEVENT")[0]
    assert event.start.isoformat() == "2026-07-01T14:00:00+08:00"
    assert event.end.isoformat() == "2026-07-01T14:50:00+08:00"
    assert text.count("BEGIN:VTIMEZONE") == 1
    assert (event["LOCATION"], str(event["UID"])) == ("Pier, 1 Road", f"{UUID(int=7)}@portal.example")
    assert entry(booking(cruise()), WORDS, NOW) == text


def test_an_entry_for_a_day_on_which_any_time_will_do_blocks_nothing() -> None:
    text = entry(booking(wheel(), "2026-07-01T00:00:00+08:00"), WORDS, NOW)
    assert text is not None
    event = Calendar.from_ical(text).walk("VEVENT")[0]
    assert (event.start, event.end, event["TRANSP"]) == (date(2026, 7, 1), date(2026, 7, 2), "TRANSPARENT")


def test_every_change_of_a_booking_makes_its_entry_newer() -> None:
    confirmed = booking(cruise())
    cancelled = replace(confirmed, state=State.CANCELLED)
    later = replace(confirmed, updated_at=NOW + timedelta(minutes=2))
    assert sequence(confirmed) < sequence(cancelled) < sequence(later)


def test_a_booking_without_a_date_has_no_entry() -> None:
    assert entry(booking(cruise(), open_until=NOW), WORDS, NOW) is None
