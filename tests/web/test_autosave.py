"""Forms that a script sends while somebody types, and the converted text that a translator may take."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.accounts import people
from portal.accounts.model import Role
from portal.catalog import pins
from portal.editing import disk, drafts
from portal.editing.drafts import Draft, Save
from portal.services import Services
from tests.web.desk import fields, make, send, sign_in
from tests.web.test_editor import fill_in, press, taken_in

Browse = Callable[[], FlaskClient]
WHEEL = "attractions/wheel"
DESK = f"/en/business/listings/{WHEEL}"
TEXT = f"{DESK}/texts/en"
OWNER, OTHER = "li@wheel.example", "han@wheel.example"


@pytest.fixture
def owner(desks: Services, browse: Browse) -> FlaskClient:
    make(desks, OWNER, Role.OWNER, WHEEL)
    client = browse()
    sign_in(client, OWNER)
    return client


def typed(client: FlaskClient, path: str, form: dict[str, Any], **values: Any) -> TestResponse:
    """Send a form as the script does."""
    return client.post(path, data={**form, **values}, headers={"X-Autosave": "1"})


def draft(services: Services) -> Draft:
    return drafts.look(services.database, WHEEL, disk.read(services.settings.content, WHEEL))


def other_saves(services: Services, **values: Any) -> None:
    """Somebody else saves fields of the text on top of what is there."""
    make(services, OTHER, Role.TRANSLATOR, scope="en")
    person = people.find(services.database, OTHER)
    assert person is not None
    now = draft(services)
    changes = {f"en/{name}": value for name, value in values.items()}
    drafts.save(services.database, services.clock(), Save(person.id, WHEEL, now.version, changes), now.base)


def test_what_is_typed_is_saved_step_by_step(desks: Services, owner: FlaskClient) -> None:
    form = fields(owner.get(TEXT).text, TEXT)
    first = typed(owner, TEXT, form, summary="A wheel")
    assert first.json is not None
    assert first.json["form"]["summary"] == ["A wheel"]
    second = typed(owner, TEXT, form, summary="A wheel on a bridge", version=first.json["version"])
    assert second.json is not None
    assert (second.json["others"], second.json["version"] > first.json["version"]) == (False, True)
    assert draft(desks).fields["en/summary"] == "A wheel on a bridge"


def test_others_words_come_into_the_fields_nobody_touched(desks: Services, owner: FlaskClient) -> None:
    form = fields(owner.get(TEXT).text, TEXT)
    first = typed(owner, TEXT, form, summary="A wheel").json
    other_saves(desks, address="Bridge 7")
    second = typed(owner, TEXT, form, summary="A wheel, by the river", version=first["version"]).json  # type: ignore[index]
    assert second is not None
    assert (second["others"], second["form"]["address"]) == (True, ["Bridge 7"])
    third = typed(owner, TEXT, form, summary="A wheel!", address="Bridge 7", version=second["version"])
    assert third.status_code == 200
    assert draft(desks).fields["en/address"] == "Bridge 7"


def test_the_same_field_is_compared_when_it_is_saved_by_hand(desks: Services, owner: FlaskClient) -> None:
    form = fields(owner.get(TEXT).text, TEXT)
    other_saves(desks, name="Wheel A")
    answer = typed(owner, TEXT, form, name="Wheel B")
    assert answer.status_code == 409
    assert answer.json is not None
    assert "Somebody else" in answer.json["problem"]
    assert draft(desks).fields["en/name"] == "Wheel A"
    shown = owner.post(TEXT, data={**form, "name": "Wheel B"})
    assert "<del>A</del><ins>B</ins>" in shown.text


def test_half_a_phone_number_is_not_saved_and_said(desks: Services, owner: FlaskClient) -> None:
    path = f"{DESK}/facts"
    form = fields(owner.get(path).text, path)
    answer = typed(owner, path, form, phones="022 2")
    assert answer.status_code == 422
    assert answer.json == {"problem": "This is not a phone number: 022 2"}
    assert draft(desks).version == 0


def test_a_session_that_ended_leads_to_sign_in(browse: Browse, owner: FlaskClient) -> None:
    form = fields(owner.get(TEXT).text, TEXT)
    send(owner, "/en/business/sign-out")
    assert typed(owner, TEXT, form, name="x").status_code in {303, 400}


def test_a_draft_that_waits_is_not_saved_by_itself(desks: Services, owner: FlaskClient) -> None:
    assert 'data-autosave="on"' in owner.get(TEXT).text
    fill_in(owner, TEXT, name="Another Wheel")
    press(owner, f"{DESK}/", f"{DESK}/send")
    assert 'data-autosave="off"' in owner.get(TEXT).text


def test_a_small_change_stays_small_though_it_was_saved_before_it_was_called_so(
    desks: Services, owner: FlaskClient
) -> None:
    pins.pin_all(desks.settings.content, "zh-Hans")
    path = f"{DESK}/texts/zh-Hans"
    form = fields(owner.get(path).text, path)
    answer = typed(owner, path, form, summary="摩天轮，简短")
    assert answer.json is not None
    assert "state-stale" in owner.get(TEXT).text
    owner.post(path, data={**form, "summary": "摩天轮，简短", "minor": "1", "version": answer.json["version"]})
    assert "state-stale" not in owner.get(TEXT).text


def test_a_frame_shows_the_page_or_what_is_in_the_way(owner: FlaskClient) -> None:
    answer = owner.get(f"{DESK}/preview?frame=1")
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert owner.get(f"{DESK}/preview").headers["X-Frame-Options"] == "DENY"
    fill_in(owner, f"{DESK}/facts", website="not an address")
    broken = owner.get(f"{DESK}/preview?frame=1")
    assert "listing.yaml" in broken.text
    assert broken.headers["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("lat=39.153&lon=117.18&datum=WGS-84", (39.153, 117.18)),
        ("lat=39.154309&lon=117.186188&datum=GCJ-02", (39.153, 117.18)),
        ("lat=117.186188,39.154309&datum=GCJ-02", (39.153, 117.18)),
        ("lat=39.153%EF%BC%8C117.18", (39.153, 117.18)),
    ],
)
def test_a_point_of_any_map_is_found(owner: FlaskClient, query: str, expected: tuple[float, float]) -> None:
    point = owner.get(f"{DESK}/facts/point?{query}").json
    assert point is not None
    assert (round(point["lat"], 3), round(point["lon"], 3)) == expected


@pytest.mark.parametrize(
    "query", ["lat=&lon=1", "lat=a&lon=b", "lat=91&lon=0", "lat=nan&lon=nan", "lat=1,2,3", "lat=1e999,1"]
)
def test_what_is_no_point_is_said(owner: FlaskClient, query: str) -> None:
    answer = owner.get(f"{DESK}/facts/point?{query}")
    assert answer.status_code == 422
    assert answer.json == {"problem": "Enter latitude and longitude in degrees, such as 39.1 and 117.2."}


def test_the_converted_text_is_proposed_and_taken(desks: Services, owner: FlaskClient) -> None:
    path = f"{DESK}/texts/zh-Hant"
    page = owner.get(path).text
    assert "state-converted" in page
    assert "摩天輪與軟體" in page
    assert fill_in(owner, path, **{"take-name": "1"}).status_code == 303
    now = draft(desks).fields
    assert now["zh-Hant/name"] == "摩天輪與軟體"
    assert now["zh-Hant@name"] == pins.digest(now["zh-Hans/name"])
    assert "zh-Hant/summary" not in now
    assert "state-missing" in owner.get(path).text
    assert fill_in(owner, path, **{"take-all": "1"}).status_code == 303
    page = owner.get(path).text
    assert "state-missing" not in page
    assert "take-" not in page
    assert press(owner, f"{DESK}/", f"{DESK}/send").status_code == 303, owner.get(f"{DESK}/").text


def test_what_a_machine_made_is_marked_until_somebody_has_looked_at_it(desks: Services, owner: FlaskClient) -> None:
    content = desks.settings.content
    pins.pin_all(content, "zh-Hans")
    file = content / WHEEL / "en.md"
    file.write_text(file.read_text().replace("  revision:\n", "  machine: [summary, body]\n  revision:\n"))
    taken_in(desks)
    assert "machine-translated: 2" in owner.get(f"{DESK}/").text
    fill_in(owner, TEXT, **{"keep-summary": "1"})
    assert draft(desks).fields["en@machine"] == ["body"]
    fill_in(owner, TEXT, body="One.\n\nTwo.")
    assert "en@machine" not in draft(desks).fields
    assert "machine-translated" not in owner.get(f"{DESK}/").text
    pins.pin_all(content, "zh-Hans")
    assert "machine: [summary, body]" in file.read_text()
