"""Pages of events, itineraries and guides, and how they are joined with places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from portal.app import create_app
from portal.config import Settings
from portal.services import Services
from tests import sample_content
from tests.web.pages import read


@pytest.fixture
def client(settings: Settings, tmp_path: Path) -> Iterator[FlaskClient]:
    content = sample_content.write_beyond_places(sample_content.write(tmp_path / "content"))
    services = Services(
        replace(settings, content=content, state=tmp_path / "other"),
        clock=lambda: datetime(2027, 1, 3, 16, 30, tzinfo=UTC),
    )
    services.compiler().compile()
    yield create_app(services).test_client()
    services.close()


def test_an_event_tells_its_next_days(client: FlaskClient) -> None:
    page = client.get("/en/events/lanterns/").text
    assert '<time datetime="2027-02-20">February 20, 2027</time>' in page
    data = read(page).data
    assert (data["startDate"], data["endDate"]) == ("2027-02-20", "2027-02-20")
    assert data["location"][0]["url"].endswith("/en/attractions/wheel/")


def test_lists_and_the_home_page_show_when(client: FlaskClient) -> None:
    for path in ("/en/events/", "/en/"):
        assert 'datetime="2027-02-20"' in client.get(path).text, path


def test_an_itinerary_shows_its_stops_in_order_with_their_time(client: FlaskClient) -> None:
    page = client.get("/en/itineraries/one-day/").text
    assert page.index("/en/dining/dumplings/") < page.index("/en/attractions/wheel/")
    assert "1 hour" in page
    assert "1 hour 45 minutes" in page
    items = read(page).data["itinerary"]["itemListElement"]
    assert [item["item"]["url"].rpartition("/en/")[2] for item in items] == ["dining/dumplings/", "attractions/wheel/"]


def test_a_guide_is_an_article_with_its_places(client: FlaskClient) -> None:
    page = client.get("/en/guides/paying/").text
    assert read(page).data["@type"] == "Article"
    assert "/en/dining/dumplings/" in page


def test_a_place_shows_what_leads_to_it(client: FlaskClient) -> None:
    links = read(client.get("/en/attractions/wheel/").text).links
    assert {"/en/events/lanterns/", "/en/itineraries/one-day/"} <= set(links)
    assert "/en/guides/paying/" not in links


def test_an_unknown_kind_is_not_found(client: FlaskClient) -> None:
    assert client.get("/en/hotels/").status_code == 404
    assert client.get("/en/events/nothing/").status_code == 404


def test_a_shared_link_shows_the_pages_own_picture(settings: Settings) -> None:
    services = Services(settings)
    with_picture = create_app(services).test_client()
    for path in ("attractions/tianjin-eye/", "itineraries/"):
        page = with_picture.get(f"/en/{path}").text
        address = re.search(r'<meta property="og:image" content="http://127.0.0.1:8000([^"]+)"', page)
        assert address is not None
        assert ("tianjin-eye.jpg" in address[1]) == (path == "attractions/tianjin-eye/")
        with with_picture.get(address[1]) as picture:
            assert picture.mimetype.startswith("image/")
    services.close()
