"""Addresses that somebody made up: nothing of them runs, and nothing leads to another site."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

HOSTILE = "%22%3E%3Cimg%20src=x%3E"


@pytest.mark.parametrize("path", ["attractions", "districts", "book", "bookings"])
def test_a_page_repeats_its_address_as_text_only(client: FlaskClient, path: str) -> None:
    answer = client.get(f"/en/{path}/{HOSTILE}/")
    assert answer.status_code == 404
    assert BeautifulSoup(answer.text, "html.parser").select("img[src=x]") == []


def test_what_is_not_there_has_no_address_of_its_own(client: FlaskClient) -> None:
    text = client.get("/en/attractions/nothing/").text
    assert "canonical" not in text
    assert "og:url" not in text


@pytest.mark.parametrize("path", ["/en", "/en/attractions", "/en//attractions/", "/octo//products"])
def test_a_redirect_for_slashes_names_no_host(client: FlaskClient, path: str) -> None:
    answer = client.get(path, base_url="http://evil.example")
    assert answer.status_code == 308
    assert answer.location.startswith("/")
    assert not answer.location.startswith("//")


def test_a_redirect_for_slashes_keeps_the_query(client: FlaskClient) -> None:
    assert client.get("/en/attractions?district=hebei&page=1").location == "/en/attractions/?district=hebei&page=1"


def test_a_form_sent_to_another_spelling_of_the_language_stays_one(client: FlaskClient) -> None:
    answer = client.post("/ZH-hans/book/haihe-cruise-day/?date=2026-01-01")
    assert (answer.status_code, answer.location) == (308, "/zh-hans/book/haihe-cruise-day/?date=2026-01-01")


def test_the_sitemap_index_names_the_sitemap_of_every_language(client: FlaskClient) -> None:
    named = re.findall(r"/sitemap-([a-z-]+)\.xml", client.get("/sitemap.xml", headers={"Accept-Language": "de"}).text)
    assert len(named) == 12
    assert len(set(named)) == 12
