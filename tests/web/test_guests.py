"""A business at its bookings: the day, the gate, lists to take along, the calendar."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar
import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from portal.accounts import audit
from portal.accounts.model import Role
from portal.bookings import changes, guests, holds, products
from portal.bookings.model import PORTAL, Booking, Contact, State
from portal.services import Services
from tests.integration.bookings.conftest import MORNING, order
from tests.unit.bookings.samples import cruise, product
from tests.web.desk import letters, make, send, sign_in

Browse = Callable[[], FlaskClient]
WHEEL = "attractions/wheel"
DESK = "/en/business/bookings"
GATE = f"{DESK}/check-in/"
CALENDAR = f"{DESK}/calendar/haihe-cruise-day/DEFAULT"
NOW = datetime(2026, 7, 1, tzinfo=UTC)


@pytest.fixture
def owner(desks: Services, browse: Browse) -> FlaskClient:
    """The owner of what sells the cruise, at eight in the morning."""
    desks.clock = lambda: NOW
    make(desks, "owner@example.com", Role.OWNER, WHEEL)
    products.publish(desks.database, WHEEL, [cruise()], NOW)
    client = browse()
    sign_in(client, "owner@example.com")
    return client


def booked(desks: Services, name: str = "Li Na", count: int = 2, **more: Any) -> Booking:
    contact = Contact(full_name=name, email_address="li@example.com", phone_number="+8613800138000")
    held = holds.reserve(desks.database, desks.clock, PORTAL, replace(order(count), contact=contact, **more))
    return changes.confirm(desks.database, desks.clock, PORTAL, held.uuid)


def said(text: str, css: str) -> str:
    found = BeautifulSoup(text, "html.parser").select_one(css)
    assert found is not None, css
    return " ".join(found.get_text(" ").split())


def test_the_day_shows_who_comes_when(desks: Services, owner: FlaskClient) -> None:
    one = booked(desks, notes="A wheelchair", language="zh-Hans")
    page = owner.get(f"{DESK}/").text
    assert said(page, ".desk-day > .lead") == "People: 2 · Bookings: 1"
    departures = BeautifulSoup(page, "html.parser").select(".departure")
    assert [said(str(each), "h3") for each in departures] == [
        "10:00 Hai River day cruise",
        "14:00 Hai River day cruise",
    ]
    guest = said(str(departures[1]), ".guest-list li")
    for words in ("Li Na", "Confirmed", "Adult × 2", "A wheelchair", "Chinese", one.reference):
        assert words in guest
    assert "Li Na" not in owner.get(f"{DESK}/?date=2026-07-02").text
    assert f"{DESK}/?date=2026-07-01" in owner.get(f"{DESK}/?date=2026-07-02").text
    assert owner.get(f"{DESK}/?date=tomorrow").status_code == 400


def test_a_booking_is_found_by_name_and_shown_with_all_that_is_known(desks: Services, owner: FlaskClient) -> None:
    one = booked(desks)
    booked(desks, "Anna Smith")
    found = owner.get(f"{DESK}/?q=li+na").text
    assert one.reference in found
    assert "Anna" not in found
    assert "No booking has these words." in owner.get(f"{DESK}/?q=nobody").text
    page = owner.get(f"{DESK}/{one.reference}/").text
    for words in ("Li Na", "li@example.com", "tel:%2B8613800138000", "CN¥200.00", one.reference):
        assert words in page
    assert owner.get(f"{DESK}/ABCDE-ABCDE/").status_code == 404


def test_a_guest_is_let_in_once(desks: Services, owner: FlaskClient) -> None:
    one = booked(desks)
    first = send(owner, GATE, {"code": one.reference.lower()}, GATE)
    assert (first.status_code, said(first.text, ".verdict-yes h2")) == (200, "✓ Let in")
    assert "Li Na" in first.text
    again = send(owner, GATE, {"code": one.reference}, GATE)
    assert (again.status_code, said(again.text, ".verdict-no h2")) == (200, "✗ Do not let in")
    assert said(again.text, ".verdict-why") == "Used already: 08:00"
    entries = [entry for entry in audit.latest(desks.database) if entry.action == "checked in"]
    assert [(entry.subject, entry.mail) for entry in entries] == [(one.reference, "owner@example.com")]


def test_a_no_at_the_gate_says_why(desks: Services, owner: FlaskClient) -> None:
    tomorrow = booked(desks, slot_id=MORNING.replace("-01T", "-02T"))
    for code, why in [
        (tomorrow.reference, "For another day: Thursday, July 2, 2026 10:00"),
        ("ABCDE-ABCDE", "No booking has this code."),
        ("\0<script>", "No booking has this code."),
    ]:
        assert said(send(owner, GATE, {"code": code}, GATE).text, ".verdict-why") == why
    assert said(send(owner, GATE, {"code": " "}, GATE).text, "#problem") == "Type or scan a code."


def test_only_the_gate_may_use_the_camera(owner: FlaskClient) -> None:
    assert "camera=(self)" in owner.get(GATE).headers["Permissions-Policy"]
    assert "camera=()" in owner.get(f"{DESK}/").headers["Permissions-Policy"]


def test_a_check_in_is_taken_back_deliberately_and_noted(desks: Services, owner: FlaskClient) -> None:
    one = booked(desks)
    page = f"{DESK}/{one.reference}/"
    assert "This check-in cannot be taken back." in send(owner, f"{page}take-back").text
    send(owner, GATE, {"code": one.reference}, GATE)
    assert "Take the check-in back" in owner.get(page).text
    assert send(owner, f"{page}take-back").status_code == 303
    kept = guests.find(desks.database, desks.clock, [WHEEL], one.reference)
    assert kept is not None
    assert kept.state is State.CONFIRMED
    assert "check-in taken back" in [entry.action for entry in audit.latest(desks.database)]
    assert owner.get(f"{page}take-back").status_code == 303


def test_the_business_decides_on_what_waits(desks: Services, owner: FlaskClient) -> None:
    products.publish(desks.database, WHEEL, [product(cruise(), instant_confirmation=False)], NOW)
    yes, no = booked(desks), booked(desks, "Anna Smith")
    assert "Waits for you (2)" in " ".join(owner.get(f"{DESK}/").text.split())
    assert send(owner, f"{DESK}/{yes.reference}/accept").status_code == 303
    assert send(owner, f"{DESK}/{no.reference}/reject", {"reason": "The boat is in the dock."}).status_code == 303
    assert "The boat is in the dock." in owner.get(f"{DESK}/{no.reference}/").text
    refused = send(owner, f"{DESK}/{no.reference}/accept")
    assert refused.status_code == 422
    assert "does not wait for a decision" in refused.text
    states = {one.reference: guests.find(desks.database, desks.clock, [WHEEL], one.reference) for one in (yes, no)}
    assert [found and found.state for found in states.values()] == [State.CONFIRMED, State.REJECTED]
    told = [text for recipient, _, text in letters(desks) if recipient == "li@example.com"]
    assert [one.reference for one in (yes, no) if any(one.reference in text for text in told)] == [
        yes.reference,
        no.reference,
    ]


def test_the_guests_of_a_day_as_a_table_that_runs_no_formula(desks: Services, owner: FlaskClient) -> None:
    booked(desks, '=HYPERLINK("http://evil.example")', notes="-2+3")
    answer = owner.get(f"{DESK}/lists/guests.csv")
    assert answer.mimetype == "text/csv"
    assert answer.data.startswith(b"\xef\xbb\xbf")
    heads, row = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    found = dict(zip(heads, row, strict=True))
    assert found["Name"] == '\'=HYPERLINK("http://evil.example")'
    assert (found["Notes"], found["Phone"]) == ("'-2+3", "'+8613800138000")
    assert (found["Date"], found["Time of day"], found["Tickets"]) == ("2026-07-01", "14:00", "Adult × 2")
    assert (found["Total"], found["Currency"]) == ("200.00", "CNY")


def test_the_departures_of_a_day_as_entries_of_a_calendar(desks: Services, owner: FlaskClient) -> None:
    booked(desks, "Li Na; DROP, TABLE\\")
    answer = owner.get(f"{DESK}/lists/guests.ics")
    assert answer.mimetype == "text/calendar"
    (entry,) = icalendar.Calendar.from_ical(answer.data).walk("VEVENT")
    assert (entry["SUMMARY"], entry["DESCRIPTION"]) == (
        "Hai River day cruise: 2",
        "Li Na; DROP, TABLE\\: Adult × 2",
    )
    assert entry["DTSTART"].dt == NOW + timedelta(hours=6)
    assert len(icalendar.Calendar.from_ical(owner.get(f"{DESK}/lists/guests.ics?date=2026-07-02").data).events) == 0


def test_the_sheet_for_the_door_has_a_line_for_each_party(desks: Services, owner: FlaskClient) -> None:
    one = booked(desks)
    send(owner, GATE, {"code": booked(desks, "Anna Smith").reference}, GATE)
    rows = BeautifulSoup(owner.get(f"{DESK}/lists/sheet").text, "html.parser").select(".sheet tbody tr")
    assert [said(str(row), "td") + said(str(row), "th") for row in rows] == ["☐Li Na", "☑Anna Smith"]
    assert one.reference in str(rows[0])
    assert "Nobody has booked" in owner.get(f"{DESK}/lists/sheet?date=2026-07-02").text


def test_a_departure_is_resized_and_a_cut_below_what_is_sold_is_refused(desks: Services, owner: FlaskClient) -> None:
    booked(desks, count=3)
    day = f"{CALENDAR}/2026-07-01"
    cut = send(owner, day, {"what-14:00": "places", "places-14:00": "2"})
    assert (cut.status_code, said(cut.text, "#problem")) == (
        422,
        "3 places are sold or held already (Jul 1, 2026 14:00). There cannot be fewer.",
    )
    for text in ("", "-1", "many", "9999999"):
        assert send(owner, day, {"what-14:00": "places", "places-14:00": text}).status_code == 422
    done = send(owner, day, {"what-10:00": "closed", "what-14:00": "places", "places-14:00": "3", "added": ""})
    assert done.headers["Location"].endswith("?month=2026-07&done=1")
    assert "3/3" in said(owner.get(f"{CALENDAR}/?month=2026-07").text, "[aria-current=date]")
    assert "calendar changed" in [entry.action for entry in audit.latest(desks.database)]


def test_a_departure_is_added_to_a_day(owner: FlaskClient) -> None:
    day = f"{CALENDAR}/2026-07-02"
    assert send(owner, day, {"added": "25:00", "places-added": "5"}).status_code == 422
    assert send(owner, day, {"added": "21:00", "places-added": "5"}).status_code == 303
    assert "21:00" in said(owner.get(f"{DESK}/?date=2026-07-02").text, ".desk-day")


def test_days_are_closed_and_opened_again(owner: FlaskClient) -> None:
    sent = {"first": "2026-07-02", "last": "2026-07-04"}
    assert send(owner, f"{CALENDAR}/", {**sent, "what": "close"}).status_code == 303
    assert owner.get(f"{CALENDAR}/?month=2026-07").text.count("month-shut") == 3
    assert "Nothing is on sale that day." in owner.get(f"{DESK}/?date=2026-07-03").text
    assert send(owner, f"{CALENDAR}/", {**sent, "what": "plan"}).status_code == 303
    assert owner.get(f"{CALENDAR}/?month=2026-07").text.count("month-shut") == 0
    for wrong in (
        {"first": "2026-07-04", "last": "2026-07-02"},
        {"first": "x"},
        {"first": "2026-07-01", "last": "2036-07-01"},
    ):
        assert send(owner, f"{CALENDAR}/", {**wrong, "what": "close"}).status_code == 422


def test_addresses_of_the_calendar_that_are_none_are_not_there(owner: FlaskClient) -> None:
    for path in ("calendar/nothing/DEFAULT/", "calendar/haihe-cruise-day/VIP/", "calendar/haihe-cruise-day/DEFAULT/x"):
        assert owner.get(f"{DESK}/{path}").status_code == 404
    assert owner.get(f"{CALENDAR}/?month=x").status_code == 400
