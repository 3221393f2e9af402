from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from portal.bookings import rules
from portal.bookings.availability import Slot, slots
from portal.bookings.errors import BadQuantity, InvalidUnit, Malformed
from portal.bookings.model import Contact, Order, State, Ticket
from portal.bookings.terms import ProductTerms
from tests.unit.bookings.samples import cruise, wheel

NOW = datetime(2026, 7, 1, tzinfo=UTC)
OPTION = cruise().options[0]
ORDER = Order(UUID(int=1), "haihe-cruise-day", "DEFAULT", "2026-07-01T10:00:00+08:00", (Ticket("adult"),))


def slot_of(product: ProductTerms, day: date = date(2026, 7, 1)) -> Slot:
    return slots(product, product.options[0], [day], {}, NOW)[0]


def minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


@pytest.mark.parametrize(("wished", "given"), [(None, 30), (1, 1), (45, 45), (61, 60), (10**30, 60)])
def test_a_hold_lasts_as_wished_but_no_longer_than_an_hour(wished: int | None, given: int) -> None:
    assert rules.hold_until(NOW, wished, NOW) == NOW + minutes(given)


def test_extending_never_shortens_a_hold() -> None:
    assert rules.hold_until(NOW, 1, NOW, NOW + minutes(30)) == NOW + minutes(30)
    assert rules.hold_until(NOW, 31, NOW, NOW + minutes(30)) == NOW + minutes(31)


def test_a_hold_cannot_be_extended_for_ever() -> None:
    assert rules.hold_until(NOW, 60, NOW - timedelta(hours=3.5)) == NOW + minutes(30)


def test_a_hold_is_expired_from_the_very_moment_it_ends() -> None:
    assert rules.state_at(State.ON_HOLD, NOW, NOW - timedelta(microseconds=1)) is State.ON_HOLD
    assert rules.state_at(State.ON_HOLD, NOW, NOW) is State.EXPIRED
    assert rules.state_at(State.CONFIRMED, NOW, NOW) is State.CONFIRMED


def test_cancellation_ends_before_the_start_of_a_departure_and_before_the_closing_of_a_day() -> None:
    cruising, riding = cruise(), wheel()
    assert rules.cancellable_until(cruising.options[0], slot_of(cruising)) == NOW  # 10:00 - 2 h in Tianjin
    assert rules.cancellable_until(riding.options[0], slot_of(riding)) == NOW + timedelta(hours=11.5)


def test_a_cutoff_in_days_counts_calendar_days_where_the_place_is() -> None:
    product = cruise(cancellation_cutoff={"amount": 1, "unit": "day"}).model_copy(update={"timezone": "Europe/Berlin"})
    until = rules.cancellable_until(product.options[0], slot_of(product, date(2026, 10, 25)))  # a day of 25 hours
    assert until == datetime(2026, 10, 24, 8, tzinfo=UTC)


def test_tickets_carry_their_prices_and_places() -> None:
    items = rules.unit_items(OPTION, [Ticket("adult"), Ticket("family")])
    assert [(item.price, item.places) for item in items] == [(10000, 1), (25000, 4)]


def test_a_kept_ticket_keeps_its_price_and_what_is_known_of_its_holder() -> None:
    (known,) = rules.unit_items(OPTION, [Ticket("adult", contact=Contact(full_name="Li"), reseller_reference="A")])
    cheaper = replace(known, price=1)
    (kept, new) = rules.unit_items(OPTION, [Ticket("adult", known.uuid), Ticket("adult")], [cheaper])
    assert (kept.price, kept.contact.full_name, kept.reseller_reference) == (1, "Li", "A")
    assert new.price == 10000


def test_quantities_and_units_are_checked() -> None:
    for count in (0, 11):
        with pytest.raises(BadQuantity):
            rules.unit_items(OPTION, [Ticket("adult")] * count)
    with pytest.raises(InvalidUnit) as raised:
        rules.unit_items(OPTION, [Ticket("dog")])
    assert raised.value.value == "dog"
    same = uuid4()
    with pytest.raises(Malformed):
        rules.unit_items(OPTION, [Ticket("adult", same), Ticket("child", same)])


def test_the_same_order_has_the_same_fingerprint_and_any_other_another() -> None:
    known = rules.fingerprint(ORDER, test=False)
    assert rules.fingerprint(replace(ORDER), test=False) == known
    others = [replace(ORDER, notes="x"), replace(ORDER, tickets=(Ticket("child"),)), replace(ORDER, hold_minutes=5)]
    assert known not in {rules.fingerprint(other, test=False) for other in others}
    assert rules.fingerprint(ORDER, test=True) != known


def test_fingerprints_stay_as_they_are_kept_in_the_database() -> None:
    tickets = (Ticket("adult", UUID(int=2), "R-1", Contact(first_name="娜")), Ticket("child"))
    contact = Contact(full_name="李娜", locales=("zh-Hans", "en"))
    slot = "2026-07-01T10:00:00+08:00"
    order = Order(UUID(int=1), "haihe-cruise-day", "DEFAULT", slot, tickets, contact, "notes", "R", "ja", 20)
    known = "89182278bf45af549b0f4fd0c7ad9849532adce766c77882bc2ccf980ffc01a6"
    assert rules.fingerprint(order, test=False) == known


def test_references_use_every_letter_and_no_other() -> None:
    letters = {letter for _ in range(200) for letter in rules.new_reference() if letter != "-"}
    assert letters == set(rules.ALPHABET)


def test_a_reference_is_read_however_it_is_typed() -> None:
    reference = rules.new_reference()
    assert rules.clean_reference(f" {reference.lower().replace('-', ' ')} ") == reference
    assert len({rules.new_reference() for _ in range(1000)}) == 1000
