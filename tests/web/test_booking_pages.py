"""A visitor books on the pages, as without JavaScript: forms and redirects only."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.bookings import changes, store
from portal.bookings.model import Booking
from portal.bookings.products import get_product, publish
from portal.bookings.tables import bookings
from portal.jobs.tables import jobs
from portal.mail.outbox import LETTER, Letter
from portal.services import Services
from tests.unit.bookings.samples import ADULT, CHILD, cruise, product
from tests.web.pages import read, today

CRUISE = "/en/book/haihe-cruise-day/"
EYE = "/en/book/tianjin-eye-ride/"
TEAHOUSE = "/en/book/mingliu-teahouse-seat/"
GUEST = {"full_name": "Li Lei", "email_address": "li@example.com"}


@dataclass
class Time:
    """The time a test says it is."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def time(services: Services) -> Time:
    """Let a test move the portal's clock."""
    services.clock = Time()
    return services.clock  # type: ignore[return-value]


def in_days(services: Services, count: int = 2) -> str:
    return (today(services) + timedelta(days=count)).isoformat()


def choose(client: FlaskClient, path: str, day: str, **values: str) -> TestResponse:
    """Open the form, take its first free slot, send it."""
    text = client.get(path, query_string={"date": day}).text
    slots = re.findall(r'name="slot" value="([^"]+)" required(?! disabled)', text)
    form = {**read(text).fields, "slot": slots[0], "action": "hold", **values}
    return client.post(path, query_string={"date": day}, data=form)


@dataclass(frozen=True)
class Held:
    """A hold, and what can be done with its link."""

    client: FlaskClient
    location: str

    @property
    def reference(self) -> str:
        return self.location.split("/")[3]

    @property
    def query(self) -> str:
        return self.location.partition("?")[2]

    def get(self, step: str = "", **options: Any) -> TestResponse:
        return self.client.get(self.address(step), **options)

    def post(self, step: str, follow: bool = True, **values: str) -> TestResponse:
        csrf = read(self.client.get(CRUISE).text).fields["csrf_token"]
        return self.client.post(self.address(step), data={"csrf_token": csrf, **values}, follow_redirects=follow)

    def address(self, step: str) -> str:
        path, _, query = self.location.partition("?")
        return f"{path}{step}?{query.replace('&again=1', '')}"


def hold(client: FlaskClient, services: Services, path: str = CRUISE, **values: str) -> Held:
    answer = choose(client, path, in_days(services), **values)
    assert answer.status_code == 303, BeautifulSoup(answer.text, "html.parser").select(".problem")
    return Held(client, answer.location)


def stored(services: Services, held: Held) -> Booking:
    with services.database.read() as connection:
        found = store.load_one(connection, bookings.c.reference == held.reference, services.clock())
    assert found is not None
    return found


def letters(services: Services) -> list[Letter]:
    with services.database.read() as connection:
        rows = connection.execute(select(jobs).where(jobs.c.kind == LETTER).order_by(jobs.c.id)).all()
    return [Letter(**row.payload) for row in rows]


def problems(answer: TestResponse) -> str:
    return " ".join(tag.get_text(" ") for tag in BeautifulSoup(answer.text, "html.parser").select("[role=alert]"))


@pytest.mark.parametrize("path", [CRUISE, EYE])
def test_a_visitor_holds_places_confirms_and_cancels(client: FlaskClient, services: Services, path: str) -> None:
    held = hold(client, services, path, **{"unit-adult": "2", "unit-child": "1"})
    page = held.get()
    assert "Your places are held" in page.text
    assert "no-store" in page.headers["Cache-Control"]
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert "Your booking is confirmed" in held.post("confirm", **GUEST).text
    assert "Cancel this booking?" in held.get("cancel").text
    assert "You have paid nothing" in held.get("cancel").text
    assert "This booking has been cancelled" in held.post("cancel").text


def test_a_booking_is_shown_only_to_whoever_has_its_link(client: FlaskClient, services: Services) -> None:
    held = hold(client, services)
    address, _, _ = held.location.partition("?")
    for step in ("", "confirm", "cancel", "voucher", "calendar.ics", "again", "extend"):
        assert client.get(f"{address}{step}").status_code == 404
        assert client.get(f"{address}{step}?token=guessed").status_code == 404
    assert held.post("confirm", **GUEST).status_code == 200
    assert client.get(f"{address}?token={held.query.removeprefix('token=')[:-1]}").status_code == 404


def test_a_form_sent_twice_holds_the_places_once(client: FlaskClient, services: Services) -> None:
    text = client.get(CRUISE, query_string={"date": in_days(services)}).text
    slot = re.findall(r'name="slot" value="([^"]+)" required', text)[0]
    form = {**read(text).fields, "slot": slot, "action": "hold"}
    first, second = (client.post(CRUISE, data=form) for _ in range(2))
    assert first.location == second.location


def test_a_form_that_came_back_from_memory_and_was_changed_holds_what_it_says(
    client: FlaskClient, services: Services
) -> None:
    text = client.get(CRUISE, query_string={"date": in_days(services)}).text
    slot = re.findall(r'name="slot" value="([^"]+)" required', text)[0]
    form = {**read(text).fields, "slot": slot, "action": "hold"}
    first = Held(client, client.post(CRUISE, data={**form, "unit-adult": "1"}).location)
    second = Held(client, client.post(CRUISE, data={**form, "unit-adult": "3"}).location)
    assert [len(stored(services, held).tickets) for held in (first, second)] == [1, 3]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"slot": ""}, "Choose a time."),
        ({"slot": "2020-01-01T10:00:00+08:00"}, "too late"),
        ({"slot": "nonsense"}, "cannot be booked"),
        ({"unit-adult": "0"}, "At most 10 tickets per booking"),
        ({"unit-adult": "11"}, "At most 10 tickets per booking"),
        ({"unit-adult": "1.5"}, "At most 10 tickets per booking"),
    ],
)
def test_a_choice_that_cannot_be_taken_comes_back_with_the_reason(
    client: FlaskClient, services: Services, values: dict[str, str], said: str
) -> None:
    answer = choose(client, CRUISE, in_days(services), **values)
    assert answer.status_code == 422
    assert said in problems(answer)


def test_rules_are_said_before_they_are_broken_and_when_they_are(client: FlaskClient, services: Services) -> None:
    front = {"query_string": {"option": "FRONT", "date": in_days(services)}}
    text = client.get(TEAHOUSE, **front).text  # type: ignore[arg-type]
    for rule in ("From 2 to 6 tickets per booking", "Aged 3 to 12", "Only together with: Adult", "2 hours before"):
        assert rule in text
    assert "The whole price goes back until 1 day before, then 50%." in text
    assert read(text).fields["unit-adult"] == "2"
    for units, said in [((1, 0), "From 2 to 6 tickets"), ((0, 2), "Child: Only together with: Adult")]:
        chosen = {"unit-adult": str(units[0]), "unit-child": str(units[1]), "option": "FRONT"}
        answer = choose(client, TEAHOUSE, in_days(services), **chosen)
        assert (answer.status_code, said in problems(answer)) == (422, True)
        assert read(answer.text).fields["unit-child"] == str(units[1])


def test_each_offer_of_a_product_has_its_own_prices(client: FlaskClient, services: Services) -> None:
    held = hold(client, services, TEAHOUSE, **{"option": "FRONT", "unit-adult": "2"})
    assert stored(services, held).total == 24000


def test_the_total_is_worked_out_without_scripts_and_nothing_chosen_is_lost(
    client: FlaskClient, services: Services
) -> None:
    answer = choose(client, CRUISE, in_days(services), **{"unit-adult": "2", "unit-child": "1", "action": "total"})
    assert answer.status_code == 303
    page = client.get(answer.location)
    assert "CN¥250.00</output>" in page.text
    assert "checked" in page.text
    another_day = next(link for link in read(page.text).links if "#times" in link and in_days(services) not in link)
    assert "unit-adult=2" in another_day


@pytest.mark.parametrize("query", ["date=tomorrow", "date=1999-01-01", "month=13", "option=x", "unit-adult=-1"])
def test_an_address_that_makes_no_sense_is_refused(client: FlaskClient, query: str) -> None:
    assert client.get(f"{CRUISE}?{query}").status_code == 400


def test_what_is_not_sold_cannot_be_booked(client: FlaskClient) -> None:
    assert client.get("/en/book/moon-shuttle/").status_code == 404


def test_the_page_says_that_a_sample_is_one(client: FlaskClient) -> None:
    assert "Sample offer" in client.get("/en/entertainment/haihe-cruise/").text
    assert "Sample offer" in client.get(CRUISE).text


def test_the_calendar_says_in_words_what_can_be_booked(client: FlaskClient, services: Services, time: Time) -> None:
    time.now = datetime(2027, 3, 9, 2, tzinfo=UTC)
    closed = {"closures": [{"from": "2027-03-15", "to": "2027-03-16"}]}
    full = {"exceptions": [{"date": "2027-03-17", "capacity": 0}, {"date": "2027-03-18", "capacity": 10}]}
    publish(services.database, "entertainment/haihe-cruise", [cruise(**closed, **full)], time.now)
    sold = choose(client, CRUISE, "2027-03-18", **{"unit-adult": "9"})
    assert sold.status_code == 303
    choose(client, CRUISE, "2027-03-18", **{"slot": "2027-03-18T14:00:00+08:00", "unit-adult": "9"})
    soup = BeautifulSoup(client.get(f"{CRUISE}?month=2027-03").text, "html.parser")
    days = {
        int(cell.select_one("[aria-hidden]").get_text()): (cell.get_text(" "), cell.a is not None)  # type: ignore[union-attr]
        for cell in soup.select(".month td")
        if cell.get_text(strip=True)
    }
    assert "closed" in days[8][0]
    assert not days[8][1]
    assert days[10][1]
    for day, words in {15: "closed", 17: "sold out", 18: "few left"}.items():
        assert words in days[day][0]
    assert [days[day][1] for day in (15, 17, 18)] == [False, False, True]
    assert soup.select("a[rel=prev]") == []
    assert soup.select("a[rel=next]") != []
    last = client.get(f"{CRUISE}?month=2028-09").text
    assert 'rel="next"' not in last
    assert client.get(f"{CRUISE}?month=2031-01").status_code == 200


def test_just_after_midnight_in_tianjin_it_is_the_next_day(client: FlaskClient, time: Time) -> None:
    time.now = datetime(2027, 3, 9, 15, 59, tzinfo=UTC)  # 23:59 of 9 March in Tianjin
    before = client.get(CRUISE).text
    time.now += timedelta(minutes=2)
    after = client.get(CRUISE).text
    assert "Wednesday, 10 March 2027" in re.search(r"legend-day\">([^<]+)", before)[1].replace(
        "Wednesday 10", "Wednesday, 10"
    )  # type: ignore[index]
    assert "date=2027-03-09" not in after
    assert "date=2027-03-10" in after


def test_the_day_a_booking_is_for_is_that_of_the_place(client: FlaskClient, services: Services, time: Time) -> None:
    time.now = datetime(2027, 3, 9, 18, tzinfo=UTC)  # 02:00 of 10 March in Tianjin
    held = Held(client, choose(client, CRUISE, "2027-03-10").location)
    assert "10 March 2027" in held.get().text
    assert "10:00" in held.get().text


def test_a_hold_tells_its_end_in_the_time_of_the_place(client: FlaskClient, services: Services, time: Time) -> None:
    time.now = datetime(2027, 3, 9, 15, 45, tzinfo=UTC)
    held = hold(client, services)
    text = held.get().text
    assert "Held for you until 00:15 (China Time)" in text
    assert 'data-left="1800"' in text
    time.now += timedelta(minutes=20)
    assert 'data-left="600"' in held.get().text


def test_more_time_keeps_what_was_filled_in(client: FlaskClient, services: Services, time: Time) -> None:
    held = hold(client, services)
    time.now += timedelta(minutes=29)
    page = held.post("extend", full_name="Li Lei", email_address="half@")
    assert 'data-left="1800"' in page.text
    fields = read(page.text).fields
    assert (fields["full_name"], fields["email_address"]) == ("Li Lei", "half@")


def test_nobody_holds_places_for_ever(client: FlaskClient, services: Services, time: Time) -> None:
    held = hold(client, services)
    for _ in range(9):
        time.now += timedelta(minutes=25)
        page = held.post("extend")
    assert "I need more time" not in page.text
    time.now += timedelta(minutes=25)
    assert "no longer held" in held.get().text


def test_what_is_missing_is_said_at_its_field_and_the_rest_is_kept(client: FlaskClient, services: Services) -> None:
    held = hold(client, services)
    page = held.post("confirm", full_name="", email_address="nobody", notes="By the window")
    assert page.status_code == 422
    soup = BeautifulSoup(page.text, "html.parser")
    said = {str(tag["id"]): tag.get_text() for tag in soup.select(".field-problem")}
    assert said["guest-full_name-problem"] == "Enter your name."
    assert said["guest-email_address-problem"].startswith("Enter an email address")
    assert "By the window" in page.text
    assert "Your places are held" in held.get().text


def test_what_a_product_asks_of_guests_and_ticket_holders_is_asked(client: FlaskClient, services: Services) -> None:
    child = {**CHILD, "required_contact_fields": ["firstName", "lastName"]}
    terms = cruise(units=[ADULT, child], required_contact_fields=["phoneNumber", "country"])
    publish(services.database, "entertainment/haihe-cruise", [terms], services.clock())
    held = hold(client, services, **{"unit-child": "1"})
    page = held.post("confirm", **GUEST)
    assert page.status_code == 422
    assert "Ticket 2: Child" in page.text
    assert page.text.count("Fill this in.") == 2
    more = {"phone_number": "+8622 1234 5678", "country": "FR", "ticket-1-full_name": "Léa"}
    assert "Your booking is confirmed" in held.post("confirm", **GUEST, **more).text
    booking = stored(services, held)
    assert (booking.contact.country, booking.tickets[1].contact.full_name) == ("FR", "Léa")
    assert held.post("confirm", **GUEST, **{**more, "country": "XX"}).status_code == 200  # confirmed already


def test_a_hold_that_ran_out_is_taken_again_with_everything_kept(
    client: FlaskClient, services: Services, time: Time
) -> None:
    held = hold(client, services, **{"unit-adult": "2"})
    time.now += timedelta(minutes=31)
    assert "Nothing was booked." in held.get().text
    answer = held.post("confirm", follow=False, **GUEST, notes="By the window")
    assert answer.status_code == 303
    again = Held(client, answer.location)
    assert again.reference != held.reference
    page = client.get(answer.location)
    assert "they are held for you once more" in page.text
    assert (read(page.text).fields["full_name"], len(stored(services, again).tickets)) == ("Li Lei", 2)
    assert "By the window" in page.text
    assert held.post("again", follow=False).location == answer.location  # sent twice, held once
    assert "Your booking is confirmed" in again.post("confirm", **GUEST).text
    assert "By the window" not in hold(client, services).get().text  # a note is for one booking


def test_places_that_are_gone_when_a_hold_ran_out_lead_to_a_new_choice_with_everything_kept(
    client: FlaskClient, services: Services, time: Time
) -> None:
    publish(services.database, "entertainment/haihe-cruise", [cruise(capacity=3)], time.now)
    held = hold(client, services, **{"unit-adult": "2", "unit-child": "1"})
    time.now += timedelta(minutes=31)
    hold(client, services, **{"unit-adult": "3"})
    answer = held.post("confirm", **GUEST)
    assert answer.status_code == 422
    assert "not enough places" in problems(answer)
    fields = read(answer.text).fields
    assert (fields["unit-adult"], fields["unit-child"]) == ("2", "1")
    later = re.findall(r'name="slot" value="([^"]+)" required(?! disabled)', answer.text)[0]
    moved = client.post(CRUISE, data={**fields, "slot": later, "action": "hold"}, follow_redirects=True)
    assert read(moved.text).fields["full_name"] == "Li Lei"


def test_a_hold_can_be_changed_without_letting_its_places_go(client: FlaskClient, services: Services) -> None:
    publish(services.database, "entertainment/haihe-cruise", [cruise(capacity=3)], services.clock())
    held = hold(client, services, **{"unit-adult": "2"})
    change = next(link for link in read(held.get().text).links if "instead=" in link)
    form = read(client.get(change).text).fields
    slot = stored(services, held).slot.id
    answer = client.post(CRUISE, data={**form, "slot": slot, "unit-adult": "3", "action": "hold"})
    assert Held(client, answer.location).reference == held.reference
    assert len(stored(services, held).tickets) == 3


def test_confirming_twice_and_going_back_changes_nothing(client: FlaskClient, services: Services) -> None:
    held = hold(client, services)
    held.post("confirm", **GUEST)
    assert "Your booking is confirmed" in held.post("confirm", full_name="Somebody else").text
    assert "Your booking is confirmed" in held.post("extend").text or held.post("extend").status_code == 409
    assert stored(services, held).contact.full_name == "Li Lei"
    assert len(letters(services)) == 1


def test_after_the_cut_off_the_page_says_until_when_it_was_possible(
    client: FlaskClient, services: Services, time: Time
) -> None:
    time.now = datetime(2027, 3, 9, 1, tzinfo=UTC)
    held = Held(client, choose(client, CRUISE, "2027-03-09").location)
    held.post("confirm", **GUEST)
    assert "You can cancel until 9 March 2027 08:00 (China Time)" not in held.get().text
    page = held.get("cancel")
    assert "It could be cancelled until 9 March 2027 08:00 (China Time)." in page.text
    refused = held.post("cancel")
    assert refused.status_code == 409
    assert "too late to cancel" in problems(refused)


def test_a_host_decides_where_the_product_says_so(client: FlaskClient, services: Services) -> None:
    terms = product(cruise(), instant_confirmation=False)
    publish(services.database, "entertainment/haihe-cruise", [terms], services.clock())
    held = hold(client, services)
    assert "Send the request" in held.get().text
    assert "Your request has been sent" in held.post("confirm", **GUEST).text
    assert held.get("voucher").status_code == 303
    changes.reject(services.database, services.clock, held.reference, "The boat is in the dock.")
    page = held.get().text
    assert "could not be accepted" in page
    assert "The boat is in the dock." in page
    assert [letter.subject for letter in letters(services)] == [f"Your request has been sent · {held.reference}"]


def test_a_guest_hears_of_it_when_the_host_never_decides(client: FlaskClient, services: Services, time: Time) -> None:
    terms = product(cruise(), instant_confirmation=False)
    publish(services.database, "entertainment/haihe-cruise", [terms], services.clock())
    ignored, accepted = (hold(client, services, "/th/book/haihe-cruise-day/") for _ in range(2))
    for held in (ignored, accepted):
        held.post("confirm", **GUEST)
    changes.accept(services.database, services.clock, accepted.reference)
    services.worker().drain()
    time.now += timedelta(days=3)
    services.worker().drain()
    mails = [message_from_bytes(file.read_bytes(), policy=default) for file in mailed(services)]
    _asked, told = (mail for mail in mails if ignored.reference in mail["Subject"])
    text = told.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "/th/bookings/" in text
    assert ignored.query in text
    assert stored(services, ignored).unheeded
    assert "The host did not answer in time" in client.get(ignored.address("").replace("/th/", "/en/")).text
    assert [accepted.reference in mail["Subject"] for mail in mails].count(True) == 1


def mailed(services: Services) -> list[Path]:
    return sorted((services.settings.state / "mail").glob("*.eml"))


def test_the_voucher_has_a_code_and_is_in_the_languages_of_guest_and_gate(
    client: FlaskClient, services: Services
) -> None:
    held = hold(client, services, "/ar/book/haihe-cruise-day/")
    held.post("confirm", **GUEST)
    page = held.get("voucher")
    soup = BeautifulSoup(page.text, "html.parser")
    assert len(soup.select("figure svg")) == 1
    assert soup.select_one(".sheet[lang=zh-Hans]").get_text().count("海河游船") >= 1  # type: ignore[union-attr]
    assert "جولة بالقارب" in soup.select(".sheet")[1].get_text()
    assert "no-store" in page.headers["Cache-Control"]
    assert read(page.text).inline == []
    assert re.findall(r'(?:src|href)="https?://', page.text) == []


def test_each_ticket_has_a_code_where_the_product_says_so(client: FlaskClient, services: Services) -> None:
    terms = product(cruise(), delivery="TICKET")
    publish(services.database, "entertainment/haihe-cruise", [terms], services.clock())
    held = hold(client, services, **{"unit-adult": "2", "unit-child": "1"})
    held.post("confirm", **GUEST)
    soup = BeautifulSoup(held.get("voucher").text, "html.parser")
    codes = [tag.get_text() for tag in soup.select("figcaption .reference")]
    assert codes == [f"{held.reference}-{number}" for number in (1, 2, 3)]


def test_the_calendar_entry_is_in_the_place_s_time_and_is_taken_back_when_cancelled(
    client: FlaskClient, services: Services
) -> None:
    held = hold(client, services)
    held.post("confirm", **GUEST)
    answer = held.get("calendar.ics")
    assert answer.content_type == "text/calendar; charset=utf-8"
    event = Calendar.from_ical(answer.data).walk("VEVENT")[0]
    booking = stored(services, held)
    assert event.start == booking.slot.starts_at
    assert "TZID=Asia/Shanghai" in answer.text
    held.post("cancel")
    confirmed, cancelled = (Calendar.from_ical(letter.calendar) for letter in letters(services))
    before, after = confirmed.walk("VEVENT")[0], cancelled.walk("VEVENT")[0]
    assert (cancelled["METHOD"], str(after["STATUS"])) == ("CANCEL", "CANCELLED")
    assert after["UID"] == before["UID"] == event["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]


def test_letters_are_in_the_booking_s_language_and_lead_to_it(client: FlaskClient, services: Services) -> None:
    held = hold(client, services, "/zh-hans/book/haihe-cruise-day/")
    # read in another language meanwhile
    Held(client, held.location.replace("/zh-hans/", "/de/")).post("confirm", **GUEST)
    (letter,) = letters(services)
    assert (letter.recipient, letter.language) == ("li@example.com", "zh-Hans")
    assert held.reference in letter.subject
    link = re.findall(r"http://127\.0\.0\.1:8000(/\S+)", letter.body)[0]
    assert link == held.location
    assert "海河游船观光票" in letter.body


def test_the_confirmation_goes_out_with_the_entry_for_the_calendar(client: FlaskClient, services: Services) -> None:
    held = hold(client, services)
    held.post("confirm", **GUEST)
    held.post("cancel")
    services.worker().drain()
    sent = sorted((services.settings.state / "mail").glob("*.eml"))
    mails_ = [message_from_bytes(file.read_bytes(), policy=default) for file in sent]
    parts = [next(mail.iter_attachments()) for mail in mails_]
    assert [part.get_content_type() for part in parts] == ["text/calendar"] * 2
    assert [part["Content-Type"].params["method"] for part in parts] == ["PUBLISH", "CANCEL"]
    assert held.reference in parts[0].get_content()


def test_a_lost_link_is_sent_again_and_strangers_learn_nothing(client: FlaskClient, services: Services) -> None:
    held = hold(client, services)
    held.post("confirm", **GUEST)
    csrf = read(client.get("/en/bookings/").text).fields["csrf_token"]

    def ask(reference: str, mail: str) -> TestResponse:
        form = {"csrf_token": csrf, "reference": reference, "mail": mail}
        return client.post("/en/bookings/", data=form, follow_redirects=True)

    known = ask(held.reference.lower().replace("-", " "), "LI@example.com")
    others = [
        ask(held.reference, "other@example.com"),
        ask("22222-22222", "li@example.com"),
        ask("\0", "a@example.com"),
    ]

    def seen(answer: TestResponse) -> tuple[int, str]:
        fields = read(answer.text).fields  # the token of the form tells the second it was made
        return answer.status_code, answer.text.replace(fields["csrf_token"], "")

    assert {seen(answer) for answer in others} == {seen(known)}
    sent = letters(services)[1:]
    assert [(letter.recipient, held.location in letter.body) for letter in sent] == [("li@example.com", True)]
    for wrong in (("", "a@example.com"), (held.reference, "a")):
        assert ask(*wrong).status_code == 422
    answers = [ask(held.reference, "li@example.com").status_code for _ in range(6)]
    assert answers[-1] == 429


@pytest.mark.parametrize("step", ["confirm", "extend", "again"])
def test_reading_the_answer_to_a_form_again_leads_back_to_the_booking(
    client: FlaskClient, services: Services, step: str
) -> None:
    held = hold(client, services)
    again = held.get(step)
    assert (again.status_code, again.location) == (303, held.location)
    assert "Your places are held" in held.get().text


def test_a_booking_without_a_date_is_valid_until_one(client: FlaskClient, services: Services) -> None:
    terms = get_product(services.database, "tianjin-eye-ride").terms
    publish(
        services.database, "attractions/tianjin-eye", [product(terms, open_dated={"valid_days": 90})], services.clock()
    )
    page = client.get(EYE)
    assert "Without a date" in page.text
    held = hold(client, services, EYE, slot="any-day")
    until = date.fromisoformat(in_days(services, 90))
    assert f"Any day until {until.day} {until:%B %Y}" in held.get().text
    held.post("confirm", **GUEST)
    assert held.get("voucher").status_code == 200
    assert held.get("calendar.ics").status_code == 303


def test_a_product_without_limit_says_so(client: FlaskClient, services: Services) -> None:
    (option,) = cruise().model_dump(mode="json", by_alias=True)["options"]
    terms = product(cruise(), freesale=True, options=[{**option, "capacity": None}])
    publish(services.database, "entertainment/haihe-cruise", [terms], services.clock())
    assert "Any number of places" in client.get(CRUISE, query_string={"date": in_days(services)}).text
    assert hold(client, services).get().status_code == 200
