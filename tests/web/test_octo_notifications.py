"""OCTO's notifications over HTTP: subscriptions are made, read, changed and ended, each partner's own only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from portal.database import Database
from portal.partners.keys import authenticate, make
from portal.partners.model import KeyWish
from tests.plugins.octo import START
from tests.web.octo_partner import Partner

PATH = "/notifications/subscriptions"
WANTED = {
    "url": "https://shop.example/hooks",
    "notificationTypes": ["BOOKING_UPDATE", "PRODUCT_UPDATE"],
    "headers": {"X-Shop": "7"},
}


def test_a_subscription_is_made_read_changed_and_ended(partner: Partner) -> None:
    made = partner("POST", PATH, WANTED)
    assert made.pop("secret").startswith("whsec_")
    assert made == {"id": made["id"], **WANTED, "testMode": False}
    where = f"{PATH}/{made['id']}"
    assert partner("GET", where) == made
    changed = partner("PATCH", where, {"notificationTypes": ["AVAILABILITY_UPDATE"]})
    assert changed == {**made, "notificationTypes": ["AVAILABILITY_UPDATE"]}
    assert partner("GET", PATH) == [changed]
    assert partner("DELETE", where) == changed
    assert partner("GET", PATH) == []
    assert partner.refused("GET", where)["error"] == "BAD_REQUEST"


def test_the_address_as_the_standards_page_spells_it_works_too(partner: Partner) -> None:
    assert partner("POST", "/notifications/subcriptions", WANTED)["url"] == WANTED["url"]
    assert len(partner("GET", f"{PATH}/")) == 1


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"url": None}, "url"),
        ({"url": "http://shop.example/"}, "url"),
        ({"url": "https://10.0.0.1/"}, "url"),
        ({"url": 7}, "url"),
        ({"notificationTypes": []}, "notificationTypes"),
        ({"notificationTypes": ["booking.created"]}, "notificationTypes"),
        ({"notificationTypes": "BOOKING_UPDATE"}, "notificationTypes"),
        ({"headers": {"Host": "inside"}}, "headers"),
        ({"headers": {"X": "a\r\nb"}}, "headers"),
        ({"headers": {"X": 1}}, "headers"),
    ],
)
def test_what_cannot_be_is_refused_by_name_and_changes_nothing(
    partner: Partner, change: dict[str, Any], named: str
) -> None:
    known = partner("POST", PATH, WANTED)
    known.pop("secret")
    refused = partner.refused("POST", PATH, {**WANTED, **change})
    assert (refused["error"], named in refused["errorMessage"]) == ("BAD_REQUEST", True)
    if change.get("url", "") is not None:
        assert named in partner.refused("PATCH", f"{PATH}/{known['id']}", change)["errorMessage"]
    assert partner("GET", PATH) == [known]


def test_anothers_subscription_is_not_there(partner: Partner, become: Callable[..., Partner]) -> None:
    made = partner("POST", PATH, WANTED)
    other = become("Other shop")
    assert other("GET", PATH) == []
    for method in ("GET", "PATCH", "DELETE"):
        for identity in (made["id"], str(uuid4()), "7", "%00"):
            assert other.refused(method, f"{PATH}/{identity}", {})["error"] == "BAD_REQUEST"
    assert len(partner("GET", PATH)) == 1


def test_the_capability_can_be_asked_for_and_its_short_form_is_echoed(partner: Partner) -> None:
    answer = partner.client.get(
        "/octo/supplier", headers={"Authorization": f"Bearer {partner.key}", "Octo-Capabilities": "notifications"}
    )
    assert answer.headers["Octo-Capabilities"] == "notifications"


def test_a_sandbox_key_makes_and_reaches_subscriptions_for_tests_alone(partner: Partner, database: Database) -> None:
    live = partner("POST", PATH, WANTED)
    asked = partner("POST", PATH, WANTED, Octo_Env="test")
    credential = authenticate(database, partner.key)
    assert credential is not None
    trial = replace(partner, key=make(database, credential.partner, KeyWish(sandbox=True), START))
    made = trial("POST", PATH, WANTED, Octo_Env="live")
    assert (live["testMode"], asked["testMode"], made["testMode"]) == (False, True, True)
    assert {one["id"] for one in trial("GET", PATH)} == {asked["id"], made["id"]}
    assert len(partner("GET", PATH)) == 3
    for method in ("GET", "PATCH", "DELETE"):
        assert trial.refused(method, f"{PATH}/{live['id']}", {})["error"] == "BAD_REQUEST"


def test_a_suppliers_key_reaches_what_was_made_with_such_a_key_alone(partner: Partner, database: Database) -> None:
    whole = partner("POST", PATH, WANTED)
    credential = authenticate(database, partner.key)
    assert credential is not None
    bound = replace(partner, key=make(database, credential.partner, KeyWish(supplier="boats"), START))
    made = bound("POST", PATH, WANTED)
    assert [one["id"] for one in bound("GET", PATH)] == [made["id"]]
    assert bound.refused("DELETE", f"{PATH}/{whole['id']}")["error"] == "BAD_REQUEST"


def test_a_partner_bound_to_a_supplier_reaches_all_that_is_its_own(become: Callable[..., Partner]) -> None:
    bound = become("Boats", supplier="boats")
    made = bound("POST", PATH, WANTED)
    assert bound("DELETE", f"{PATH}/{made['id']}")["id"] == made["id"]
