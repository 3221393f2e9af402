"""Products that are sold in other ways: without a date, without a limit, to families, with refunds that shrink."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from portal.bookings import changes
from portal.bookings.products import publish
from portal.bookings.redemption import redeem
from portal.bookings.terms import ProductTerms
from portal.database import Database
from portal.services import Services
from tests.plugins.octo import START
from tests.unit.bookings.samples import ADULT, CHILD, cruise, product, wheel
from tests.web.desk import letters
from tests.web.octo_partner import Partner

CRUISE = {"productId": "haihe-cruise-day", "optionId": "DEFAULT"}
WHEEL = {"productId": "tianjin-eye-ride", "optionId": "DEFAULT"}
SLOT = "2026-07-01T14:00:00+08:00"
TWO = [{"unitId": "adult"}, {"unitId": "adult"}]


@pytest.fixture
def sell(octo_app: Flask, database: Database) -> Callable[[ProductTerms], None]:
    """Put other terms of a sample product on sale."""
    listings = {"haihe-cruise-day": "entertainment/haihe-cruise", "tianjin-eye-ride": "attractions/tianjin-eye"}
    return lambda terms: [publish(database, listings[terms.id], [terms], START), None][1]


def confirmed(partner: Partner, body: dict[str, Any]) -> Any:
    uuid = partner("POST", "/bookings", body)["uuid"]
    return partner("POST", f"/bookings/{uuid}/confirm", {"contact": {"fullName": "Li Na"}})


Become = Callable[..., Partner]
Sell = Callable[[ProductTerms], None]


def test_an_open_dated_ticket_is_sold_without_a_date_and_gets_one_later(
    partner: Partner, sell: Sell, octo_app: Flask
) -> None:
    sell(product(wheel(), open_dated={"valid_days": 30}))
    assert partner("GET", "/products/tianjin-eye-ride")["availabilityRequired"] is False
    booking = confirmed(partner, {**WHEEL, "unitItems": TWO})
    assert (booking["status"], booking["availabilityId"], booking["availability"]) == ("CONFIRMED", None, None)
    assert booking["cancellable"]
    day = "2026-07-02T00:00:00+08:00"
    dated = partner("PATCH", f"/bookings/{booking['uuid']}", {"availabilityId": day})
    assert (dated["availabilityId"], dated["availability"]["vacancies"]) == (day, 398)
    other = confirmed(partner, {**WHEEL, "unitItems": TWO})
    octo_app.config["NOW"] = START + timedelta(days=32)
    late = partner.refused("POST", f"/bookings/{other['uuid']}/cancel", {})
    assert late["error"] == "UNPROCESSABLE_ENTITY"
    # The other product still wants a departure.
    assert partner.refused("POST", "/bookings", {**CRUISE, "unitItems": TWO})["error"] == "INVALID_AVAILABILITY_ID"


def test_a_freesale_product_never_sells_out(partner: Partner, sell: Sell) -> None:
    sell(product(cruise(max_units=1000), freesale=True, options=[{**plain_option(max_units=1000), "capacity": None}]))
    assert partner("GET", "/products/haihe-cruise-day")["allowFreesale"] is True
    held = partner("POST", "/bookings", {**CRUISE, "availabilityId": SLOT, "unitItems": [{"unitId": "adult"}] * 500})
    assert held["freesale"] is True
    assert (held["availability"]["status"], held["availability"]["vacancies"]) == ("FREESALE", None)
    (day,) = partner("POST", "/availability/calendar", {**CRUISE, "localDate": "2026-07-01"})
    assert (day["status"], day["vacancies"], day["available"]) == ("FREESALE", None, True)


def plain_option(**changes: Any) -> dict[str, Any]:
    option: dict[str, Any] = cruise(**changes).model_dump(mode="json", by_alias=True)["options"][0]
    return option


def test_a_child_does_not_go_alone_and_groups_keep_their_size(partner: Partner, sell: Sell) -> None:
    child = {**CHILD, "accompanied_by": ["adult"], "max_quantity": 2, "id_required": True}
    sell(cruise(units=[ADULT, child], min_units=2))
    (option,) = partner("GET", "/products/haihe-cruise-day")["options"]
    assert option["restrictions"] == {"minUnits": 2, "maxUnits": 10}
    said = option["units"][1]["restrictions"]
    assert (said["accompaniedBy"], said["minAge"], said["maxQuantity"], said["idRequired"]) == (["adult"], 3, 2, True)
    adult, young = {"unitId": "adult"}, {"unitId": "child"}
    for units in ([young, young], [adult], [adult, young, young, young]):
        answer = partner.refused("POST", "/bookings", {**CRUISE, "availabilityId": SLOT, "unitItems": units})
        assert answer["error"] == "UNPROCESSABLE_ENTITY"
    partner("POST", "/bookings", {**CRUISE, "availabilityId": SLOT, "unitItems": [adult, young]})


def test_what_has_to_be_known_of_guests_is_asked_for_when_confirming(partner: Partner, sell: Sell) -> None:
    adult = {**ADULT, "required_contact_fields": ["firstName"]}
    sell(cruise(units=[adult], required_contact_fields=["lastName", "emailAddress"]))
    held = partner("POST", "/bookings", {**CRUISE, "availabilityId": SLOT, "unitItems": [{"unitId": "adult"}]})
    confirm = f"/bookings/{held['uuid']}/confirm"
    answer = partner.refused("POST", confirm, {"contact": {"fullName": "Li Na"}})
    assert answer["errorMessage"] == "expected contact.emailAddress, unitItems.0.contact.firstName"
    assert partner("GET", f"/bookings/{held['uuid']}")["status"] == "ON_HOLD"
    item = {"uuid": held["unitItems"][0]["uuid"], "unitId": "adult", "contact": {"firstName": "Na"}}
    body = {"contact": {"lastName": "Li", "emailAddress": "li@example.com"}, "unitItems": [item]}
    assert partner("POST", confirm, body)["status"] == "CONFIRMED"


@pytest.mark.parametrize(("percent", "refund"), [(50, "PARTIAL"), (0, "NONE")])
def test_the_refund_shrinks_as_the_day_comes_near(
    partner: Partner, sell: Sell, octo_app: Flask, percent: int, refund: str
) -> None:
    sell(cruise(refund={"full_until": {"amount": 4, "unit": "hour"}, "later_percent": percent}))
    body = {**CRUISE, "availabilityId": SLOT, "unitItems": TWO}
    early, late = confirmed(partner, body), confirmed(partner, body)
    cancelled = partner("POST", f"/bookings/{early['uuid']}/cancel", {})
    assert cancelled["cancellation"]["refund"] == "FULL"
    octo_app.config["NOW"] = START + timedelta(hours=3)
    assert partner("POST", f"/bookings/{late['uuid']}/cancel", {})["cancellation"]["refund"] == refund


def test_a_booking_that_was_used_is_redeemed_and_stays(partner: Partner, octo_app: Flask, database: Database) -> None:
    booking = confirmed(partner, {**CRUISE, "availabilityId": SLOT, "unitItems": TWO})
    octo_app.config["NOW"] = START + timedelta(hours=5)
    redeem(database, lambda: octo_app.config["NOW"], booking["supplierReference"].lower())
    used = partner("GET", f"/bookings/{booking['uuid']}")
    assert (used["status"], used["utcRedeemedAt"], used["cancellable"]) == ("REDEEMED", "2026-07-01T05:00:00Z", False)
    assert used["unitItems"][0]["utcRedeemedAt"] == used["voucher"]["utcRedeemedAt"] == used["utcRedeemedAt"]
    assert partner.refused("POST", f"/bookings/{booking['uuid']}/cancel", {})["error"] == "UNPROCESSABLE_ENTITY"
    assert partner("POST", f"/bookings/{booking['uuid']}/confirm", {"contact": {}})["status"] == "REDEEMED"


def test_a_supplier_decides_on_bookings_of_a_product_on_request(
    partner: Partner, sell: Sell, octo_app: Flask, database: Database
) -> None:
    sell(product(cruise(), instant_confirmation=False))
    assert partner("GET", "/products/haihe-cruise-day")["instantConfirmation"] is False
    bookings = [confirmed(partner, {**CRUISE, "availabilityId": SLOT, "unitItems": TWO}) for _ in range(3)]
    states = {(one["status"], one["utcConfirmedAt"], one["utcExpiresAt"], one["voucher"]) for one in bookings}
    assert states == {("PENDING", None, None, None)}
    yes, no, _nobody = (one["supplierReference"] for one in bookings)
    changes.accept(database, lambda: octo_app.config["NOW"], yes)
    changes.reject(database, lambda: octo_app.config["NOW"], no, "The boat is in the dock.")
    accepted, rejected, waiting = (partner("GET", f"/bookings/{one['uuid']}") for one in bookings)
    assert (accepted["status"], accepted["voucher"] is None) == ("CONFIRMED", False)
    assert (rejected["status"], rejected["cancellation"]["reason"]) == ("REJECTED", "The boat is in the dock.")
    assert waiting["status"] == "PENDING"
    octo_app.config["NOW"] = START + timedelta(days=1)
    assert partner("GET", f"/bookings/{waiting['uuid']}")["status"] == "REJECTED"


def test_a_guest_gets_a_receipt_in_their_language_when_the_partner_asks_for_it(
    partner: Partner, octo_app: Flask
) -> None:
    services: Services = octo_app.extensions["portal"]
    contact = {"fullName": "Marie", "emailAddress": "marie@example.com", "locales": ["xx", "fr-CA", "en"]}
    body = {**CRUISE, "availabilityId": SLOT, "unitItems": TWO}
    held, quiet = (partner("POST", "/bookings", body) for _ in range(2))
    for _ in range(2):  # sent twice, it is written once
        partner("POST", f"/bookings/{held['uuid']}/confirm", {"contact": contact, "emailReceipt": True})
    partner("POST", f"/bookings/{quiet['uuid']}/confirm", {"contact": contact, "emailReceipt": False})
    ((recipient, subject, text),) = letters(services)
    assert (recipient, held["supplierReference"] in subject) == ("marie@example.com", True)
    assert "/fr/bookings/" in text
    assert "20000" not in text
    assert "200" not in text.replace(held["supplierReference"], "").split("http")[0]  # what it cost the partner knows
    voucher = octo_app.test_client().get(link_of(text))
    assert voucher.status_code == 200
    assert held["supplierReference"] in voucher.text
    for page in ("", "cancel"):  # that is the partner's to do
        address = link_of(text).replace("/voucher?", f"/{page}?")
        assert octo_app.test_client().get(address).status_code == 404
    partner("PATCH", f"/bookings/{quiet['uuid']}", {"emailReceipt": True})
    assert len(letters(services)) == 2


def test_nobody_gets_a_receipt_for_a_test_or_without_an_address(become: Become, octo_app: Flask) -> None:
    contact = {"fullName": "Marie", "emailAddress": "marie@example.com"}
    for partner, known in ((become(sandbox=True), contact), (become("Other shop"), {"fullName": "Marie"})):
        held = partner("POST", "/bookings", {**CRUISE, "availabilityId": SLOT, "unitItems": TWO})
        partner("POST", f"/bookings/{held['uuid']}/confirm", {"contact": known, "emailReceipt": True})
    assert letters(octo_app.extensions["portal"]) == []


def link_of(text: str) -> str:
    return re.findall(r"https://portal\.example(/\S+)", text)[0]


def test_every_ticket_has_a_code_of_its_own_where_the_product_says_so(
    partner: Partner, sell: Sell, octo_app: Flask, database: Database
) -> None:
    sell(product(cruise(), delivery="TICKET"))
    assert partner("GET", "/products/haihe-cruise-day")["deliveryMethods"] == ["TICKET"]
    booking = confirmed(partner, {**CRUISE, "availabilityId": SLOT, "unitItems": TWO})
    assert (booking["deliveryMethods"], booking["voucher"]) == (["TICKET"], None)
    codes = [item["ticket"]["deliveryOptions"][0]["deliveryValue"] for item in booking["unitItems"]]
    assert codes == [f"{booking['supplierReference']}-{number}" for number in (1, 2)]
    redeem(database, lambda: octo_app.config["NOW"], codes[1])
    used = partner("GET", f"/bookings/{booking['uuid']}")
    assert (used["status"], [item["status"] for item in used["unitItems"]]) == ("CONFIRMED", ["CONFIRMED", "REDEEMED"])


def test_the_same_reservation_in_another_language_is_the_same(partner: Partner) -> None:
    body = {**CRUISE, "availabilityId": SLOT, "unitItems": TWO, "uuid": "7d3ce5a6-6f0c-4a52-9a4e-0d9f3e8f9b12"}
    first = partner("POST", "/bookings", body)
    assert partner("POST", "/bookings", body, Accept_Language="ja")["supplierReference"] == first["supplierReference"]


def test_a_crash_between_commit_and_answer_books_once(
    partner: Partner, octo_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = {**CRUISE, "availabilityId": SLOT, "unitItems": TWO, "uuid": "7d3ce5a6-6f0c-4a52-9a4e-0d9f3e8f9b13"}

    def crash(*_: Any) -> None:
        raise OSError("the machine went down")

    with monkeypatch.context() as down:
        down.setattr("portal.octo.objects.booking", crash)
        status, answer = partner.send("POST", "/bookings", body)
        assert (status, answer["error"]) == (500, "INTERNAL_SERVER_ERROR")
    octo_app.config["NOW"] = START + timedelta(minutes=1)
    again = partner("POST", "/bookings", body)
    assert (again["utcCreatedAt"], again["availability"]["vacancies"]) == ("2026-07-01T00:00:00Z", 118)
    other = partner.refused("POST", "/bookings", {**body, "unitItems": TWO[:1]})
    assert (other["error"], other["uuid"]) == ("INVALID_BOOKING_UUID", body["uuid"])
