"""What a page makes the reader wait for: one style sheet, and the picture at its top."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from tools.page_types import INDEXABLE

MAP = "map/"


def read(client: FlaskClient, path: str) -> BeautifulSoup:
    return BeautifulSoup(client.get(f"/en/{path}").text, "html.parser")


@pytest.mark.parametrize("path", INDEXABLE.values())
def test_no_script_holds_up_the_page(client: FlaskClient, path: str) -> None:
    for script in read(client, path).select("script[src]"):
        assert script.get("type") == "module" or script.has_attr("defer"), script


@pytest.mark.parametrize("path", INDEXABLE.values())
def test_the_map_brings_its_scripts_and_sheets_and_no_other_page_does(client: FlaskClient, path: str) -> None:
    page = read(client, path)
    assert bool(page.select("script[src*='leaflet']")) == (path == MAP)
    assert (len(page.select("link[rel=stylesheet]")) == 1) == (path != MAP)


@pytest.mark.parametrize("path", INDEXABLE.values())
def test_one_picture_at_most_comes_first_and_the_others_when_they_are_near(client: FlaskClient, path: str) -> None:
    pictures = read(client, path).select("main img")
    first = [picture for picture in pictures if picture.get("fetchpriority") == "high"]
    assert len(first) <= 1
    assert all(picture.get("loading") == "lazy" for picture in pictures if picture not in first)
