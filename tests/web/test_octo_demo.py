"""What the project's own content has on sale suits whoever tries the interface out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from portal.partners.accounts import create_partner
from portal.services import Services
from tests.judges_octo.judge import Judge
from tests.web.octo_partner import Partner
from tests.web.pages import today

LANGUAGES = ["zh-Hans", "zh-Hant", "en", "ja", "ko", "ru", "fr", "de", "es", "pt", "ar", "th"]
ALL = {"Octo-Capabilities": "octo/pricing, octo/content"}


@pytest.fixture
def partner(client: FlaskClient, services: Services, octo_judge: Judge) -> Partner:
    return Partner(client, create_partner(services.database, "Ticket shop"), octo_judge, ALL)


def coming_weeks(partner: Partner, services: Services, product: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the standard option's slots of four weeks from tomorrow on."""
    day = today(services)
    body = {"productId": product["id"], "optionId": product["options"][0]["id"]}
    body |= {"localDateStart": f"{day + timedelta(days=1)}", "localDateEnd": f"{day + timedelta(days=28)}"}
    found: list[dict[str, Any]] = partner("POST", "/availability", body)
    return found


def test_both_kinds_are_on_sale_with_room_and_one_departure_a_week_is_sold_out(
    partner: Partner, services: Services
) -> None:
    products = partner("GET", "/products")
    assert {product["availabilityType"] for product in products} == {"START_TIME", "OPENING_HOURS"}
    slots = [slot for product in products for slot in coming_weeks(partner, services, product)]
    assert sum(slot["vacancies"] >= 100 for slot in slots) > 0.9 * len(slots)
    assert sum(slot["status"] == "SOLD_OUT" for slot in slots) == 4
    for product in products:
        assert product["timeZone"] == "Asia/Shanghai"
        assert product["options"][0]["requiredContactFields"] == []
        assert all(unit["requiredContactFields"] == [] for unit in product["options"][0]["units"])


def test_every_product_can_be_booked_confirmed_and_cancelled(partner: Partner, services: Services) -> None:
    for product in partner("GET", "/products"):
        slot = next(slot for slot in coming_weeks(partner, services, product) if slot["available"])
        option = product["options"][0]
        body = {"productId": product["id"], "optionId": option["id"], "availabilityId": slot["id"]}
        items = [{"unitId": unit["id"]} for unit in option["units"]]
        uuid = partner("POST", "/bookings", {**body, "unitItems": items})["uuid"]
        assert partner("POST", f"/bookings/{uuid}/confirm", {"contact": {}})["status"] == "CONFIRMED"
        cancelled = partner("POST", f"/bookings/{uuid}/cancel", {})
        assert cancelled["cancellation"]["refund"] == "FULL"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_product_tells_about_itself_in_every_language(partner: Partner, language: str) -> None:
    for product in partner("GET", "/products", Accept_Language=language):
        assert product["locale"] == language
        assert product["title"]
        assert product["description"]
        assert product["media"]


def test_tables_and_seats_are_sold_by_those_who_run_them(
    client: FlaskClient, services: Services, octo_judge: Judge
) -> None:
    for supplier, name in [("kiessling", "Kiessling"), ("dengyinglou", "Dengyinglou"), ("mingliu-teahouse", "Mingliu")]:
        key = create_partner(services.database, "Ticket shop", supplier=supplier)
        bound = Partner(client, key, octo_judge, ALL)
        assert bound("GET", "/supplier")["name"].startswith(name)
        (product,) = bound("GET", "/products")
        assert product["id"].startswith(supplier)
        assert bound.refused("GET", "/products/haihe-cruise-day")["error"] == "INVALID_PRODUCT_ID"
