"""What a visitor finds on a place's page, and what it leads to: the driver's card, maps, a report."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from portal.catalog.datum import bd09, gcj02
from portal.config import Settings
from portal.reports import reports
from portal.services import Services
from tests import sample_content

PLACE = "/en/attractions/wheel/"
WEDNESDAY_EVENING = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)  # 20:00 in the city
FACTS = 'opening_hours: "Tu-Su 09:00-17:00"\nphones: ["+862283883000"]\nprice: {from: 0}\n'


class Clock:
    """A clock that tests put forward."""

    now = WEDNESDAY_EVENING

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def services(settings: Settings, tmp_path: Path, clock: Clock) -> Iterator[Services]:
    content = sample_content.write(tmp_path / "content")
    facts = content / "attractions" / "wheel" / "listing.yaml"
    facts.write_text(facts.read_text() + FACTS)
    services = Services(replace(settings, content=content, state=tmp_path / "other"), clock=clock)
    assert services.compiler().compile().problems == ()
    services.database.upgrade()
    yield services
    services.close()


def soup(client: FlaskClient, path: str) -> BeautifulSoup:
    answer = client.get(path)
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "html.parser")


def test_the_page_carries_what_will_be_said_later(client: FlaskClient) -> None:
    """A cached page stays right: the browser shows the words of its own moment."""
    state = soup(client, PLACE).select_one("[data-states]")
    assert state is not None
    assert state.get_text() == "Closed now. Opens: Thu 09:00"
    states = json.loads(str(state["data-states"]))
    assert [item["words"] for item in states[:4]] == [
        "Closed now. Opens: Thu 09:00",
        "Closed now, opens at 09:00",  # from midnight on
        "Open now, until 17:00",
        "Closed now. Opens: Fri 09:00",
    ]
    assert states[2]["since"] == datetime(2026, 11, 26, 1, 0, tzinfo=UTC).timestamp()


def test_without_javascript_a_page_is_made_anew_when_the_state_changes(client: FlaskClient, clock: Clock) -> None:
    clock.now = datetime(2026, 11, 26, 8, 59, 59, tzinfo=UTC)  # a second before closing
    assert "Open now, until 17:00" in client.get(PLACE).text
    clock.now += timedelta(seconds=2)
    assert "Open now" not in client.get(PLACE).text.partition("data-states")[0]


def test_what_costs_nothing_says_so(client: FlaskClient) -> None:
    assert "Free of charge" in client.get(PLACE).text


def test_each_map_gets_the_point_in_its_own_datum(client: FlaskClient) -> None:
    links = [str(link["href"]) for link in soup(client, PLACE).select(".map-links a")]
    queries = {urlsplit(link).hostname: parse_qs(urlsplit(link).query) for link in links}
    wgs84 = (39.153, 117.18)
    amap = queries["uri.amap.com"]["to"][0].split(",")
    assert (float(amap[1]), float(amap[0])) == pytest.approx(gcj02(wgs84), abs=1e-6)
    assert amap[2] == "摩天轮与软件"
    baidu = queries["api.map.baidu.com"]
    assert tuple(map(float, baidu["location"][0].split(","))) == pytest.approx(bd09(wgs84), abs=1e-6)
    assert baidu["coord_type"] == ["bd09ll"]
    for host, name in (("maps.apple.com", "daddr"), ("www.google.com", "destination")):
        assert tuple(map(float, queries[host][name][0].split(","))) == pytest.approx(gcj02(wgs84), abs=1e-6)
    assert tuple(map(float, queries["www.openstreetmap.org"]["to"][0].split(","))) == pytest.approx(wgs84)


def test_a_place_that_is_known_roughly_is_looked_for_by_name(client: FlaskClient, services: Services) -> None:
    facts = services.settings.content / "attractions" / "wheel" / "listing.yaml"
    facts.write_text(facts.read_text().replace("precision_m: 100", "precision_m: 900"))
    services.compiler().compile()
    page = soup(client, PLACE)
    assert "known to about 900" in page.get_text()
    assert all("daddr" not in str(link["href"]) for link in page.select(".map-links a"))


def test_the_drivers_card_is_in_the_local_language(client: FlaskClient) -> None:
    card = soup(client, f"{PLACE}driver")
    assert card.html is not None
    assert card.html["lang"] == "zh-Hans"
    assert card.h1 is not None
    assert card.h1.get_text() == "摩天轮与软件"
    assert card.select_one("a[href='tel:+862283883000']")
    assert client.get("/en/guides/paying/driver").status_code == 404


def test_the_card_for_drivers_may_be_kept_by_a_service_worker(client: FlaskClient) -> None:
    worker = client.get("/driver-cards.js")
    assert worker.mimetype == "text/javascript"
    assert "worker-src 'self'" in client.get(f"{PLACE}driver").headers["Content-Security-Policy"]


def test_neighbours_are_told_by_their_distance(client: FlaskClient, services: Services) -> None:
    dumplings = services.settings.content / "dining" / "dumplings" / "listing.yaml"
    dumplings.write_text(dumplings.read_text() + "location: {lat: 39.153, lon: 117.20}\n")
    services.compiler().compile()
    assert "1.7" in soup(client, PLACE).select("#nearby ~ .grid .card-marks")[0].get_text()


def token(client: FlaskClient) -> str:
    field = soup(client, f"{PLACE}report").select_one("input[name=csrf_token]")
    assert field is not None
    return str(field["value"])


def test_a_mistake_is_reported_and_waits_for_somebody(client: FlaskClient, services: Services) -> None:
    form = {"csrf_token": token(client), "subject": "hours", "message": " It closes at 16:00. ", "email": "a@b.cn"}
    answer = client.post(f"{PLACE}report", data=form, follow_redirects=True)
    assert "Thank you" in answer.text
    (report,) = reports.waiting(services.database)
    assert (report.listing, report.language, report.subject) == ("attractions/wheel", "en", "hours")
    assert (report.message, report.email) == ("It closes at 16:00.", "a@b.cn")
    assert reports.settle(services.database, report.id, WEDNESDAY_EVENING)
    assert reports.waiting(services.database) == []
    assert not reports.settle(services.database, report.id, WEDNESDAY_EVENING)


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"message": "  "}, "what is wrong"),
        ({"message": "x" * 2001}, "too long"),
        ({"message": "Wrong", "email": "nobody"}, "email address"),
    ],
)
def test_a_report_that_cannot_be_taken_comes_back_as_it_was(
    client: FlaskClient, services: Services, form: dict[str, str], words: str
) -> None:
    answer = client.post(f"{PLACE}report", data={"csrf_token": token(client), **form})
    assert answer.status_code == 422
    assert words in answer.text
    assert form["message"].strip() in answer.text
    assert reports.waiting(services.database) == []


def test_nobody_buries_a_listing_in_reports(client: FlaskClient, services: Services) -> None:
    form = {"csrf_token": token(client), "message": "Again"}
    for _ in range(reports.MOST_OPEN + 2):
        client.post(f"{PLACE}report", data=form)
    assert len(reports.waiting(services.database)) == reports.MOST_OPEN


def test_a_report_without_the_forms_token_is_refused(client: FlaskClient, services: Services) -> None:
    assert client.post(f"{PLACE}report", data={"message": "Wrong"}).status_code == 400
    assert reports.waiting(services.database) == []


def test_the_application_is_ready_for_a_place_without_anything(client: FlaskClient) -> None:
    assert client.get("/en/dining/dumplings/").status_code == 200
    assert client.get("/ar/dining/dumplings/driver").status_code == 200
