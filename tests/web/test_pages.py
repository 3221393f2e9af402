"""Every page type in every language: what it says of itself is right, and mutual."""

from __future__ import annotations

import re
from math import ceil
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from portal.catalog.facts import KINDS
from portal.catalog.selection import Selection
from portal.services import Services
from portal.web import crawlers
from tests.web.pages import LANGUAGES, Page, read

PATHS = (
    "events/",
    "itineraries/",
    "guides/",
    "",
    "attractions/",
    "dining/",
    "entertainment/",
    "districts/",
    "districts/hebei/",
    "attractions/tianjin-eye/",
    "dining/jianbing-guozi/",
    "entertainment/haihe-cruise/",
)


def fetch(client: FlaskClient, path: str) -> Page:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return read(answer.text)


@pytest.mark.parametrize("path", PATHS)
def test_a_page_tells_its_language_its_address_and_its_translations(client: FlaskClient, path: str) -> None:
    pages = {language: fetch(client, f"/{language}/{path}") for language in LANGUAGES}
    alternates = pages["en"].alternates
    assert {tag.lower() for tag in alternates} == {*LANGUAGES, "x-default"}
    for language, page in pages.items():
        assert page.lang.lower() == language
        assert page.dir == ("rtl" if language == "ar" else "ltr")
        assert page.canonical == f"http://127.0.0.1:8000/{language}/{path}"
        assert page.alternates == alternates
        assert page.alternates[page.lang] == page.canonical
        assert page.headings == 1
        assert page.title.strip()
        assert not page.noindex
        assert page.inline == []


def test_titles_differ_by_language(client: FlaskClient) -> None:
    titles = {fetch(client, f"/{language}/attractions/tianjin-eye/").title for language in LANGUAGES}
    assert len(titles) >= 10  # languages that write the name alike may share one


def test_every_link_of_every_page_type_leads_somewhere(client: FlaskClient) -> None:
    links = {link for path in PATHS for link in fetch(client, f"/ar/{path}").links}
    internal = sorted(link for link in links if link.startswith("/") and "/choose" not in link)
    assert len(internal) > 40
    broken = [link for link in internal if client.get(link).status_code != 200]
    assert broken == []


def test_a_listing_describes_itself_in_schema_orgs_terms(client: FlaskClient) -> None:
    data = fetch(client, "/th/attractions/tianjin-eye/").data
    assert data["@type"] == "TouristAttraction"
    assert data["alternateName"][0] == "天津之眼"
    assert data["address"]["addressCountry"] == "CN"
    assert data["geo"]["latitude"] == pytest.approx(39.15, abs=0.05)
    (image,) = data["image"]
    assert image["license"].startswith("https://creativecommons.org/")
    assert client.get(urlsplit(image["contentUrl"]).path).status_code == 200


def test_a_page_in_a_fallback_language_says_so_and_leaves_the_index(client: FlaskClient, services: Services) -> None:
    """Without its Arabic file the page shows English, marked as such, and points at the English page."""
    content = Path(services.settings.content)
    assert (content / "dining/goubuli/ar.md").is_file()
    with services.compiler()._db as db:
        db.execute("DELETE FROM texts WHERE listing = 'dining/goubuli' AND language = 'ar'")
    text = client.get("/ar/dining/goubuli/").text
    page = read(text)
    assert page.lang == "ar"
    assert page.noindex
    assert page.canonical.endswith("/en/dining/goubuli/")
    assert "ar" not in page.alternates
    assert '<h1 lang="en" dir="ltr">' in text


def test_a_filtered_list_stays_out_of_the_index(client: FlaskClient) -> None:
    page = fetch(client, "/en/attractions/?district=hebei")
    assert page.noindex
    assert page.canonical.endswith("/en/attractions/")


@pytest.mark.parametrize("spelling", ["zh-Hans", "ZH_HANS", "zh_hans"])
def test_another_spelling_of_a_language_leads_to_its_own(client: FlaskClient, spelling: str) -> None:
    answer = client.get(f"/{spelling}/search?q=%E7%8B%97&page=1")
    assert answer.status_code == 301
    assert answer.location == "/zh-hans/search?q=%E7%8B%97&page=1"


def test_the_front_door_negotiates_and_an_earlier_choice_wins(client: FlaskClient) -> None:
    thai = {"Accept-Language": "th,en;q=0.5"}
    answer = client.get("/", headers=thai)
    assert (answer.status_code, answer.location) == (302, "/th/")
    assert {"Accept-Language", "Cookie"} <= {name.strip() for name in answer.headers["Vary"].split(",")}
    answer = client.get("/ko/choose?to=/ko/dining/")
    assert (answer.status_code, answer.location) == (303, "/ko/dining/")
    assert client.get("/", headers=thai).location == "/ko/"


@pytest.mark.parametrize("to", ["//evil.example/", "https://evil.example/", "/en/", "/ko/\\evil", "/\\evil.example"])
def test_choosing_a_language_leads_nowhere_else(client: FlaskClient, to: str) -> None:
    answer = client.get("/ko/choose", query_string={"to": to})
    assert answer.status_code == 400


def test_the_sitemaps_list_every_page_of_every_language(client: FlaskClient, services: Services) -> None:
    index = client.get("/sitemap.xml").text
    assert index.count("<sitemap>") == len(LANGUAGES)
    thai = client.get("/sitemap-th.xml").text
    assert "<loc>http://127.0.0.1:8000/th/attractions/tianjin-eye/</loc>" in thai
    districts, listings = len(services.catalog.districts()), len(services.catalog.ids())
    assert thai.count("<url>") == len(("home", *KINDS, "map", "districts")) + districts + listings
    assert "Sitemap: http://127.0.0.1:8000/sitemap.xml" in client.get("/robots.txt").text


def test_many_listings_have_several_sitemaps(
    client: FlaskClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crawlers, "LISTINGS", 20)
    parts = ceil(services.catalog.count(Selection()) / 20)
    index = client.get("/sitemap.xml").text
    assert index.count("<sitemap>") == parts * len(LANGUAGES)
    named = [client.get(f"/sitemap-th-{part}.xml").text.count("/th/") for part in range(2, parts + 1)]
    assert min(named) > 0
    listed = "".join(client.get(path).text for path in re.findall(r"http://127.0.0.1:8000(/sitemap-th[^<]*)<", index))
    missing = [each for each in services.catalog.ids() if f"<loc>http://127.0.0.1:8000/th/{each}/</loc>" not in listed]
    assert missing == []
    assert client.get(f"/sitemap-th-{parts + 1}.xml").status_code == 404
    assert client.get("/sitemap-th-0.xml").status_code == 404


def test_the_manifest_is_in_the_readers_language(client: FlaskClient) -> None:
    manifest = client.get("/manifest.webmanifest", headers={"Accept-Language": "ar"}).json
    assert manifest is not None
    assert (manifest["lang"], manifest["dir"]) == ("ar", "rtl")
    for icon in manifest["icons"]:
        assert client.get(icon["src"]).mimetype == "image/png"


def test_a_page_that_did_not_change_is_not_sent_again(client: FlaskClient) -> None:
    first = client.get("/en/dining/goubuli/")
    again = client.get("/en/dining/goubuli/", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert not again.data
