"""A business puts things on sale, adds and removes tickets and variants; names are translated. All in the editor."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from portal.accounts.model import Role
from portal.bookings import changes, holds, products
from portal.bookings.errors import InvalidProduct
from portal.bookings.model import PORTAL, Order, State, Ticket
from portal.bookings.queries import Wish, availability
from portal.bookings.terms import ProductTerms
from portal.services import Services
from tests.unit.bookings.samples import cruise
from tests.web.desk import fields, make, sign_in
from tests.web.pages import today
from tests.web.test_sale import DESK, PRODUCT, SALE, WHEEL, publish, put

Browse = Callable[[], FlaskClient]
NEW = f"{SALE}new"
TEAHOUSE = {
    "name": "午间茶座",
    "kind": "START_TIME",
    "start_times": "14:00、19:30",
    "duration_minutes": "90",
    "capacity": "40",
    "adult": "60",
    "child": "30.50",
    "weekdays": ["sa", "su"],
}


@pytest.fixture
def owner(desks: Services, browse: Browse) -> FlaskClient:
    make(desks, "owner@example.com", Role.OWNER, WHEEL, trusted=True)
    client = browse()
    sign_in(client, "owner@example.com")
    return client


@pytest.fixture
def seller(desks: Services, owner: FlaskClient) -> FlaskClient:
    put(desks, cruise())
    return owner


def add(owner: FlaskClient, **values: Any) -> Any:
    return owner.post(NEW, data={**fields(owner.get(NEW).text, NEW), **values})


def save(owner: FlaskClient, **values: Any) -> Any:
    return owner.post(SALE, data={**fields(owner.get(SALE).text, SALE), **values})


def on_sale(desks: Services) -> list[ProductTerms]:
    return [product.terms for product in products.products_of(desks.database, [WHEEL])]


def booked(desks: Services) -> Any:
    day = today(desks)
    slots = availability(desks.database, desks.clock, Wish(PRODUCT, "DEFAULT"), day, day + timedelta(days=9))
    free = next(slot for slot in slots if slot.available)
    wanted = Order(uuid4(), PRODUCT, "DEFAULT", free.id, (Ticket("adult"),))
    hold = holds.reserve(desks.database, desks.clock, PORTAL, wanted)
    return changes.confirm(desks.database, desks.clock, PORTAL, hold.uuid)


def test_a_listing_that_sells_nothing_puts_something_on_sale(desks: Services, owner: FlaskClient) -> None:
    assert "Sell something" in owner.get(f"{DESK}/").text
    assert 'name="kind"' in owner.get(SALE).text
    assert add(owner, **TEAHOUSE).status_code == 303
    assert on_sale(desks) == []
    assert publish(desks, owner).status_code == 303
    (terms,) = on_sale(desks)
    assert (terms.id, terms.supplier, terms.currency, terms.timezone) == ("wheel", "wheel", "CNY", "Asia/Shanghai")
    assert terms.names == {"zh-Hans": "午间茶座", "zh-Hant": "午間茶座"}
    (option,) = terms.options
    assert (option.id, option.start_times, option.weekdays) == ("DEFAULT", ["14:00", "19:30"], ["sa", "su"])
    assert (option.capacity, option.duration_minutes, option.cancellation_cutoff.unit) == (40, 90, "day")
    adult, child = option.units
    assert (adult.id, adult.price, child.id, child.price) == ("adult", 6000, "child", 3050)
    assert (child.min_age, child.max_age, child.accompanied_by) == (3, 12, ["adult"])
    assert adult.names.keys() == {"zh-Hans", "zh-Hant", "en", "ar"}  # each language of the portal has the word
    assert adult.names["en"] == "Adult"


def test_opening_hours_and_vouchers_without_a_date_are_sold_too(desks: Services, owner: FlaskClient) -> None:
    hours = {"opens": "9:30", "closes": "18:00"}
    assert add(owner, **{**TEAHOUSE, **hours, "kind": "OPENING_HOURS"}).status_code == 303
    assert add(owner, **{**TEAHOUSE, **hours, "kind": "NO_DATE", "name": "下午茶券", "asks": "1"}).status_code == 303
    publish(desks, owner)
    by_day, voucher = on_sale(desks)
    assert (by_day.id, by_day.availability_type, by_day.options[0].capacity) == ("wheel", "OPENING_HOURS", 40)
    assert (voucher.id, voucher.freesale, voucher.options[0].capacity) == ("wheel-2", True, None)
    assert voucher.open_dated is not None
    assert (voucher.open_dated.valid_days, voucher.instant_confirmation) == (90, False)
    assert save(owner, **{"1-valid_days": "30"}).status_code == 303


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("kind", "SOMETIMES"),
        ("start_times", ""),
        ("start_times", "noon"),
        ("capacity", ""),
        ("capacity", "0"),
        ("adult", ""),
        ("adult", "-1"),
        ("child", "cheap"),
        ("duration_minutes", "999999"),
        ("weekdays", []),
    ],
)
def test_what_is_missing_from_something_new_is_named(owner: FlaskClient, field: str, value: Any) -> None:
    answer = add(owner, **{**TEAHOUSE, field: value})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert "Draft" not in owner.get(f"{DESK}/").text


def test_kinds_of_tickets_come_and_go_and_no_id_is_ever_given_twice(desks: Services, seller: FlaskClient) -> None:
    senior = {"0-0-3-price": "80", "0-0-3-type": "SENIOR", "0-0-3-min_age": "65"}
    assert save(seller, **senior, **{"0-0-1-gone": "1"}).status_code == 303
    publish(desks, seller)
    units = on_sale(desks)[0].options[0].units
    assert [(unit.id, unit.price) for unit in units] == [("adult", 10000), ("family", 25000), ("senior", 8000)]
    assert units[2].min_age == 65
    child = {"0-0-3-price": "40", "0-0-3-type": "CHILD", "0-0-3-name": "小学生", "0-0-3-accompanied": "1"}
    assert save(seller, **child).status_code == 303
    publish(desks, seller)
    (*_, back) = on_sale(desks)[0].options[0].units
    assert (back.id, back.names["zh-Hans"]) == ("child-2", "小学生")
    assert back.accompanied_by == ["adult", "family", "senior"]
    gone = save(seller, **{f"0-0-{number}-gone": "1" for number in range(4)})
    assert gone.status_code == 422
    assert "At least one type of ticket" in gone.text


def test_a_variant_begins_as_a_copy_and_is_taken_off_sale_again(desks: Services, seller: FlaskClient) -> None:
    assert save(seller, **{"0-another": "夜游"}).status_code == 303
    assert save(seller, **{"0-1-start_times": "19:30", "0-1-cancel": "3", "0-1-cancel_unit": "day"}).status_code == 303
    publish(desks, seller)
    first, second = on_sale(desks)[0].options
    assert (second.id, second.start_times) == ("option", ["19:30"])
    assert second.names == {"zh-Hans": "夜游", "zh-Hant": "夜遊"}
    assert (first.start_times, first.cancellation_cutoff.amount) == (["10:00", "14:00"], 2)
    assert (second.cancellation_cutoff.amount, second.cancellation_cutoff.unit) == (3, "day")
    assert save(seller, **{"0-1-gone": "1"}).status_code == 303
    publish(desks, seller)
    assert [option.id for option in on_sale(desks)[0].options] == ["DEFAULT"]
    save(seller, **{"0-another": "夜游"})
    publish(desks, seller)
    assert on_sale(desks)[0].options[1].id == "option-2"
    assert "At least one option" in save(seller, **{"0-0-gone": "1", "0-1-gone": "1"}).text


def test_what_is_taken_off_sale_keeps_its_bookings_and_the_form_says_so(desks: Services, seller: FlaskClient) -> None:
    booking = booked(desks)
    assert "1 upcoming booking stays valid" in seller.get(SALE).text
    assert save(seller, **{"0-gone": "1"}).status_code == 303
    assert 'name="kind"' in seller.get(SALE).text
    publish(desks, seller)
    assert on_sale(desks) == []
    with pytest.raises(InvalidProduct):
        products.get_product(desks.database, PRODUCT)
    day = booking.slot.starts_at.date()
    assert booking.reference in seller.get(f"/en/business/bookings/?date={day}").text
    page = seller.get(f"/en/business/bookings/{booking.reference}/").text
    assert "Confirmed" in page
    assert changes.cancel(desks.database, desks.clock, PORTAL, booking.uuid).state is State.CANCELLED
    put(desks, cruise())
    save(seller, **{"0-gone": "1"})
    add(seller, **TEAHOUSE)
    publish(desks, seller)
    assert [terms.id for terms in on_sale(desks)] == ["wheel"]


def test_a_form_made_before_somebody_removed_something_says_so(desks: Services, seller: FlaskClient) -> None:
    before = fields(seller.get(SALE).text, SALE)
    save(seller, **{"0-gone": "1"})
    answer = seller.post(SALE, data=before)
    assert answer.status_code == 422
    assert "Somebody else has changed this" in answer.text


def test_a_form_made_before_somebody_added_something_keeps_it(desks: Services, seller: FlaskClient) -> None:
    before = fields(seller.get(SALE).text, SALE)
    add(seller, **TEAHOUSE)
    answer = seller.post(SALE, data={**before, "0-0-0-price": "7"})
    assert answer.status_code == 422  # both changed what is sold: the other's words are shown beside one's own
    assert "午间茶座" in answer.text
    publish(desks, seller)
    assert {terms.id for terms in on_sale(desks)} == {PRODUCT, "wheel"}


def test_names_are_translated_beside_their_source_and_a_renamed_one_is_out_of_date(
    desks: Services, seller: FlaskClient, browse: Browse
) -> None:
    make(desks, "translator@example.com", Role.TRANSLATOR, scope="en")
    translator = browse()
    sign_in(translator, "translator@example.com")
    texts = f"{SALE}texts/en"
    assert save(seller, **{"0-name": "海河夜游"}).status_code == 303
    page = translator.get(texts)
    assert page.status_code == 200
    assert page.text.count("state-stale") == 1
    form = {**fields(page.text, texts), PRODUCT: "Hai River by night"}
    assert translator.post(texts, data=form).status_code == 303
    assert "state-stale" not in translator.get(texts).text
    publish(desks, seller)
    assert on_sale(desks)[0].names["en"] == "Hai River by night"
    save(seller, **{"0-name": "海河夜间游", "minor": "1"})
    assert "state-stale" not in translator.get(texts).text
    save(seller, **{"0-name": "海河日出"})
    kept = {**fields(translator.get(texts).text, texts), f"keep-{PRODUCT}": "1"}
    translator.post(texts, data=kept)
    assert "state-stale" not in translator.get(texts).text
    assert translator.get(f"{SALE}texts/zh-Hans").status_code == 404
    assert translator.get(SALE).status_code == 404
    assert save(seller, **{"0-name": ""}).status_code == 422


def test_a_name_that_is_only_in_the_source_language_is_shown_to_every_reader(
    desks: Services, owner: FlaskClient, browse: Browse
) -> None:
    add(owner, **TEAHOUSE)
    publish(desks, owner)
    day = {"date": str(today(desks))}
    assert "午间茶座" in browse().get("/en/book/wheel/", query_string=day).text
    assert "午間茶座" in browse().get("/zh-hant/book/wheel/", query_string=day).text
