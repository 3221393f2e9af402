"""A business edits prices and places in the listing's editor; what is published is on sale."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from portal.accounts.model import Role
from portal.bookings import holds
from portal.bookings.model import PORTAL, Order, Ticket
from portal.bookings.products import get_product
from portal.bookings.queries import Wish, availability
from portal.bookings.terms import OptionTerms
from portal.editing import disk, document
from portal.services import Services
from tests.unit.bookings.samples import cruise, product
from tests.web.desk import fields, make, sign_in
from tests.web.pages import today

Browse = Callable[[], FlaskClient]
WHEEL = "attractions/wheel"
DESK = f"/en/business/listings/{WHEEL}"
SALE = f"{DESK}/sale/"
PRODUCT = "haihe-cruise-day"


def put(desks: Services, *terms: Any) -> None:
    """Write what the wheel sells into its listing.yaml, and take it in."""
    plain = [one.model_dump(mode="json", by_alias=True, exclude_defaults=True) for one in terms]
    texts = document.write(disk.read(desks.settings.content, WHEEL), {"facts/booking": plain}, "zh-Hans")
    disk.write(desks.settings.content, WHEEL, "listing.yaml", texts["listing.yaml"])
    desks.intake().refresh()


@pytest.fixture
def owner(desks: Services, browse: Browse) -> FlaskClient:
    make(desks, "owner@example.com", Role.OWNER, WHEEL, trusted=True)
    put(desks, cruise(closures=[{"from": "12-24", "to": "12-26"}]))
    client = browse()
    sign_in(client, "owner@example.com")
    return client


def save(owner: FlaskClient, **values: Any) -> Any:
    form = fields(owner.get(SALE).text.replace('method="post">', f'method="post" action="{SALE}">'), SALE)
    return owner.post(SALE, data={**form, **values})


def publish(desks: Services, owner: FlaskClient) -> Any:
    answer = owner.post(f"{DESK}/send", data=fields(owner.get(f"{DESK}/").text, f"{DESK}/send"))
    desks.intake().refresh()
    return answer


def option(desks: Services) -> OptionTerms:
    return get_product(desks.database, PRODUCT).terms.options[0]


def test_a_price_and_places_are_changed_and_go_on_sale_when_published(desks: Services, owner: FlaskClient) -> None:
    page = owner.get(SALE).text
    assert 'name="0-0-0-price"' in page
    assert 'value="100.00"' in page
    sent = {"0-0-0-price": "120,50", "0-0-capacity": "80", "0-0-start_times": "9:30、14:00"}
    assert save(owner, **sent, **{"0-0-weekdays": ["mo", "su"]}).status_code == 303
    assert option(desks).units[0].price == 10000
    assert publish(desks, owner).status_code == 303
    on_sale = option(desks)
    assert (on_sale.units[0].price, on_sale.capacity, on_sale.start_times) == (12050, 80, ["09:30", "14:00"])
    assert on_sale.weekdays == ["mo", "su"]
    assert [(one.first, one.last) for one in on_sale.closures] == [("12-24", "12-26")]


def test_a_form_sent_as_it_is_shown_changes_nothing(desks: Services, owner: FlaskClient) -> None:
    before = disk.read(desks.settings.content, WHEEL)
    assert save(owner).status_code == 303
    assert "Nothing has been changed." in owner.post(f"{DESK}/send", data={**csrf(owner), "version": "0"}).text
    assert disk.read(desks.settings.content, WHEEL) == before


def csrf(owner: FlaskClient) -> dict[str, str]:
    form = fields(owner.get(SALE).text.replace('method="post">', f'method="post" action="{SALE}">'), SALE)
    return {"csrf_token": form["csrf_token"]}


def test_seasons_and_closures_are_added(desks: Services, owner: FlaskClient) -> None:
    season = {"0-0-season-0-from": "05-01", "0-0-season-0-to": "10-31", "0-0-season-0-capacity": "60"}
    assert save(owner, **season, **{"0-0-closure-1-from": "2027-02-06"}).status_code == 303
    publish(desks, owner)
    on_sale = option(desks)
    assert [(one.first, one.last, one.capacity) for one in on_sale.seasons] == [("05-01", "10-31", 60)]
    assert [(one.first, one.last) for one in on_sale.closures] == [("12-24", "12-26"), ("2027-02-06", "2027-02-06")]


def test_a_cut_below_what_is_sold_is_refused_with_the_number(desks: Services, owner: FlaskClient) -> None:
    day = today(desks)
    slots = availability(desks.database, desks.clock, Wish(PRODUCT, "DEFAULT"), day, day + timedelta(days=9))
    free = next(slot for slot in slots if slot.available)
    wanted = Order(uuid4(), PRODUCT, "DEFAULT", free.id, (Ticket("adult"),) * 3)
    holds.reserve(desks.database, desks.clock, PORTAL, wanted)
    refused = save(owner, **{"0-0-capacity": "2"})
    assert refused.status_code == 422
    assert "3 places are sold or held already" in refused.text
    assert save(owner, **{"0-0-capacity": "3"}).status_code == 303
    more = Order(uuid4(), PRODUCT, "DEFAULT", free.id, (Ticket("adult"),))
    holds.reserve(desks.database, desks.clock, PORTAL, more)  # sold between saving and publishing
    assert publish(desks, owner).status_code == 422
    assert "below the 4 places sold or held" in owner.get(f"{DESK}/").text
    assert option(desks).capacity == 120


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("0-0-0-price", "a lot"),
        ("0-0-0-price", "1.005"),
        ("0-0-0-price", "-1"),
        ("0-0-capacity", "many"),
        ("0-0-capacity", "0"),
        ("0-0-capacity", ""),
        ("0-0-start_times", "25:00"),
        ("0-0-closure-0-from", "02-30"),
        ("0-0-weekdays", []),
    ],
)
def test_what_cannot_be_is_named_and_changes_nothing(owner: FlaskClient, field: str, value: Any) -> None:
    answer = save(owner, **{field: value})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert "Draft" not in owner.get(f"{DESK}/").text


def test_a_listing_that_sells_nothing_has_no_such_page(desks: Services, owner: FlaskClient) -> None:
    make(desks, "other@example.com", Role.OWNER, "dining/dumplings")
    assert owner.get("/en/business/listings/dining/dumplings/sale/").status_code == 404
    put(desks, product(cruise(), freesale=True, options=[{**_plain(), "capacity": None}]))
    assert "-capacity" not in owner.get(SALE).text


def _plain() -> dict[str, Any]:
    return cruise().options[0].model_dump(mode="json", by_alias=True, exclude_none=True)
