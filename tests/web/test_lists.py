"""Lists narrowed and sorted by their address; what each choice would give stands beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from portal.app import create_app
from portal.config import Settings
from portal.services import Services
from tests import sample_content

TUESDAY_NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)  # 12:00 in the city
WHEEL = 'opening_hours: "Tu-Su 09:00-17:00"\nprice: {level: 3}\naccessibility: [step-free, lift]\n'
WHEEL += "languages_spoken: [en, zh-Hans]\n"
TOWER = """\
subtype: TouristAttraction
district: hebei
location: {lat: 39.20, lon: 117.30}
opening_hours: "Mo-Su 18:00-23:00"
price: {level: 1}
accessibility: [step-free]
languages_spoken: [zh-Hans]
sources: []
"""


@pytest.fixture
def client(settings: Settings, tmp_path: Path) -> Iterator[FlaskClient]:
    """Two attractions: a wheel open by day, a cheaper tower open in the evening."""
    content = sample_content.write(tmp_path / "content")
    facts = content / "attractions" / "wheel" / "listing.yaml"
    facts.write_text(facts.read_text() + WHEEL)
    (content / "attractions" / "tower").mkdir()
    (content / "attractions" / "tower" / "listing.yaml").write_text(TOWER)
    (content / "attractions" / "tower" / "en.md").write_text(sample_content.text("A Tower", image=None))
    services = Services(replace(settings, content=content, state=tmp_path / "other"), clock=lambda: TUESDAY_NOON)
    assert services.compiler().compile().problems == ()
    services.database.upgrade()
    yield create_app(services).test_client()
    services.close()


def names(client: FlaskClient, query: str) -> list[str]:
    answer = client.get(f"/en/attractions/?{query}")
    assert answer.status_code == 200, answer.text
    return [link.get_text() for link in BeautifulSoup(answer.text, "html.parser").select(".card-name a")]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["A Tower", "The Wheel"]),
        ("price=3", ["The Wheel"]),
        ("open=now", ["The Wheel"]),
        ("open=then&day=2026-11-24&hour=19:30", ["A Tower"]),
        ("open=then&day=2026-11-30&hour=12:00", []),  # a Monday
        ("access=step-free", ["A Tower", "The Wheel"]),
        ("access=step-free&access=lift", ["The Wheel"]),
        ("speaks=en", ["The Wheel"]),
        ("bookable=1", []),
        ("sort=price", ["A Tower", "The Wheel"]),
        ("sort=nearest&near=39.15,117.18", ["The Wheel", "A Tower"]),
        ("sort=nearest&near=39.20,117.30", ["A Tower", "The Wheel"]),
        ("tag=river&open=now&price=3", ["The Wheel"]),
    ],
)
def test_a_list_is_narrowed_and_sorted(client: FlaskClient, query: str, expected: list[str]) -> None:
    assert names(client, query) == expected


def test_each_choice_tells_what_it_would_give(client: FlaskClient) -> None:
    text = client.get("/en/attractions/?price=3").text
    assert "Upscale (1)" in text
    assert "Inexpensive (1)" in text  # the present choice of the same facet does not count
    assert "River (1)" in text
    assert "Lift (1)" in text


def test_distance_is_shown_where_a_point_is_given(client: FlaskClient) -> None:
    assert "11.7" in client.get("/en/attractions/?near=39.15,117.18&sort=nearest").text
    assert "card-marks" not in client.get("/en/attractions/").text


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("price=9", "price"),
        ("open=later", "open"),
        ("open=then&day=yesterday", "day"),
        ("open=then&day=2300-01-01", "day"),
        ("open=then&hour=99:00", "hour"),
        ("access=wings", "access"),
        ("speaks=xx", "speaks"),
        ("near=1000,0", "near"),
        ("near=nan,nan", "near"),
        ("sort=luck", "sort"),
        ("bookable=yes", "bookable"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(client: FlaskClient, query: str, field: str) -> None:
    answer = client.get(f"/en/attractions/?{query}")
    assert answer.status_code == 400
    assert f"“{field}”" in answer.text


def test_a_narrowed_list_keeps_its_address_in_other_languages_and_on_the_map(client: FlaskClient) -> None:
    soup = BeautifulSoup(client.get("/en/attractions/?price=3&open=now").text, "html.parser")
    assert soup.select_one('meta[name="robots"][content="noindex"]')
    arabic = soup.select_one('.switcher a[lang="ar"]')
    assert arabic is not None
    assert "price%3D3" in str(arabic["href"])
    map_link = next(
        str(link["href"]) for link in soup.select("a") if "/map/" in str(link["href"]) and "?" in str(link["href"])
    )
    assert "price=3" in map_link
    assert "open=now" in map_link
    places = BeautifulSoup(client.get(map_link).text, "html.parser").select("#places li")
    assert [(place["data-lat"], place["data-lon"]) for place in places] == [("39.153", "117.18")]
