"""Bad input: a styled page in the reader's language, or a problem document; never a 500."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.app import create_app
from portal.config import Settings
from portal.services import Services
from tests.web.pages import read


@pytest.mark.parametrize(
    "path",
    ["/ar/nowhere", "/ar/attractions/nothing/", "/ar/museums/", "/ar/districts/nothing/", "/ar/attractions/?page=9"],
)
def test_what_is_not_there_is_a_404_in_the_readers_language(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    page = read(answer.text)
    assert answer.status_code == 404
    assert (page.lang, page.dir, page.headings, page.noindex) == ("ar", "rtl", 1, True)


def test_an_unknown_language_is_a_404_in_the_language_the_reader_prefers(client: FlaskClient) -> None:
    answer = client.get("/xx/attractions/", headers={"Accept-Language": "ja"})
    assert answer.status_code == 404
    assert read(answer.text).lang == "ja"


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/en/attractions/?page=x", "page"),
        ("/en/attractions/?page=0", "page"),
        ("/en/attractions/?page=-1", "page"),
        ("/en/attractions/?page=99999999999999999999", "page"),
        ("/en/attractions/?page=%D9%A3", "page"),
        ("/en/attractions/?district=atlantis", "district"),
        ("/en/dining/?tag=nothing", "tag"),
        ("/en/search?kind=hotels", "kind"),
        (f"/en/search?q={'x' * 500}", "q"),
        ("/en/search?q=a&page=1001", "page"),
        ("/en/book/haihe-cruise-day/?date=tomorrow", "date"),
        ("/en/book/haihe-cruise-day/?date=1999-01-01", "date"),
    ],
)
def test_a_parameter_that_cannot_be_used_is_a_400_that_names_it(client: FlaskClient, path: str, field: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 400
    assert f"“{field}”" in answer.text
    assert read(answer.text).headings == 1


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=ten", "limit"),
        ("offset=-1", "offset"),
        ("offset=999999", "offset"),
        ("near=here", "near"),
        ("near=91,0", "near"),
        ("near=nan,nan", "near"),
        ("near=39.1,117.2&radius=0", "radius"),
        ("lang=xx", "lang"),
        ("kind=hotels", "kind"),
        ("district=atlantis", "district"),
    ],
)
def test_the_api_answers_a_problem_document_that_names_the_parameter(
    client: FlaskClient, query: str, field: str
) -> None:
    answer = client.get(f"/api/v1/search?{query}")
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"
    assert answer.json is not None
    assert answer.json["errors"][0]["parameter"] == field


def test_an_unknown_address_of_the_api_is_a_problem_document(client: FlaskClient) -> None:
    answer = client.get("/api/v1/nothing")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_a_wrong_method_is_told_which_are_right(client: FlaskClient) -> None:
    answer = client.delete("/en/")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.text(max_size=60), query=st.dictionaries(st.sampled_from(["q", "page", "near", "to"]), st.text()))
def test_no_address_breaks_the_portal(client: FlaskClient, path: str, query: dict[str, str]) -> None:
    for prefix in ("/", "/th/", "/en/attractions/", "/en/search", "/api/v1/search", "/media/", "/octo/"):
        # The test client takes what follows two slashes at the start for a host, which a server never does.
        address = f"/{(prefix + quote(path)).lstrip('/')}" if prefix.endswith("/") else prefix
        answer = client.get(address, query_string=query)
        assert answer.status_code < 500


def test_without_a_catalog_readers_are_told_to_wait(client: FlaskClient, services: Services) -> None:
    services.catalog.close()
    for file in services.settings.state.glob("catalog-*"):
        file.unlink()
    answer = client.get("/en/")
    assert answer.status_code == 503
    assert client.get("/healthz").status_code == 200
    ready = client.get("/readyz")
    assert ready.status_code == 503
    assert ready.json is not None
    assert ready.json["checks"]["catalog"].startswith("unavailable")
    assert ready.json["checks"]["database"] == "ok"


def test_a_database_out_of_reach_takes_bookings_away_and_nothing_else(settings: Settings, tmp_path: Path) -> None:
    services = Services(replace(settings, database_url=f"sqlite:///{tmp_path}/nowhere/portal.sqlite"))
    client = create_app(services).test_client()
    answer = client.get("/th/book/haihe-cruise-day/")
    assert answer.status_code == 503
    assert read(answer.text).lang == "th"
    assert client.get("/th/entertainment/haihe-cruise/").status_code == 200
    services.close()
