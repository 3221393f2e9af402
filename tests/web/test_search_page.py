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


def test_the_address_holds_what_is_chosen(client: FlaskClient) -> None:
    page = client.get("/en/search?q=museum&kind=attractions&tag=museum&near=39.1,117.2&sort=nearest").text
    for chosen in ('value="attractions" selected', 'value="museum" selected', 'value="nearest" selected'):
        assert chosen in page
    assert "view=map" in page


def test_results_are_shown_on_the_map(client: FlaskClient) -> None:
    page = client.get("/en/search?q=museum&view=map").text
    assert 'id="map"' in page
    assert 'href="/en/attractions/tianjin-museum/"' in page


def test_a_slip_shows_what_may_have_been_meant(client: FlaskClient) -> None:
    page = client.get("/en/search?q=porcelian").text
    assert "Did you mean:" in page
    assert "/en/search?q=The+Porcelain+House" in page or "/en/search?q=The%20Porcelain%20House" in page


def test_an_empty_result_leads_on(client: FlaskClient) -> None:
    page = client.get("/en/search?q=qqqqzzzz").text
    assert "/en/districts/heping/" in page
    assert "/en/search?tag=museum" in page
    assert "/en/attractions/tianjin-eye/" in page


def test_the_api_goes_on_by_cursor_and_counts_facets(client: FlaskClient) -> None:
    first = client.get("/api/v1/search?q=museum&lang=en&limit=2").json
    assert first is not None
    second = client.get(
        "/api/v1/search", query_string={"q": "museum", "lang": "en", "limit": 2, "cursor": first["next"]}
    ).json
    assert second is not None
    assert not {one["id"] for one in first["results"]} & {one["id"] for one in second["results"]}
    assert first["facets"]["tags"]["museum"] > 1
    assert {"price", "open_now", "bookable"} <= first["facets"].keys()
    assert first["match"] == "exact"


@pytest.mark.parametrize(
    "query", ["cursor=x", "sort=nearest", "radius=500", "sort=far", "tag=nothing", "price=9", "open=later"]
)
def test_what_the_api_cannot_use_is_a_problem(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/api/v1/search?q=museum&lang=en&{query}")
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize(
    ("language", "words", "place"),
    [
        ("en", "restaurants near the Drum Tower", "Drum Tower"),
        ("zh-hans", "鼓楼附近的餐厅", "鼓楼"),
        ("ar", "مطاعم بالقرب من برج الطبل", "برج الطبل"),
        ("ru", "рестораны рядом с Барабанной башней", "Барабанная башня"),
        ("th", "ร้านอาหารใกล้หอกลอง", "หอกลอง"),
    ],
)
def test_what_is_near_to_a_named_place_comes_by_distance(
    client: FlaskClient, language: str, words: str, place: str
) -> None:
    api = client.get("/api/v1/search", query_string={"q": words, "lang": language, "limit": 5}).json
    assert api is not None
    assert (api["near"]["id"], api["near"]["name"]) == ("attractions/drum-tower", place)
    assert {result["kind"] for result in api["results"]} == {"dining"}
    away = [result["distance_m"] for result in api["results"]]
    assert away == sorted(away)
    page = client.get(f"/{language}/search", query_string={"q": words}).text
    assert f'href="/{language}/attractions/drum-tower/"' in page
    assert f"<bdi>{place}</bdi>" in page
    assert words in page  # stays in its field
    further = client.get(
        "/api/v1/search", query_string={"q": words, "lang": language, "limit": 5, "cursor": api["next"]}
    ).json
    assert further is not None
    assert not {one["id"] for one in further["results"]} & {one["id"] for one in api["results"]}


@pytest.mark.parametrize("query", ["q=restaurants+near+me", "q=near+the+moon", "q=near+Drum+Tower&near=39.1,117.2"])
def test_without_a_named_place_or_with_a_point_no_place_is_made_up(client: FlaskClient, query: str) -> None:
    api = client.get(f"/api/v1/search?lang=en&{query}").json
    assert api is not None
    assert api["near"] is None
    assert "near-place" not in client.get(f"/en/search?{query}").text
