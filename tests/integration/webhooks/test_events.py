"""What is told to whom, on both databases: a booking as each change left it, in order; nothing that did not happen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import event

from portal.bookings import changes, holds
from portal.bookings.errors import MissingContact, SoldOut
from portal.bookings.model import PORTAL, Change, Contact, Seller, Ticket
from portal.bookings.products import publish
from portal.bookings.redemption import redeem
from portal.database import Database
from portal.webhooks.endpoints import Wish
from portal.webhooks.model import Form, Reach
from tests.integration.bookings.conftest import AFTERNOON, MORNING, START, order
from tests.integration.bookings.test_shared_resources import TEA, tours
from tests.integration.webhooks.conftest import Office
from tests.unit.bookings.samples import cruise, product

CONTACT = Change(contact=Contact(full_name="Li Na"))


def test_a_bookings_life_is_told_in_order_each_time_as_it_stood(office: Office) -> None:
    office.listens("booking.*")
    held = office.reserves(2)
    changes.extend(office.database, office.time, office.seller, held.uuid, 45)
    changes.confirm(office.database, office.time, office.seller, held.uuid, CONTACT)
    changes.cancel(office.database, office.time, office.seller, held.uuid, "rain")
    office.works()
    told = office.receiver.received
    assert office.receiver.types == ["booking.created", "booking.updated", "booking.confirmed", "booking.cancelled"]
    assert [one.data["status"] for one in told] == ["ON_HOLD", "ON_HOLD", "CONFIRMED", "CANCELLED"]
    assert {one.data["uuid"] for one in told} == {str(held.uuid)}
    assert (told[0].data["contact"]["fullName"], told[2].data["contact"]["fullName"]) == (None, "Li Na")
    assert told[3].data["cancellation"]["reason"] == "rain"
    assert told[0].data["pricing"]["retail"] == 20000
    assert told[0].json["timestamp"] == "2026-07-01T00:00:00.000Z"
    assert len({one.id for one in told}) == 4
    assert all(len(one.body) < 20_000 for one in told)
    assert office.wrong() == []


def test_octos_notifications_say_only_where_to_look(office: Office) -> None:
    office.listens("BOOKING_UPDATE", "AVAILABILITY_UPDATE", "PRODUCT_UPDATE", form=Form.OCTO)
    held = office.reserves()
    publish(office.database, "attractions/tianjin-eye", [], START)
    office.works()
    office.works(seconds=3)
    assert office.wrong() == []
    told = {one.type: one.data for one in office.receiver.received}
    assert told == {
        "BOOKING_UPDATE": {"uuid": str(held.uuid)},
        "PRODUCT_UPDATE": {"productId": "tianjin-eye-ride"},
        "AVAILABILITY_UPDATE": {
            "productId": "haihe-cruise-day",
            "optionId": "DEFAULT",
            "localDateStart": "2026-07-01",
            "localDateEnd": "2026-07-01",
        },
    }


def test_a_gate_tells_that_a_booking_was_used(office: Office) -> None:
    held = office.reserves()
    changes.confirm(office.database, office.time, office.seller, held.uuid)
    office.listens("booking.redeemed")
    redeem(office.database, office.time, held.reference)
    office.works()
    assert [(one.type, one.data["status"]) for one in office.receiver.received] == [("booking.redeemed", "REDEEMED")]


def test_a_booking_that_nobody_decided_on_is_told_once_though_its_date_was_moved_and_its_places_taken(
    office: Office,
) -> None:
    publish(office.database, "entertainment/haihe-cruise", [product(cruise(), instant_confirmation=False)], START)
    office.listens("booking.rejected", "availability.updated")
    held = office.reserves(2, order(2, AFTERNOON))
    changes.confirm(office.database, office.time, office.seller, held.uuid)
    changes.update(office.database, office.time, office.seller, held.uuid, Change(slot_id=MORNING))
    decided = office.reserves(2, order(2, AFTERNOON))
    changes.confirm(office.database, office.time, office.seller, decided.uuid)
    changes.accept(office.database, office.time, decided.reference)
    office.works(seconds=3)
    office.receiver.received.clear()
    office.works(hours=2, seconds=1)
    office.works(seconds=3)
    assert sorted(office.receiver.types) == ["availability.updated", "booking.rejected"]
    (refused,) = [one.data for one in office.receiver.received if one.type == "booking.rejected"]
    assert (refused["uuid"], refused["status"]) == (str(held.uuid), "REJECTED")
    assert refused["cancellation"]["reason"] == "Nobody decided in time."
    office.works(hours=9)  # when the time ends that was booked first
    assert len(office.receiver.received) == 2


def test_a_hold_that_runs_out_is_told_once_though_nobody_asked_for_it(office: Office) -> None:
    office.listens("booking.expired", "availability.updated")
    held = office.reserves(5)
    changes.extend(office.database, office.time, office.seller, held.uuid, 60)
    office.works(minutes=31)
    assert office.receiver.types == ["availability.updated"]
    office.works(minutes=30)
    office.works(seconds=3)
    office.works(days=1)
    assert office.receiver.types == ["availability.updated", "booking.expired", "availability.updated"]
    assert office.receiver.received[1].data["status"] == "EXPIRED"
    assert office.receiver.received[2].data["availability"][0]["vacancies"] == 120
    assert office.jobs() == 0


def test_a_hold_that_another_guest_found_expired_is_told_too(office: Office) -> None:
    office.listens("booking.expired")
    office.reserves()
    office.time.passes(minutes=31)
    holds.reserve(office.database, office.time, PORTAL, order())  # which notes that the hold ran out
    office.works()
    assert office.receiver.types == ["booking.expired"]


def test_where_nobody_listens_nothing_is_written_and_nothing_more_is_asked(
    office: Office, open_office: Callable[..., Office]
) -> None:
    office.reserves()  # which makes the slot's row
    asked: list[str] = []
    event.listen(office.database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    office.reserves()
    alone = len(asked)
    open_office().listens("booking.*")
    asked.clear()
    office.reserves()
    assert len(asked) == alone
    assert office.jobs() == 0
    assert not any("INSERT INTO jobs" in statement for statement in asked)


def test_what_was_refused_is_not_told(office: Office) -> None:
    publish(office.database, "entertainment/haihe-cruise", [cruise(capacity=3)], START)
    publish(office.database, "attractions/tianjin-eye", [], START)
    office.listens()
    office.works()
    office.receiver.received.clear()
    asked, more = order(3), Change(tickets=tuple(Ticket("adult") for _ in range(4)))
    held = office.reserves(asked=asked)
    with pytest.raises(SoldOut):
        office.reserves()
    with pytest.raises(SoldOut):
        changes.update(office.database, office.time, office.seller, held.uuid, more)
    assert office.reserves(asked=asked).id == held.id  # the same once more
    office.works()
    office.works(seconds=3)
    assert office.receiver.types == ["booking.created", "availability.updated"]


def test_a_confirmation_that_fails_at_its_end_is_not_told(office: Office) -> None:
    publish(office.database, "entertainment/haihe-cruise", [cruise(required_contact_fields=["phoneNumber"])], START)
    office.listens("booking.*")
    held = office.reserves()
    with pytest.raises(MissingContact):
        changes.confirm(office.database, office.time, office.seller, held.uuid)
    office.works()
    assert office.receiver.types == ["booking.created"]


def test_changes_of_a_slot_are_gathered_and_told_as_they_stand(office: Office) -> None:
    office.listens("availability.updated")
    for _ in range(5):
        office.reserves()
    holds.reserve(office.database, office.time, PORTAL, order(3))  # a visitor's
    moved = office.reserves(2)
    changes.update(office.database, office.time, office.seller, moved.uuid, Change(slot_id=MORNING))
    office.works()
    assert office.receiver.types == []
    office.works(seconds=3)
    left = {one.data["availability"][0]["id"]: one.data["availability"][0] for one in office.receiver.received}
    assert {slot: one["vacancies"] for slot, one in left.items()} == {AFTERNOON: 112, MORNING: 118}
    assert len(office.receiver.received) == 2
    assert office.wrong() == []
    assert left[MORNING]["unitPricing"][0]["retail"] == 10000


def test_a_shared_boat_is_told_for_every_tour_under_way(office: Office) -> None:
    publish(office.database, "entertainment/haihe-cruise", tours(3), START)
    office.listens("availability.updated")
    office.reserves(2)
    office.works(seconds=3)
    told = {one.data["productId"]: one.data["availability"] for one in office.receiver.received}
    assert {name: [slot["vacancies"] for slot in slots] for name, slots in told.items()} == {
        "haihe-cruise-day": [1],
        TEA: [1],
    }


def test_a_test_booking_takes_no_place_so_only_the_booking_is_told(office: Office) -> None:
    office.listens(test=True)
    held = holds.reserve(office.database, office.time, Seller(office.partner, test=True), order())
    office.works()
    office.works(seconds=3)
    assert office.receiver.types == ["booking.created"]
    assert office.receiver.received[0].data["testMode"] is True
    assert office.receiver.received[0].data["uuid"] == str(held.uuid)


def test_bookings_for_test_and_real_ones_are_told_apart_and_what_changes_on_sale_is_told_to_both(
    office: Office,
) -> None:
    office.listens(path="/live")
    office.listens(path="/test", test=True)
    office.listens("BOOKING_UPDATE", form=Form.OCTO, path="/octo", test=True)
    real = office.reserves()
    trial = holds.reserve(office.database, office.time, Seller(office.partner, test=True), order())
    publish(office.database, "attractions/tianjin-eye", [], START)
    office.works()
    office.works(seconds=3)
    heard = {path: [one for one in office.receiver.received if one.path.endswith(path)] for path in ("/live", "/test")}
    for path, booking in (("/live", real), ("/test", trial)):
        of_bookings = [one.data["uuid"] for one in heard[path] if one.type.startswith("booking.")]
        assert of_bookings == [str(booking.uuid)], path
        assert {"availability.updated", "product.withdrawn"} < {one.type for one in heard[path]}
    thin = [one.data for one in office.receiver.received if one.path.endswith("/octo")]
    assert thin == [{"uuid": str(trial.uuid)}]


def test_an_endpoint_for_one_supplier_hears_of_its_products_alone(office: Office) -> None:
    boats = product(cruise(), id="boat", supplier="boats")
    publish(office.database, "entertainment/boats", [boats], START)
    wish = Wish(office.receiver.url, ["booking.*", "product.*", "availability.updated"])
    office.endpoints.create(Reach(office.partner, supplier="boats"), Form.EVENTS, wish, office.time.now)
    office.reserves()
    office.reserves(asked=replace(order(), product_id="boat"))
    publish(office.database, "attractions/tianjin-eye", [], START)
    office.works()
    office.works(seconds=3)
    assert [(one.type, one.data["productId"]) for one in office.receiver.received] == [
        ("booking.created", "boat"),
        ("availability.updated", "boat"),
    ]


def test_nobody_is_told_of_anothers_bookings_or_of_what_they_may_not_sell(
    office: Office, open_office: Callable[..., Office]
) -> None:
    boats = product(cruise(), id="boat", supplier="boats")
    publish(office.database, "entertainment/boats", [boats], START)
    bound = open_office(supplier="boats")
    bound.listens(path="/bound")
    office.reserves()
    holds.reserve(office.database, office.time, PORTAL, replace(order(), product_id="boat"))
    publish(office.database, "attractions/tianjin-eye", [], START)
    publish(office.database, "entertainment/boats", [boats.model_copy(update={"names": {"en": "Boat"}})], START)
    office.works()
    office.works(seconds=3)
    assert [(one.type, one.data["productId"]) for one in office.receiver.received] == [
        ("product.updated", "boat"),
        ("availability.updated", "boat"),
    ]


def test_products_that_change_are_told_with_all_a_partner_may_know(office: Office) -> None:
    office.listens("product.*")
    publish(office.database, "entertainment/haihe-cruise", [cruise(capacity=50)], START)
    publish(office.database, "entertainment/haihe-cruise", [cruise(capacity=50)], START)
    publish(office.database, "attractions/tianjin-eye", [], START)
    office.works()
    assert office.wrong() == []
    first, second = office.receiver.received
    assert (first.type, first.data["product"]["id"]) == ("product.updated", "haihe-cruise-day")
    assert (second.type, second.data) == ("product.withdrawn", {"productId": "tianjin-eye-ride", "product": None})


def test_an_endpoint_made_a_moment_before_a_booking_is_told_of_it(office: Office, shop: Database) -> None:
    for _ in range(3):
        office.listens("booking.created")
        office.reserves()
        office.works()
    assert len(office.receiver.received) == 1 + 2 + 3
