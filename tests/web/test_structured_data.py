"""What pages tell machines, in schema.org's terms."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from portal.app import create_app
from portal.catalog import hours
from portal.catalog.facts import PlaceFacts
from portal.config import Settings
from portal.services import Services
from portal.web.structured_data import place_data, site_data
from tests import sample_content

MONDAY = date(2026, 11, 23)


def data_of(settings: Settings, tmp_path: Path, opening_hours: str) -> dict[str, object]:
    """Return the data of the sample's first listing, in English, in the week of `MONDAY`."""
    content = sample_content.write(tmp_path / "content")
    services = Services(replace(settings, content=content, state=tmp_path / "other"))
    services.compiler().compile()
    english = services.catalog.languages.get("en")
    assert english is not None
    listing = services.catalog.listing("attractions", "wheel", english)
    assert listing is not None
    assert isinstance(listing.facts, PlaceFacts)
    with create_app(services).test_request_context("/en/attractions/wheel/"):
        week = hours.week(opening_hours, MONDAY, services.catalog.working_days())
        data = place_data(listing, listing.facts, services.catalog.site(), None, week)
        assert site_data(services.catalog.site())["inLanguage"] == "en"
    services.close()
    return data


def test_hours_are_those_of_the_coming_days(settings: Settings, tmp_path: Path) -> None:
    """Opening hours in OpenStreetMap syntax are no `openingHours`: months and holidays mean nothing there."""
    data = data_of(settings, tmp_path, "Mo 09:00-12:00,13:30-24:00; Tu-Sa 00:00-24:00; Su off")
    assert "openingHours" not in data
    spans = data["openingHoursSpecification"]
    assert isinstance(spans, list)
    told = [(span["dayOfWeek"].rpartition("/")[2], span["opens"], span["closes"]) for span in spans]
    assert told[:3] == [("Monday", "09:00", "12:00"), ("Monday", "13:30", "23:59"), ("Tuesday", "00:00", "23:59")]
    assert told[-1] == ("Sunday", "00:00", "00:00")
    assert spans[0]["validFrom"] == spans[0]["validThrough"] == "2026-11-23"


def test_what_is_not_known_is_left_out(settings: Settings, tmp_path: Path) -> None:
    data = data_of(settings, tmp_path, "24/7")
    address = data["address"]
    assert isinstance(address, dict)
    assert None not in address.values()
    assert "addressLocality" not in address
    assert data["alternateName"] == ["摩天轮与软件"]


def test_what_can_be_booked_is_offered_and_a_sample_says_so(client: FlaskClient) -> None:
    def products(path: str) -> list[dict[str, Any]]:
        blocks = BeautifulSoup(client.get(path).text, "html.parser").select('script[type="application/ld+json"]')
        return [data for data in (json.loads(block.get_text()) for block in blocks) if data["@type"] == "Product"]

    (product,) = products("/en/attractions/tianjin-eye/")
    offer = product["offers"]
    assert (offer["price"], offer["priceCurrency"]) == ("35.00", "CNY")
    assert offer["url"].endswith("/en/book/tianjin-eye-ride/")
    assert offer["description"].startswith("Sample offer")
    assert products("/en/attractions/panshan/") == []
