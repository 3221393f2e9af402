from __future__ import annotations

import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize(
    ("language", "words", "found"),
    [
        ("en", "wheel", "attractions/tianjin-eye"),
        ("en", "tianjinzhiyan", "attractions/tianjin-eye"),
        ("zh-hans", "天津之眼", "attractions/tianjin-eye"),
        ("zh-hant", "古文化街", "attractions/ancient-culture-street"),
        ("ja", "古文化街", "attractions/ancient-culture-street"),
        ("th", "แม่น้ำ", "entertainment/haihe-cruise"),
        ("ar", "نهر", "entertainment/haihe-cruise"),
        ("de", "Mauer", "attractions/huangyaguan-great-wall"),
    ],
)
def test_a_place_is_found_in_the_readers_words(client: FlaskClient, language: str, words: str, found: str) -> None:
    page = client.get(f"/{language}/search", query_string={"q": words}).text
    assert f'href="/{language}/{found}/"' in page
    api = client.get("/api/v1/search", query_string={"q": words, "lang": language}).json
    assert api is not None
    assert found in [result["id"] for result in api["results"]]
    assert api["backend"] == "embedded"
    assert api["degraded"] is False


def test_the_search_page_stays_out_of_the_index_and_says_when_nothing_is_found(client: FlaskClient) -> None:
    answer = client.get("/en/search?q=qqqqzzzz")
    assert answer.status_code == 200
    assert "Nothing was found" in answer.text
    assert 'content="noindex"' in answer.text


def test_results_near_a_point_come_with_their_distance(client: FlaskClient) -> None:
    api = client.get("/api/v1/search?q=&lang=en&near=39.1533,117.1803&radius=3000").json
    assert api is not None
    first = api["results"][0]
    assert first["id"] == "attractions/tianjin-eye"
    assert first["distance_m"] < 500
    assert all(result["distance_m"] <= 3000 for result in api["results"])


def test_a_name_is_completed_from_its_first_letters(client: FlaskClient) -> None:
    api = client.get("/api/v1/suggest?q=goub&lang=en").json
    assert api is not None
    assert api["suggestions"][0]["id"] == "dining/goubuli"


def test_a_page_beyond_the_last_result_is_not_there(client: FlaskClient) -> None:
    assert client.get("/en/search?q=wheel&page=9").status_code == 404
