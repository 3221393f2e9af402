"""A visitor books on the pages, as without JavaScript: forms and redirects only."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.services import Services
from tests.web.pages import read

CRUISE = "/en/book/haihe-cruise-day/"
EYE = "/en/book/tianjin-eye-ride/"


def tomorrow(services: Services) -> str:
    return (services.clock() + timedelta(days=2)).date().isoformat()


def fill_in(client: FlaskClient, path: str, day: str, **values: str) -> TestResponse:
    """Open the form, take its first free slot, send it."""
    text = client.get(path, query_string={"date": day}).text
    slots = re.findall(r'name="slot" value="([^"]+)" required', text)
    form = {**read(text).fields, "slot": slots[0], "name": "Li Lei", "email": "li@example.com", **values}
    return client.post(path, query_string={"date": day}, data=form)


@pytest.mark.parametrize("path", [CRUISE, EYE])
def test_a_visitor_holds_places_confirms_and_cancels(client: FlaskClient, services: Services, path: str) -> None:
    held = fill_in(client, path, tomorrow(services), **{"unit-adult": "2", "unit-child": "1"})
    assert held.status_code == 303
    page = client.get(held.location)
    assert "Your places are held" in page.text
    assert "no-store" in page.headers["Cache-Control"]
    token = read(page.text).fields["csrf_token"]
    address, _, query = held.location.partition("?")
    confirmed = client.post(f"{address}confirm?{query}", data={"csrf_token": token}, follow_redirects=True)
    assert "Your booking is confirmed" in confirmed.text
    cancelled = client.post(f"{address}cancel?{query}", data={"csrf_token": token}, follow_redirects=True)
    assert "This booking has been cancelled" in cancelled.text


def test_a_booking_is_shown_only_to_whoever_has_its_link(client: FlaskClient, services: Services) -> None:
    held = fill_in(client, CRUISE, tomorrow(services))
    address, _, _ = held.location.partition("?")
    assert client.get(address).status_code == 404
    assert client.get(f"{address}?token=guessed").status_code == 404


def test_a_form_sent_twice_holds_the_places_once(client: FlaskClient, services: Services) -> None:
    text = client.get(CRUISE, query_string={"date": tomorrow(services)}).text
    slot = re.findall(r'name="slot" value="([^"]+)" required', text)[0]
    form = {**read(text).fields, "slot": slot, "name": "Li Lei", "email": "li@example.com"}
    first, second = (client.post(CRUISE, data=form) for _ in range(2))
    assert first.location == second.location


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"name": ""}, "Enter your name."),
        ({"email": "nobody"}, "Enter an email address"),
        ({"slot": ""}, "Choose a time."),
        ({"slot": "DEFAULT 2020-01-01T10:00:00+08:00"}, "too late"),
        ({"slot": "nonsense"}, "cannot be booked"),
        ({"unit-adult": "0"}, "at least one ticket"),
        ({"unit-adult": "11"}, "not more than one booking may have"),
    ],
)
def test_a_form_that_cannot_be_taken_comes_back_with_the_reason(
    client: FlaskClient, services: Services, values: dict[str, str], said: str
) -> None:
    answer = fill_in(client, CRUISE, tomorrow(services), **values)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'role="alert"' in answer.text


def test_what_is_not_sold_cannot_be_booked(client: FlaskClient) -> None:
    assert client.get("/en/book/moon-shuttle/").status_code == 404


def test_the_page_says_that_a_sample_is_one(client: FlaskClient) -> None:
    assert "Sample offer" in client.get("/en/entertainment/haihe-cruise/").text
    assert "Sample offer" in client.get(CRUISE).text


def test_a_number_of_tickets_that_is_none_comes_back_with_what_was_filled_in(
    client: FlaskClient, services: Services
) -> None:
    answer = fill_in(client, CRUISE, tomorrow(services), **{"unit-adult": "1.5"})
    assert answer.status_code == 422
    assert "at least one ticket" in answer.text
    assert read(answer.text).fields["name"] == "Li Lei"


@pytest.mark.parametrize("step", ["confirm", "cancel"])
def test_reading_the_answer_to_a_form_again_leads_back_to_the_booking(
    client: FlaskClient, services: Services, step: str
) -> None:
    held = fill_in(client, CRUISE, tomorrow(services))
    address, _, query = held.location.partition("?")
    again = client.get(f"{address}{step}?{query}")
    assert (again.status_code, again.location) == (303, held.location)
    assert client.get(f"{address}{step}").status_code == 404
    assert "Your places are held" in client.get(held.location).text
