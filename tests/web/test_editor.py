"""A listing from its owner's desk to the page: claimed, edited, translated, reviewed, published, taken back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.accounts import people
from portal.accounts.model import Role
from portal.catalog import pins
from portal.editing import disk, document, drafts
from portal.services import Services
from tests.web.desk import fields, letters, make, send, sign_in

Browse = Callable[[], FlaskClient]
WHEEL = "attractions/wheel"
DESK = f"/en/business/listings/{WHEEL}"
PAGE = f"/en/{WHEEL}/"
OWNER, OTHER, MODERATOR = "li@wheel.example", "han@dumplings.example", "mod@portal.example"


@pytest.fixture
def owner(desks: Services, browse: Browse) -> FlaskClient:
    make(desks, OWNER, Role.OWNER, WHEEL)
    client = browse()
    sign_in(client, OWNER)
    return client


@pytest.fixture
def moderator(desks: Services, browse: Browse) -> FlaskClient:
    make(desks, MODERATOR, Role.MODERATOR)
    client = browse()
    sign_in(client, MODERATOR)
    return client


def fill_in(client: FlaskClient, path: str, **values: object) -> TestResponse:
    """Open a form, change some of its fields, send it."""
    form = fields(client.get(path).text, path)
    return client.post(path, data={**form, **values})


def press(client: FlaskClient, page: str, action: str, **values: str) -> TestResponse:
    """Send a form of a page to an address."""
    soup = BeautifulSoup(client.get(page).text, "html.parser")
    form = soup.find("form", action=action) or soup.find("button", formaction=action).find_parent("form")  # type: ignore[union-attr]
    assert form is not None
    sent = {str(field["name"]): str(field.get("value", "")) for field in form.find_all("input") if field.get("name")}
    return client.post(action, data={**sent, **values})


def wheel(services: Services) -> dict[str, object]:
    return document.read(disk.read(services.settings.content, WHEEL))


def taken_in(services: Services) -> None:
    """Do what the follower does as soon as a file changes."""
    intake = services.intake()
    intake.refresh()
    intake.close()


def test_an_owner_changes_facts_and_a_moderator_publishes_them(
    desks: Services, owner: FlaskClient, moderator: FlaskClient
) -> None:
    week = {f"{day}-open-1": "09:00" for day in ("Mo", "Tu", "We")} | {
        f"{day}-close-1": "17:30" for day in ("Mo", "Tu", "We")
    }
    special = {"special-0-first": "2026-10-01", "special-0-open-1": "10:00", "special-0-close-1": "12:00"}
    sent = {"phones": "022 2345 6789", "from": "12.50", "level": "2", "payment": ["cash", "alipay"], "PH": "off"}
    assert fill_in(owner, f"{DESK}/facts", **week, **special, **sent).status_code == 303
    assert wheel(desks).get("facts/opening_hours") is None
    preview = owner.get(f"{DESK}/preview").text
    assert "Alipay" in preview
    assert press(owner, f"{DESK}/", f"{DESK}/send", note="Winter hours").status_code == 303
    assert "Alipay" not in owner.get(PAGE).text
    review = f"/en/business/review/drafts/{WHEEL}/"
    assert WHEEL in moderator.get("/en/business/review/").text
    shown = moderator.get(review).text
    assert "Monday: 09:00-17:30" in shown
    assert "Thursday: Closed" in shown
    assert press(moderator, review, f"{review}approve").status_code == 303
    facts = wheel(desks)
    assert facts["facts/opening_hours"] == "Mo-We 09:00-17:30; PH off; 2026 Oct 01 10:00-12:00"
    assert facts["facts/phones"] == ["+862223456789"]
    assert facts["facts/price"] == {"level": 2, "from": 1250, "currency": "CNY"}
    taken_in(desks)
    assert "Alipay" in owner.get(PAGE).text
    told = {(to, subject.partition(":")[0]) for to, subject, _ in letters(desks)}
    assert told == {(MODERATOR, "Waits for a review"), (OWNER, "Published")}


def test_a_form_sent_as_it_stands_changes_nothing(desks: Services, owner: FlaskClient) -> None:
    before = disk.read(desks.settings.content, WHEEL)
    for path in ("facts", "texts/zh-Hans", "texts/en"):
        assert fill_in(owner, f"{DESK}/{path}").status_code == 303
    assert "Send to review" not in owner.get(f"{DESK}/").text
    assert disk.read(desks.settings.content, WHEEL) == before


def test_a_new_chinese_text_makes_translations_stale_until_they_are_brought_along(
    desks: Services, owner: FlaskClient
) -> None:
    content = desks.settings.content
    pins.pin_all(content, "zh-Hans")
    taken_in(desks)
    assert "up to date" in owner.get(f"{DESK}/texts/en").text
    fill_in(owner, f"{DESK}/texts/zh-Hans", summary="新摩天轮与软件", tips="  早到。\n\n ")
    text = owner.get(f"{DESK}/texts/en").text
    assert text.count("state-stale") == 1
    assert text.count("state-missing") == 1
    assert "<del>" in text
    assert "<ins>新</ins>" in text.replace("\n", "")
    fill_in(owner, f"{DESK}/texts/en", **{"keep-summary": "1", "tips": "Come early."})
    text = owner.get(f"{DESK}/texts/en").text
    assert "state-stale" not in text
    assert "state-missing" not in text


def test_a_small_change_of_the_source_makes_nothing_stale(desks: Services, owner: FlaskClient) -> None:
    pins.pin_all(desks.settings.content, "zh-Hans")
    fill_in(owner, f"{DESK}/texts/zh-Hans", summary="摩天轮与软件，简短", minor="1")
    text = owner.get(f"{DESK}/texts/en").text
    assert "state-stale" not in text
    assert "state-missing" not in text


def test_a_draft_comes_back_with_a_comment(desks: Services, owner: FlaskClient, moderator: FlaskClient) -> None:
    fill_in(owner, f"{DESK}/texts/en", name="Best Wheel Ever")
    press(owner, f"{DESK}/", f"{DESK}/send")
    review = f"/en/business/review/drafts/{WHEEL}/"
    assert press(moderator, review, f"{review}return").status_code == 422
    assert press(moderator, review, f"{review}return", comment="No superlatives.").status_code == 303
    assert "No superlatives." in owner.get(f"{DESK}/").text
    assert any(to == OWNER and "No superlatives." in text for to, _, text in letters(desks))
    assert wheel(desks)["en/name"] == "The Wheel"


def test_a_trusted_owner_publishes_at_once_and_takes_it_back(desks: Services, browse: Browse) -> None:
    make(desks, OWNER, Role.OWNER, WHEEL, trusted=True)
    make(desks, MODERATOR, Role.MODERATOR)
    client = browse()
    sign_in(client, OWNER)
    before = disk.read(desks.settings.content, WHEEL)
    fill_in(client, f"{DESK}/texts/en", name="The Great Wheel")
    assert press(client, f"{DESK}/", f"{DESK}/send").status_code == 303
    assert wheel(desks)["en/name"] == "The Great Wheel"
    assert [(to, subject) for to, subject, _ in letters(desks)] == [(MODERATOR, "Published: The Great Wheel")]
    version = f"{DESK}/history/1"
    assert "<ins>Great" in client.get(version).text
    assert press(client, version, f"{version}/restore", side="before").status_code == 303
    assert press(client, f"{DESK}/", f"{DESK}/send").status_code == 303
    assert document.read(disk.read(desks.settings.content, WHEEL)) == document.read(before)


def test_two_people_at_one_form_see_each_others_words(desks: Services, browse: Browse, owner: FlaskClient) -> None:
    business = people.find(desks.database, OWNER)
    assert business is not None
    make(desks, OTHER, Role.STAFF)
    other = people.find(desks.database, OTHER)
    assert other is not None
    with desks.database.write() as connection:
        people.join(connection, other.id, business.businesses[0].id, Role.STAFF)
    second = browse()
    sign_in(second, OTHER)
    path = f"{DESK}/texts/en"
    first_form, second_form = (fields(client.get(path).text, path) for client in (owner, second))
    assert owner.post(path, data={**first_form, "name": "Wheel A", "summary": "Round."}).status_code == 303
    answer = second.post(path, data={**second_form, "name": "Wheel B", "address": "Bridge 2"})
    assert answer.status_code == 422
    assert "<del>A</del><ins>B</ins>" in answer.text
    again = fields(answer.text, path)
    assert again["name"] == "Wheel B"
    assert second.post(path, data=again).status_code == 303
    kept = fields(owner.get(path).text, path)
    assert (kept["name"], kept["summary"], kept["address"]) == ("Wheel B", "Round.", "Bridge 2")


def test_an_edit_on_disk_meanwhile_is_shown_and_not_lost(desks: Services, owner: FlaskClient) -> None:
    fill_in(owner, f"{DESK}/texts/en", name="Mine")
    file = desks.settings.content / WHEEL / "en.md"
    file.write_text(file.read_text().replace("name: The Wheel\n", "name: Theirs\n").replace("Bridge 1", "Bridge 9"))
    page = owner.get(f"{DESK}/").text
    assert "<del>Theirs</del><ins>Mine</ins>" in page
    assert press(owner, f"{DESK}/", f"{DESK}/send").status_code == 422
    form = fields(owner.get(f"{DESK}/texts/en").text, f"{DESK}/texts/en")
    assert (form["name"], form["address"]) == ("Mine", "Bridge 9")
    fill_in(owner, f"{DESK}/texts/en")
    assert press(owner, f"{DESK}/", f"{DESK}/send").status_code == 303


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"phones": "call me"}, "not a phone number: call me"),
        ({"from": "a lot"}, "not an amount of money"),
        ({"from": "1e400"}, "not an amount of money"),
        ({"lat": "91", "lon": "0"}, "latitude and longitude"),
        ({"lat": "nan", "lon": "nan"}, "latitude and longitude"),
        ({"hours": "whenever"}, "cannot be read: whenever"),
        ({"special-0-first": "2026-10-02", "special-0-last": "2026-10-01"}, "These days cannot be"),
    ],
)
def test_facts_that_cannot_be_come_back_with_the_reason(owner: FlaskClient, values: dict[str, str], said: str) -> None:
    answer = fill_in(owner, f"{DESK}/facts", website="https://wheel.example/", **values)
    assert answer.status_code == 422
    assert said in answer.text
    assert "https://wheel.example/" in answer.text


def test_what_the_compiler_would_refuse_cannot_be_sent(owner: FlaskClient) -> None:
    fill_in(owner, f"{DESK}/facts", website="not an address")
    assert press(owner, f"{DESK}/", f"{DESK}/send").status_code == 422
    assert "facts" not in owner.get(f"{DESK}/preview").headers
    assert "Website: This is not a web address" in owner.get(f"{DESK}/").text


def test_a_place_on_a_chinese_map_is_kept_in_wgs84(desks: Services, owner: FlaskClient) -> None:
    assert fill_in(owner, f"{DESK}/facts", lat="39.154309", lon="117.186188", datum="GCJ-02").status_code == 303
    form = fields(owner.get(f"{DESK}/facts").text, f"{DESK}/facts")
    assert (round(float(form["lat"]), 3), round(float(form["lon"]), 3)) == (39.153, 117.18)


def test_an_owner_claims_a_listing_and_proposes_another(
    desks: Services, browse: Browse, moderator: FlaskClient
) -> None:
    make(desks, OTHER, Role.OWNER)
    client = browse()
    sign_in(client, OTHER)
    desk = "/en/business/claims/"
    assert client.get(f"{DESK}/").status_code == 404
    claim = {"listing": "dining/dumplings", "evidence": "Our licence is 123."}
    assert fill_in(client, desk, **claim).status_code == 303
    proposal = {"listing": "", "kind": "dining", "name": "海河茶馆", "evidence": "We opened in May."}
    assert fill_in(client, desk, **proposal).status_code == 303
    queue = "/en/business/review/"
    page = moderator.get(queue).text
    assert "Our licence is 123." in page
    assert 'value="hai-he-cha-guan"' in page
    for number in (1, 2):
        action = f"/en/business/review/claims/{number}"
        assert press(moderator, queue, action, decision="approve").status_code == 303
    teahouse = "/en/business/listings/dining/hai-he-cha-guan"
    assert client.get("/en/business/listings/dining/dumplings/").status_code == 200
    assert "Facts: This is missing." in client.get(f"{teahouse}/").text
    fill_in(client, f"{teahouse}/facts", subtype="CafeOrCoffeeShop", district="hebei")
    chinese = {
        "name": "海河茶馆",
        "summary": "喝茶。",
        "address": "桥边",
        "directions": "步行。",
        "body": "一。\r\n\r\n二。",
    }
    fill_in(client, f"{teahouse}/texts/zh-Hans", **chinese)
    sent = press(client, f"{teahouse}/", f"{teahouse}/send")
    assert sent.status_code == 303, client.get(f"{teahouse}/").text
    review = "/en/business/review/drafts/dining/hai-he-cha-guan/"
    assert press(moderator, review, f"{review}approve").status_code == 303
    taken_in(desks)
    assert "喝茶。" in client.get("/zh-hans/dining/hai-he-cha-guan/").text


def test_a_claim_is_refused_with_a_word_why(desks: Services, owner: FlaskClient, moderator: FlaskClient) -> None:
    fill_in(owner, "/en/business/claims/", listing="dining/dumplings", evidence="Trust me.")
    action = "/en/business/review/claims/1"
    assert press(moderator, "/en/business/review/", action, decision="refuse").status_code == 422
    assert press(moderator, "/en/business/review/", action, decision="refuse", comment="By what?").status_code == 303
    assert "By what?" in owner.get("/en/business/claims/").text
    (told,) = [text for to, _, text in letters(desks) if to == OWNER]
    assert "not given to you: dining/dumplings" in told
    assert "By what?" in told
    assert "look at it again" not in told
    assert owner.get("/en/business/listings/dining/dumplings/").status_code == 404
    sent = {"decision": "approve"}
    assert send(moderator, action, sent).status_code == 422


def test_a_translator_changes_the_texts_of_their_language_and_nothing_else(desks: Services, browse: Browse) -> None:
    make(desks, "ali@portal.example", Role.TRANSLATOR, scope="ar")
    client = browse()
    sign_in(client, "ali@portal.example")
    assert fill_in(client, f"{DESK}/texts/ar", name="العجلة").status_code == 303
    for path in ("texts/en", "texts/zh-Hans", "facts"):
        assert client.get(f"{DESK}/{path}").status_code == 404
        assert send(client, f"{DESK}/{path}", {"version": "1", "name": "x"}).status_code == 404


def test_a_review_tells_how_far_the_pin_moves_and_shows_both_places(
    owner: FlaskClient, moderator: FlaskClient, desks: Services
) -> None:
    place = wheel(desks)["facts/location"]
    assert isinstance(place, dict)
    lat = str(round(place["lat"] + 0.001, 6))  # 111 m to the north
    assert fill_in(owner, f"{DESK}/facts", lat=lat).status_code == 303
    assert press(owner, f"{DESK}/", f"{DESK}/send").status_code == 303
    review = BeautifulSoup(moderator.get(f"/en/business/review/drafts/{WHEEL}/").text, "html.parser")
    shown = review.select_one(".diffs")
    assert shown is not None
    assert "The pin moves by 111 m." in shown.text
    assert f"{place['lat']}, {place['lon']}" in shown.text
    assert f"{lat}, {place['lon']}" in shown.text
    drawn = review.select_one("[data-move]")
    assert drawn is not None
    assert str(drawn["data-to"]).startswith(f"{lat},{place['lon']},")
    assert review.select_one("script[src*='moves.js']") is not None


def test_who_wrote_and_why_reach_the_moderator_and_stay_in_the_history(
    owner: FlaskClient, moderator: FlaskClient
) -> None:
    assert "Visitors will see it once it is published" in saved(owner, tips="Come early.")
    assert press(owner, f"{DESK}/", f"{DESK}/send", note="The queue is long at noon.").status_code == 303
    waiting = owner.get(f"{DESK}/?done=1").text
    assert "you will get an email" in waiting
    assert BeautifulSoup(waiting, "html.parser").find("form", action=f"{DESK}/send") is None
    review = f"/en/business/review/drafts/{WHEEL}/"
    assert "The queue is long at noon." in moderator.get("/en/business/review/").text
    assert "The queue is long at noon." in moderator.get(review).text
    approved = press(moderator, review, f"{review}approve", comment="Thank you.")
    assert approved.status_code == 303
    history = BeautifulSoup(owner.get(f"{DESK}/history/").text, "html.parser").select_one(".desk-list")
    assert history is not None
    for words in (OWNER, f"published by {MODERATOR}", "The queue is long at noon.", "Thank you."):
        assert words in history.text


def test_a_draft_changed_while_it_waits_has_lost_its_reason(owner: FlaskClient) -> None:
    saved(owner, tips="Come early.")
    press(owner, f"{DESK}/", f"{DESK}/send", note="The queue is long.")
    saved(owner, tips="Come late.")
    assert "The queue is long." not in owner.get(f"{DESK}/").text


def saved(client: FlaskClient, **values: str) -> str:
    """Save a text in English and return the page that follows."""
    answer = fill_in(client, f"{DESK}/texts/en", **values)
    assert answer.status_code == 303
    return client.get(answer.location).text


def test_ticking_a_theme_leaves_the_others_in_their_order_and_is_told_by_name(
    owner: FlaskClient, moderator: FlaskClient, desks: Services
) -> None:
    form = fields(owner.get(f"{DESK}/facts").text, f"{DESK}/facts")
    assert owner.post(f"{DESK}/facts", data={**form, "payment": ["cash", "alipay"]}).status_code == 303
    form = fields(owner.get(f"{DESK}/facts").text, f"{DESK}/facts")
    before = drafts.look(desks.database, WHEEL, {}).fields["facts/payment"]
    ticked = [*reversed(before), "unionpay"]
    assert owner.post(f"{DESK}/facts", data={**form, "payment": ticked}).status_code == 303
    assert drafts.look(desks.database, WHEEL, {}).fields["facts/payment"] == [*before, "unionpay"]
    review = moderator.get(f"/en/business/review/drafts/{WHEEL}/")
    assert "UnionPay" in review.text
