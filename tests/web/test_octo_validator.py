"""What OCTO's official validator looks for beyond the schemas, rule by rule; each test is one of its rules.

Others of its rules have their tests elsewhere: answers parse with OCTO's schemas (`tests/judges_octo`, in every test of
a partner), a demo that suits it (`test_octo_demo.py`), nothing but 200 and 400 for a caller without a key
(`test_octo.py`), redemption (`test_octo_products.py`).
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from tests.plugins.octo import START
from tests.web.octo_partner import Partner
from tests.web.test_octo import CONTACT, CRUISE, DAY, SLOT, WHEEL, reservation, vacancies

UNKNOWN = "7d3ce5a6-6f0c-4a52-9a4e-0d9f3e8f9b11"
CORE: list[tuple[str, str, Any]] = [
    ("GET", "/supplier", None),
    ("GET", "/products", None),
    ("GET", "/products/unknown", None),
    ("POST", "/availability", {"productId": "unknown", "optionId": "unknown", **DAY}),
    ("POST", "/availability/calendar", {"productId": "unknown", "optionId": "unknown", **DAY}),
    ("POST", "/bookings", {"productId": "unknown"}),
    ("GET", "/bookings?resellerReference=unknown", None),
    ("GET", f"/bookings/{UNKNOWN}", None),
    ("PATCH", f"/bookings/{UNKNOWN}", {}),
    ("POST", f"/bookings/{UNKNOWN}/confirm", CONTACT),
    ("POST", f"/bookings/{UNKNOWN}/cancel", {}),
    ("POST", f"/bookings/{UNKNOWN}/extend", {}),
]
"""The twelve endpoints that all of OCTO has, with ids that are unknown. A 404 would say that an endpoint is missing."""


def test_no_endpoint_of_the_core_answers_404_whatever_the_id(partner: Partner) -> None:
    for method, path, body in CORE:
        assert partner.send(method, path, body)[0] in {200, 400}, path


def test_an_address_that_is_none_is_a_404_with_its_code(partner: Partner) -> None:
    status, answer = partner.send("GET", "/nothing")
    assert (status, answer["error"]) == (404, "NOT_FOUND")


def test_addresses_work_without_the_slash_and_no_answer_redirects(partner: Partner) -> None:
    for path in ("/bookings", "/bookings/"):
        assert partner.send("GET", f"{path}?resellerReference=x") == (200, [])
        assert partner("POST", path, reservation())["status"] == "ON_HOLD"


@pytest.mark.parametrize("body", [CRUISE, WHEEL])
def test_dates_and_ids_of_slots_do_not_come_together(partner: Partner, body: dict[str, str]) -> None:
    refused = partner.refused("POST", "/availability", {**body, **DAY, "availabilityIds": [SLOT]})
    assert refused["error"] == "BAD_REQUEST"


@pytest.mark.parametrize("missing", ["localDateStart", "localDateEnd"])
@pytest.mark.parametrize("path", ["/availability", "/availability/calendar"])
def test_half_a_range_of_dates_is_refused(partner: Partner, path: str, missing: str) -> None:
    half = {name: value for name, value in DAY.items() if name != missing}
    assert partner.refused("POST", path, {**CRUISE, **half})["error"] == "BAD_REQUEST"


def test_every_product_says_in_which_time_zone_it_is(partner: Partner) -> None:
    assert {product["timeZone"] for product in partner("GET", "/products")} == {"Asia/Shanghai"}


@pytest.mark.parametrize("body", [CRUISE, WHEEL])
def test_slots_say_until_when_they_sell_in_whole_seconds_of_utc(partner: Partner, body: dict[str, str]) -> None:
    for slot in partner("POST", "/availability", {**body, **DAY}):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", slot["utcCutoffAt"])
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00", slot["localDateTimeStart"])


@pytest.mark.parametrize("uuid", ["nope", "7", "%20", "7d3ce5a6", UNKNOWN, UNKNOWN.upper(), "海河"])
def test_a_uuid_that_is_none_or_unknown_is_named(partner: Partner, uuid: str) -> None:
    assert partner.refused("GET", f"/bookings/{uuid}")["error"] == "INVALID_BOOKING_UUID"


def test_the_same_uuid_in_capitals_is_the_same_booking(partner: Partner) -> None:
    body = reservation(uuid=UNKNOWN)
    held = partner("POST", "/bookings", body)
    assert partner("POST", "/bookings", {**body, "uuid": UNKNOWN.upper()}) == held
    assert partner("GET", f"/bookings/{UNKNOWN.upper()}") == held
    assert vacancies(partner) == 118


@pytest.mark.parametrize("wrong", ["uuid", "unitItems"])
def test_a_uuid_in_a_body_that_is_none_is_a_bad_request(partner: Partner, wrong: str) -> None:
    change = {"uuid": "nope"} if wrong == "uuid" else {"unitItems": [{"unitId": "adult", "uuid": "nope"}]}
    refused = partner.refused("POST", "/bookings", {**reservation(), **change})
    assert refused["error"] == "BAD_REQUEST"
    assert "expected a uuid" in refused["errorMessage"]


def moments(booking: dict[str, Any]) -> dict[str, bool]:
    """Return which of a booking's moments are set."""
    names = ("utcExpiresAt", "utcConfirmedAt", "utcRedeemedAt", "cancellation")
    return {name: booking[name] is not None for name in names}


def test_a_hold_has_an_end_and_no_other_moment(partner: Partner) -> None:
    held = partner("POST", "/bookings", reservation())
    assert moments(held) == dict.fromkeys(moments(held), False) | {"utcExpiresAt": True}
    assert (held["voucher"], [item["ticket"] for item in held["unitItems"]]) == (None, [None, None])
    assert [item["status"] for item in held["unitItems"]] == ["ON_HOLD"] * 2


def test_a_confirmed_booking_has_no_end_and_shows_what_opens_the_gate(partner: Partner) -> None:
    uuid = partner("POST", "/bookings", reservation())["uuid"]
    confirmed = partner("POST", f"/bookings/{uuid}/confirm", CONTACT)
    assert moments(confirmed) == dict.fromkeys(moments(confirmed), False) | {"utcConfirmedAt": True}
    assert confirmed["voucher"]["deliveryOptions"]
    assert confirmed["voucher"]["utcRedeemedAt"] is None


@pytest.mark.parametrize("confirm_first", [False, True])
def test_a_cancelled_booking_is_cancelled_whatever_it_was_and_gives_its_places_back(
    partner: Partner, confirm_first: bool
) -> None:
    uuid = partner("POST", "/bookings", reservation())["uuid"]
    if confirm_first:
        partner("POST", f"/bookings/{uuid}/confirm", CONTACT)
    cancelled = partner("POST", f"/bookings/{uuid}/cancel", {"reason": "rain"})
    expected = {"utcExpiresAt": False, "utcRedeemedAt": False, "cancellation": True, "utcConfirmedAt": confirm_first}
    assert (cancelled["status"], cancelled["cancellable"]) == ("CANCELLED", False)
    assert moments(cancelled) == expected
    assert vacancies(partner) == 120


def test_an_expired_hold_keeps_its_end_says_how_it_ended_and_gives_its_places_back(
    partner: Partner, octo_app: Flask
) -> None:
    held = partner("POST", "/bookings", reservation())
    octo_app.config["NOW"] = START + timedelta(minutes=30)
    expired = partner("GET", f"/bookings/{held['uuid']}")
    assert (expired["status"], expired["cancellable"]) == ("EXPIRED", False)
    expected = {"utcExpiresAt": True, "cancellation": True, "utcConfirmedAt": False, "utcRedeemedAt": False}
    assert moments(expired) == expected
    assert expired["utcExpiresAt"] == held["utcExpiresAt"]
    assert vacancies(partner) == 120


def test_extending_by_31_minutes_ends_later_than_the_reservation_did(partner: Partner) -> None:
    held = partner("POST", "/bookings", reservation())
    extended = partner("POST", f"/bookings/{held['uuid']}/extend", {"expirationMinutes": 31})
    assert extended["utcExpiresAt"] > held["utcExpiresAt"]
    shorter = partner("POST", f"/bookings/{held['uuid']}/extend", {"expirationMinutes": 1})
    assert shorter["utcExpiresAt"] == extended["utcExpiresAt"]


@pytest.mark.parametrize(
    ("change", "error", "field"),
    [
        ({"productId": "unknown"}, "INVALID_PRODUCT_ID", "productId"),
        ({"productId": None}, "INVALID_PRODUCT_ID", "productId"),
        ({"optionId": "unknown"}, "INVALID_OPTION_ID", "optionId"),
        ({"optionId": None}, "INVALID_OPTION_ID", "optionId"),
        ({"availabilityId": "unknown"}, "INVALID_AVAILABILITY_ID", "availabilityId"),
        ({"availabilityId": None}, "INVALID_AVAILABILITY_ID", "availabilityId"),
        ({"unitItems": [{"unitId": "unknown"}]}, "INVALID_UNIT_ID", "unitId"),
        ({"unitItems": [{}]}, "INVALID_UNIT_ID", "unitId"),
        ({"unitItems": []}, "UNPROCESSABLE_ENTITY", None),
        ({"unitItems": None}, "UNPROCESSABLE_ENTITY", None),
    ],
)
def test_an_id_that_is_missing_or_unknown_has_a_code_and_is_named(
    partner: Partner, change: dict[str, Any], error: str, field: str | None
) -> None:
    refused = partner.refused("POST", "/bookings", {**reservation(), **change})
    assert refused["error"] == error
    assert field is None or field in refused


def test_a_reservation_carries_what_the_reseller_sent(partner: Partner) -> None:
    body = reservation(uuid=str(uuid4()), resellerReference="ORDER-天津", notes="🚢")
    held = partner("POST", "/bookings", body)
    assert (held["uuid"], held["resellerReference"], held["notes"]) == (body["uuid"], "ORDER-天津", "🚢")
    for query in ("resellerReference=ORDER-天津", f"supplierReference={held['supplierReference']}"):
        assert [one["uuid"] for one in partner("GET", f"/bookings?{query}")] == [held["uuid"]]


HOSTILE: list[bytes] = [
    b"{",
    b"[]",
    b"null",
    b'"text"',
    b"\xff\xfe",
    b"[" * 100_000,
    b'{"unitItems": [{"unitId": "adult"}], "expirationMinutes": 1e400}',
    b'{"unitItems": {"unitId": "adult"}}',
    b'{"notes": "\\ud800"}',
    b'{"notes": "\\u0000"}',
    b'{"productId": "' + b"x" * 2_000_000 + b'"}',
]


@pytest.mark.parametrize("body", HOSTILE, ids=lambda body: body[:30].decode("latin-1"))
def test_what_nobody_should_send_is_refused_in_words_and_changes_nothing(partner: Partner, body: bytes) -> None:
    refused = partner.refused("POST", "/bookings", body)
    assert refused["error"] == "BAD_REQUEST"
    assert len(refused["errorMessage"]) > 10
    assert vacancies(partner) == 120


@pytest.mark.parametrize(
    "headers",
    [
        {"Accept_Language": ";;;q=9,xx-klingon,*"},
        {"Accept_Language": "a" * 4000},
        {"Accept_Language": "\u00e9\u00e9"},
        {"Octo_Capabilities": "octo/teleport, , pricing,,octo/pricing"},
        {"Octo_Env": "moon"},
    ],
)
def test_headers_that_make_no_sense_hinder_nobody(partner: Partner, headers: dict[str, str]) -> None:
    assert partner("GET", "/products/haihe-cruise-day", **headers)["id"] == "haihe-cruise-day"


def test_a_name_given_twice_in_the_query_string_is_refused(partner: Partner) -> None:
    refused = partner.refused("GET", "/bookings?localDate=2026-07-01&localDate=2026-07-02")
    assert (refused["error"], refused["errorMessage"]) == ("BAD_REQUEST", "localDate: expected only once")
