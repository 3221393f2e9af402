"""The facts of events, itineraries and guides in their forms."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from portal.accounts.model import Role
from portal.editing import disk, drafts
from portal.services import Services
from tests.web.desk import make, sign_in
from tests.web.test_editor import fill_in, press

Browse = Callable[[], FlaskClient]
DESK = "/en/business/listings"
EVENT, ITINERARY, GUIDE = "events/lanterns", "itineraries/one-day", "guides/paying"


@pytest.fixture
def moderator(desks: Services, browse: Browse) -> FlaskClient:
    make(desks, "mod@portal.example", Role.MODERATOR)
    client = browse()
    sign_in(client, "mod@portal.example")
    return client


def facts(services: Services, listing: str) -> dict[str, object]:
    return drafts.look(services.database, listing, disk.read(services.settings.content, listing)).fields


@pytest.mark.parametrize("listing", [EVENT, ITINERARY, GUIDE])
def test_a_form_sent_as_it_stands_changes_nothing(desks: Services, moderator: FlaskClient, listing: str) -> None:
    assert fill_in(moderator, f"{DESK}/{listing}/facts").status_code == 303
    assert drafts.look(desks.database, listing, {}).version == 0


def test_an_event_gets_its_day_in_either_calendar(desks: Services, moderator: FlaskClient) -> None:
    path = f"{DESK}/{EVENT}/facts"
    place = {"place-0": "dining/dumplings", "place-1": "https://portal.example/en/attractions/wheel/"}
    assert fill_in(moderator, path, month="8", days="3", approximate="1", **place).status_code == 303
    now = facts(desks, EVENT)
    assert now["facts/recurrence"] == "RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=8;BYMONTHDAY=15"
    assert (now["facts/days"], now["facts/approximate"]) == (3, True)
    assert now["facts/places"] == ["dining/dumplings", "attractions/wheel"]
    fill_in(moderator, path, rule="FREQ=YEARLY;BYMONTH=5;BYDAY=3SA")
    assert facts(desks, EVENT)["facts/recurrence"] == "FREQ=YEARLY;BYMONTH=5;BYDAY=3SA"
    fill_in(moderator, path, days="4")
    assert facts(desks, EVENT)["facts/recurrence"] == "FREQ=YEARLY;BYMONTH=5;BYDAY=3SA"
    assert press(moderator, f"{DESK}/{EVENT}/", f"{DESK}/{EVENT}/send").status_code == 303


def test_an_itinerary_gets_its_stops_in_order(desks: Services, moderator: FlaskClient) -> None:
    stops = {"place-0": "attractions/wheel", "minutes-0": "90", "place-1": "", "minutes-1": ""}
    more = {"place-3": "dining/dumplings", "minutes-3": "30"}
    assert fill_in(moderator, f"{DESK}/{ITINERARY}/facts", **stops, **more).status_code == 303
    assert facts(desks, ITINERARY)["facts/stops"] == [
        {"place": "attractions/wheel", "minutes": 90},
        {"place": "dining/dumplings", "minutes": 30},
    ]


@pytest.mark.parametrize(
    ("listing", "values", "said"),
    [
        (EVENT, {"month": "13"}, "no such day"),
        (EVENT, {"month": "x"}, "not a whole number"),
        (EVENT, {"rule": "FREQ=SECONDLY"}, "no such day"),
        (EVENT, {"days": "-1"}, "not a whole number"),
        (ITINERARY, {"minutes-0": "an hour"}, "not a whole number"),
        (GUIDE, {"place-0": "../../etc/passwd"}, "not a listing"),
        (GUIDE, {"place-0": "<script>"}, "not a listing"),
        (GUIDE, {"lat": "91", "lon": "0"}, "latitude and longitude"),
    ],
)
def test_what_cannot_be_comes_back_with_the_reason(
    moderator: FlaskClient, listing: str, values: dict[str, str], said: str
) -> None:
    answer = fill_in(moderator, f"{DESK}/{listing}/facts", **values)
    assert answer.status_code == 422
    assert said in answer.text


def test_a_stop_that_is_not_there_is_named_before_it_is_published(moderator: FlaskClient) -> None:
    fill_in(moderator, f"{DESK}/{ITINERARY}/facts", **{"place-0": "dining/nowhere"})
    assert press(moderator, f"{DESK}/{ITINERARY}/", f"{DESK}/{ITINERARY}/send").status_code == 422
    assert "there is no dining/nowhere" in moderator.get(f"{DESK}/{ITINERARY}/").text
