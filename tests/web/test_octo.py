"""A partner over HTTP, on SQLite and on PostgreSQL, against the whole application."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.plugins.octo import START
from tests.web.octo_partner import Partner

SLOT = "2026-07-01T14:00:00+08:00"
CRUISE = {"productId": "haihe-cruise-day", "optionId": "DEFAULT"}
WHEEL = {"productId": "tianjin-eye-ride", "optionId": "DEFAULT"}
DAY = {"localDateStart": "2026-07-01", "localDateEnd": "2026-07-01"}
CONTACT = {"contact": {"fullName": "Li Na", "emailAddress": "li@example.com", "locales": ["zh-Hans"]}}


def reservation(count: int = 2, **more: Any) -> dict[str, Any]:
    return {**CRUISE, "availabilityId": SLOT, "unitItems": [{"unitId": "adult"}] * count, **more}


def vacancies(partner: Partner) -> int:
    (slot,) = partner("POST", "/availability", {**CRUISE, "availabilityIds": [SLOT]})
    return int(slot["vacancies"])


def test_a_partner_goes_from_products_to_a_cancelled_booking(partner: Partner) -> None:
    products = partner("GET", "/products")
    assert [product["id"] for product in products] == ["haihe-cruise-day", "tianjin-eye-ride"]
    slots = partner("POST", "/availability", {**CRUISE, **DAY})
    assert [slot["id"] for slot in slots] == ["2026-07-01T10:00:00+08:00", SLOT]
    uuid = str(uuid4())
    held = partner("POST", "/bookings", reservation(uuid=uuid, resellerReference="R-1"))
    assert (held["uuid"], held["status"], held["utcExpiresAt"]) == (uuid, "ON_HOLD", "2026-07-01T00:30:00Z")
    assert (held["voucher"], held["utcConfirmedAt"], held["cancellation"]) == (None, None, None)
    assert vacancies(partner) == 118
    confirmed = partner("POST", f"/bookings/{uuid}/confirm", CONTACT)
    assert (confirmed["status"], confirmed["utcExpiresAt"]) == ("CONFIRMED", None)
    assert confirmed["voucher"]["deliveryOptions"][0]["deliveryValue"] == confirmed["supplierReference"]
    assert confirmed["contact"]["fullName"] == "Li Na"
    assert partner("GET", f"/bookings/{uuid}") == confirmed
    for query in ("resellerReference=R-1", f"supplierReference={held['supplierReference']}", "localDate=2026-07-01"):
        assert partner("GET", f"/bookings?{query}") == [confirmed]
    assert partner("GET", "/bookings?localDate=2026-07-02") == []
    cancelled = partner("POST", f"/bookings/{uuid}/cancel", {"reason": "rain"})
    assert (cancelled["status"], cancelled["cancellable"], cancelled["utcExpiresAt"]) == ("CANCELLED", False, None)
    assert cancelled["cancellation"] == {"refund": "FULL", "reason": "rain", "utcCancelledAt": "2026-07-01T00:00:00Z"}
    assert vacancies(partner) == 120
    assert partner.refused("POST", f"/bookings/{uuid}/cancel", {})["error"] == "UNPROCESSABLE_ENTITY"


def test_every_address_also_works_with_a_slash_at_the_end(partner: Partner) -> None:
    for path in ("/supplier/", "/products/", "/products/haihe-cruise-day/", "/capabilities/"):
        assert partner("GET", path) == partner("GET", path.rstrip("/"))
    booking = partner("POST", "/bookings/", reservation())
    assert partner("POST", f"/bookings/{booking['uuid']}/extend/", b"")["status"] == "ON_HOLD"


def test_the_supplier_is_the_portal_or_the_one_the_key_is_bound_to(become: Callable[..., Partner]) -> None:
    answer = become()("GET", "/supplier")
    assert (answer["id"], answer["endpoint"]) == ("portal", "https://portal.example/octo")
    bound = become("Boats", supplier="boats-ltd")
    assert bound("GET", "/supplier")["id"] == "boats-ltd"
    assert bound("GET", "/products") == []
    assert bound.refused("GET", "/products/haihe-cruise-day")["error"] == "INVALID_PRODUCT_ID"


def test_a_product_says_how_and_for_whom_it_is_sold(partner: Partner) -> None:
    product = partner("GET", "/products/tianjin-eye-ride", Accept_Language="zh-CN")
    assert (product["internalName"], product["locale"]) == ("天津之眼摩天轮乘坐", "zh-Hans")
    assert (product["availabilityType"], product["timeZone"]) == ("OPENING_HOURS", "Asia/Shanghai")
    (option,) = product["options"]
    assert (option["availabilityLocalStartTimes"], option["cancellationCutoffAmount"]) == (["00:00"], 2)
    assert option["units"][1]["restrictions"]["minAge"] == 3
    assert "pricingPer" not in product
    assert "pricingFrom" not in option["units"][0]


def test_opening_hours_are_sold_by_the_day(partner: Partner) -> None:
    (day,) = partner("POST", "/availability", {**WHEEL, "localDate": "2026-07-01"})
    assert (day["id"], day["allDay"], day["utcCutoffAt"]) == ("2026-07-01T00:00:00+08:00", True, "2026-07-01T13:00:00Z")
    assert day["openingHours"] == [{"from": "09:30", "to": "21:30"}]
    booking = {**WHEEL, "availabilityId": day["id"], "unitItems": [{"unitId": "child"}]}
    assert partner("POST", "/bookings", booking)["availability"]["vacancies"] == 399


def test_the_calendar_has_an_entry_for_every_day(partner: Partner) -> None:
    body = {**CRUISE, "localDateStart": "2026-06-30", "localDateEnd": "2026-07-31"}
    days = partner("POST", "/availability/calendar", body)
    assert len(days) == 32
    assert [(day["status"], day["available"]) for day in days[:2]] == [("CLOSED", False), ("AVAILABLE", True)]


def test_prices_are_shown_to_who_asks_for_them_in_the_form_they_asked(partner: Partner) -> None:
    assert partner.client.get("/octo/products").headers.get("Octo-Capabilities") is None  # no key
    for form in ("octo/pricing", "pricing"):
        partner.headers = {"Octo-Capabilities": f"octo/offers, {form}"}
        answer = partner.client.get(
            "/octo/products", headers={"Authorization": f"Bearer {partner.key}", **partner.headers}
        )
        assert answer.headers["Octo-Capabilities"] == form
        product = partner("GET", "/products/haihe-cruise-day")
        assert (product["defaultCurrency"], product["pricingPer"]) == ("CNY", "UNIT")
        price = product["options"][0]["units"][0]["pricingFrom"][0]
        assert (price["retail"], price["currency"], price["currencyPrecision"]) == (10000, "CNY", 2)
        units = [{"id": "adult", "quantity": 2}, {"id": "family", "quantity": 1}]
        slot = partner("POST", "/availability", {**CRUISE, "availabilityIds": [SLOT], "units": units})[0]
        assert [unit["retail"] for unit in slot["unitPricing"]] == [10000, 5000, 25000]
        assert slot["pricing"]["retail"] == 45000
        assert partner("POST", "/availability/calendar", {**CRUISE, **DAY})[0]["unitPricingFrom"][0]["retail"] == 10000
        booking = partner("POST", "/bookings", reservation(2, currency="CNY"))
        assert (booking["pricing"]["retail"], booking["unitItems"][0]["pricing"]["retail"]) == (20000, 10000)
    partner.headers = {}
    assert "pricing" not in partner("POST", "/bookings", reservation())


@pytest.mark.parametrize("form", ["octo/content", "content"])
def test_contents_come_in_the_language_that_is_asked_for(partner: Partner, form: str) -> None:
    partner.headers = {"Octo-Capabilities": f"{form}, octo/pricing"}
    for tag in ["zh-Hans", "zh-Hant", "en", "ja", "ko", "ru", "fr", "de", "es", "pt", "ar", "th"]:
        answer = partner.client.get(
            "/octo/products/tianjin-eye-ride",
            headers={"Authorization": f"Bearer {partner.key}", **partner.headers, "Accept-Language": tag},
        )
        assert (answer.headers["Content-Language"], answer.headers["Octo-Capabilities"]) == (
            tag,
            f"{form}, octo/pricing",
        )
        assert tag in answer.headers["Available-Languages"].split(", ")
        product = partner("GET", "/products/tianjin-eye-ride", Accept_Language=tag)
        assert product["shortDescription"]
        assert product["media"][0]["src"].startswith("https://portal.example/media/attractions/tianjin-eye/")
        assert product["locations"][0]["place"]["postalAddress"]["addressCountry"] == "CN"
    assert "摩天轮" in partner("GET", "/products/tianjin-eye-ride", Accept_Language="zh-CN")["description"]
    assert partner("GET", "/supplier", Accept_Language="de")["shortDescription"]
    booking = partner("POST", "/bookings", reservation())
    assert booking["product"]["title"] == "Hai River day cruise"
    assert partner("POST", "/availability", {**CRUISE, **DAY})[0]["title"] is None


def test_only_a_key_in_force_opens_and_every_refusal_is_a_400(partner: Partner) -> None:
    client = partner.client
    for headers in ({}, {"Authorization": "Basic YTpi"}, {"Authorization": "Bearer"}, {"Authorization": partner.key}):
        answer = client.get("/octo/products", headers=headers)
        assert (answer.status_code, answer.json["error"]) == (400, "UNAUTHORIZED")
    for key in ("live_wrong", "\N{SNOWMAN}"):
        answer = client.get("/octo/products", headers={"Authorization": f"Bearer {key}".encode().decode("latin-1")})
        assert (answer.status_code, answer.json["error"]) == (400, "FORBIDDEN")


def test_another_partners_booking_is_unknown(become: Callable[..., Partner]) -> None:
    mine, other = become(), become("Other shop")
    uuid = mine("POST", "/bookings", reservation())["uuid"]
    for method, path, body in [
        ("GET", "", None),
        ("PATCH", "", {"notes": "x"}),
        ("POST", "/confirm", CONTACT),
        ("POST", "/extend", {}),
        ("POST", "/cancel", {}),
    ]:
        answer = other.refused(method, f"/bookings/{uuid}{path}", body)
        assert (answer["error"], answer["uuid"]) == ("INVALID_BOOKING_UUID", uuid)
    assert other("GET", "/bookings?localDate=2026-07-01") == []
    assert mine("GET", f"/bookings/{uuid}")["status"] == "ON_HOLD"


def test_a_repeated_reservation_is_one_booking_and_another_under_its_uuid_is_refused(partner: Partner) -> None:
    body = reservation(uuid=str(uuid4()))
    assert partner("POST", "/bookings", body) == partner("POST", "/bookings", body)
    assert vacancies(partner) == 118
    answer = partner.refused("POST", "/bookings", {**body, "notes": "other"})
    assert (answer["error"], answer["uuid"]) == ("INVALID_BOOKING_UUID", body["uuid"])


def test_an_expired_hold_gives_its_places_back_and_cannot_be_confirmed(partner: Partner, octo_app: Flask) -> None:
    uuid = partner("POST", "/bookings", reservation(expirationMinutes=5))["uuid"]
    assert (
        partner("POST", f"/bookings/{uuid}/extend", {"expirationMinutes": 31})["utcExpiresAt"] == "2026-07-01T00:31:00Z"
    )
    octo_app.config["NOW"] = START + timedelta(minutes=31)
    assert vacancies(partner) == 120
    expired = partner("GET", f"/bookings/{uuid}")
    assert (expired["status"], expired["utcExpiresAt"]) == ("EXPIRED", "2026-07-01T00:31:00Z")
    assert expired["cancellation"]["refund"] == "NONE"
    for step in ("confirm", "extend"):
        assert partner.refused("POST", f"/bookings/{uuid}/{step}", CONTACT)["error"] == "INVALID_BOOKING_UUID"


def test_a_hold_can_be_changed_and_keeps_the_tickets_that_are_named(partner: Partner) -> None:
    held = partner("POST", "/bookings", reservation(contact={"fullName": "Li Na", "country": "CN"}))
    kept = held["unitItems"][0]["uuid"]
    morning = "2026-07-01T10:00:00+08:00"
    change = {"availabilityId": morning, "unitItems": [{"uuid": kept, "unitId": "adult"}, {"unitId": "child"}]}
    changed = partner("PATCH", f"/bookings/{held['uuid']}", {**change, "contact": {"fullName": "Li Wei"}})
    assert changed["availabilityId"] == morning
    assert [item["unitId"] for item in changed["unitItems"]] == ["adult", "child"]
    assert changed["unitItems"][0]["uuid"] == kept
    assert (changed["contact"]["fullName"], changed["contact"]["country"]) == ("Li Wei", "CN")
    assert vacancies(partner) == 120
    other = {"productId": "tianjin-eye-ride"}
    assert partner.refused("PATCH", f"/bookings/{held['uuid']}", other)["error"] == "UNPROCESSABLE_ENTITY"


def test_a_sandbox_books_without_taking_places(become: Callable[..., Partner], partner: Partner) -> None:
    sandbox = become("Sandbox", sandbox=True)
    for one, headers in ((sandbox, {}), (partner, {"Octo_Env": "test"})):
        held = one("POST", "/bookings", reservation(), **headers)
        confirmed = one("POST", f"/bookings/{held['uuid']}/confirm", CONTACT, **headers)
        assert confirmed["testMode"]
        assert confirmed["voucher"]["deliveryOptions"][0]["deliveryValue"].startswith("TEST-")
    assert vacancies(partner) == 120


BAD_RESERVATIONS: list[tuple[Any, str, str]] = [
    ({}, "INVALID_PRODUCT_ID", "productId"),
    ({**reservation(), "productId": "boat"}, "INVALID_PRODUCT_ID", "productId"),
    ({**reservation(), "optionId": None}, "INVALID_OPTION_ID", "optionId"),
    ({**reservation(), "availabilityId": "2026-07-01"}, "INVALID_AVAILABILITY_ID", "availabilityId"),
    ({**reservation(), "unitItems": [{"unitId": "dog"}]}, "INVALID_UNIT_ID", "unitId"),
    ({**reservation(), "unitItems": [{}]}, "INVALID_UNIT_ID", "unitId"),
    ({**reservation(), "unitItems": []}, "UNPROCESSABLE_ENTITY", "unitItems"),
    (reservation(11), "UNPROCESSABLE_ENTITY", "unitItems"),
    ({**reservation(), "unitItems": {}}, "BAD_REQUEST", "unitItems"),
    ({**reservation(), "unitItems": [{"unitId": 1}]}, "BAD_REQUEST", "unitItems.0.unitId"),
    ({**reservation(), "uuid": "1"}, "BAD_REQUEST", "uuid"),
    ({**reservation(), "expirationMinutes": "5"}, "BAD_REQUEST", "expirationMinutes"),
    ({**reservation(), "notes": "a\0b"}, "BAD_REQUEST", "notes"),
    ({**reservation(), "productId": "a\0b"}, "BAD_REQUEST", "productId"),
    ({**reservation(), "currency": "USD"}, "BAD_REQUEST", "currency"),
    ({**reservation(), "contact": {"locales": "zh"}}, "BAD_REQUEST", "contact.locales"),
    ({**reservation(), "contact": {"emailAddress": "li na"}}, "BAD_REQUEST", "contact.emailAddress"),
    ({**reservation(), "contact": {"emailAddress": "ü@example.com"}}, "BAD_REQUEST", "contact.emailAddress"),
    ([], "BAD_REQUEST", "body"),
    (b"{", "BAD_REQUEST", "body"),
    (b'{"notes": "\\ud800"}', "BAD_REQUEST", ""),
    (b"\xff", "BAD_REQUEST", "body"),
    (b"[" * 100_000, "BAD_REQUEST", "body"),
    (b" " * 2_000_000, "BAD_REQUEST", ""),
]


def test_a_reservation_that_cannot_be_says_what_is_wrong(partner: Partner) -> None:
    for body, error, named in BAD_RESERVATIONS:
        answer = partner.refused("POST", "/bookings", body)
        assert answer["error"] == error, answer
        assert named in answer or named in answer["errorMessage"], answer
    assert vacancies(partner) == 120


BAD_QUESTIONS: list[tuple[str, Any, str]] = [
    ("/availability", {**CRUISE}, "BAD_REQUEST"),
    ("/availability", {**CRUISE, "localDateStart": "2026-07-01"}, "BAD_REQUEST"),
    ("/availability", {**CRUISE, **DAY, "availabilityIds": [SLOT]}, "BAD_REQUEST"),
    ("/availability", {**CRUISE, "localDateStart": "2026-07-02", "localDateEnd": "2026-07-01"}, "BAD_REQUEST"),
    ("/availability", {**CRUISE, "localDateStart": "0001-01-01", "localDateEnd": "0001-01-02"}, "BAD_REQUEST"),
    ("/availability", {**CRUISE, "localDateStart": "9999-12-31", "localDateEnd": "9999-12-31"}, "BAD_REQUEST"),
    ("/availability", {**CRUISE, "localDateStart": "2026-01-01", "localDateEnd": "2036-01-01"}, "BAD_REQUEST"),
    ("/availability", {**CRUISE, **DAY, "units": [{"id": "adult", "quantity": 11}]}, "BAD_REQUEST"),
    ("/availability", {**CRUISE, **DAY, "units": [{"id": "dog", "quantity": 1}]}, "INVALID_UNIT_ID"),
    ("/availability", {**CRUISE, **DAY, "productId": "boat"}, "INVALID_PRODUCT_ID"),
    ("/availability", {**CRUISE, **DAY, "optionId": "x"}, "INVALID_OPTION_ID"),
    ("/availability/calendar", {**CRUISE, "localDateEnd": "2026-07-01"}, "BAD_REQUEST"),
    ("/availability/calendar", {**CRUISE, **DAY, "localDateStart": "soon"}, "BAD_REQUEST"),
]


def test_a_question_about_availability_that_makes_no_sense_is_refused(partner: Partner) -> None:
    for path, body, error in BAD_QUESTIONS:
        answer = partner.refused("POST", path, body)
        assert answer["error"] == error, (body, answer)


def test_availability_ids_at_the_ends_of_time_are_unknown_or_closed(partner: Partner) -> None:
    ids = ["0001-01-01T10:00:00+08:00", "9999-12-31T10:00:00+08:00", "x", SLOT]
    found = partner("POST", "/availability", {**CRUISE, "availabilityIds": ids})
    assert SLOT in [slot["id"] for slot in found]
    for slot in ids[:2]:
        status, answer = partner.send("POST", "/bookings", reservation() | {"availabilityId": slot})
        assert (status, answer["error"]) in {(400, "INVALID_AVAILABILITY_ID"), (400, "UNPROCESSABLE_ENTITY")}


def test_a_list_without_a_sensible_filter_is_refused(partner: Partner) -> None:
    half = "localDateStart=2026-07-01"
    for query in ("", "localDate=soon", half, "productId=haihe-cruise-day", "resellerReference=%00"):
        assert partner.refused("GET", f"/bookings?{query}")["error"] == "BAD_REQUEST"


def test_a_uuid_that_is_none_or_unknown_is_named(partner: Partner) -> None:
    for uuid in ("1", "%00", "x" * 3000, "00000000-0000-0000-0000-000000000000"):
        assert partner.refused("GET", f"/bookings/{uuid}")["error"] == "INVALID_BOOKING_UUID"


def test_confirming_needs_a_contact(partner: Partner) -> None:
    uuid = partner("POST", "/bookings", reservation())["uuid"]
    answer = partner.refused("POST", f"/bookings/{uuid}/confirm", b"")
    assert (answer["error"], answer["errorMessage"]) == ("BAD_REQUEST", "contact: expected")
    assert partner("POST", f"/bookings/{uuid}/confirm", {"contact": {}})["status"] == "CONFIRMED"


def test_an_address_that_is_none_answers_in_json(partner: Partner) -> None:
    for path in ("/nowhere", "/"):
        status, answer = partner.send("GET", path)
        assert (status, answer["error"]) == (404, "NOT_FOUND")


def test_a_method_an_address_does_not_take_is_told_which_it_takes(partner: Partner) -> None:
    status, answer = partner.send("DELETE", "/products")
    assert (status, answer["errorMessage"]) == (405, "expected GET, HEAD, OPTIONS, not DELETE")
    for path, allowed in [("/bookings/", "GET, HEAD, OPTIONS, POST"), ("/availability", "OPTIONS, POST")]:
        key = {"Authorization": f"Bearer {partner.key}"}
        for method in ("OPTIONS", "PUT"):
            answer = partner.client.open(f"/octo{path}", method=method, headers=key)
            assert sorted(answer.allow) == allowed.split(", ")


def test_a_failure_of_ours_is_json_too_and_tells_nothing(partner: Partner, octo_app: Flask) -> None:
    class Gone(Exception):
        pass

    def broken() -> datetime:
        raise Gone("secret")

    octo_app.extensions["portal"].clock = broken
    status, answer = partner.send("GET", f"/bookings/{uuid4()}")
    assert (status, answer["error"]) == (500, "INTERNAL_SERVER_ERROR")
    assert "secret" not in answer["errorMessage"]


@pytest.mark.parametrize("header", ["Basic \xff", "Basic AAAA", "Bearer", "Bearer ", "Digest x", "\xff"])
def test_other_credentials_than_a_key_are_refused(client: FlaskClient, header: str) -> None:
    answer = client.get("/octo/products", headers={"Authorization": header})
    assert (answer.status_code, answer.get_json()["error"]) == (400, "UNAUTHORIZED")
