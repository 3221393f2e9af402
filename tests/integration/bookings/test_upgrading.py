"""A portal that sold before partners had keys of several kinds is brought up to this version, rows and all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from portal.bookings import changes, holds, queries
from portal.bookings.errors import SoldOut
from portal.bookings.model import Contact, Order, Seller, State, Ticket
from portal.bookings.products import get_product, publish
from portal.bookings.tables import bookings, product_versions, slots, unit_items
from portal.database import Database, UtcDateTime
from portal.partners import keys
from portal.partners.model import KeyWish, NotApproved, Scope
from portal.partners.tables import partner_keys
from tests.unit.bookings.samples import cruise

NOW = datetime(2026, 7, 1, tzinfo=UTC)
STARTS = datetime(2026, 7, 1, 6, tzinfo=UTC)
SLOT = "2026-07-01T14:00:00+08:00"
TERMS = cruise(capacity=4)
AGENCY, SANDBOX, BOATS = 1, 2, 3
PARTNERS = sa.table(
    "partners",
    *(sa.column(name) for name in ("name", "supplier")),
    sa.column("sandbox", sa.Boolean()),
    sa.column("created_at", UtcDateTime()),
)
PRODUCTS = sa.table(
    "products", *(sa.column(name) for name in ("id", "listing", "supplier", "version")), sa.column("terms", sa.JSON())
)


def clock() -> datetime:
    return NOW


@pytest.fixture
def upgraded(database_at: Callable[[str], Database]) -> Database:
    old = database_at("0006")
    with old.write() as connection:
        _partners(connection)
        _sales(connection)
    old.upgrade()
    return old


def _partners(connection: sa.Connection) -> None:
    known = ((AGENCY, "Agency", None, False), (SANDBOX, "Trying", None, True), (BOATS, "Boats", "boats", False))
    for _number, name, supplier, sandbox in known:  # numbered by the database, in this order
        row = {"name": name, "supplier": supplier, "sandbox": sandbox, "created_at": NOW}
        connection.execute(PARTNERS.insert().values(row))
    for number, key, revoked in (
        (AGENCY, "one", None),
        (AGENCY, "two", None),
        (AGENCY, "lost", NOW),
        (SANDBOX, "try", None),
        (BOATS, "boat", None),
    ):
        row = {"partner_id": number, "digest": keys.digest(key), "created_at": NOW, "revoked_at": revoked}
        connection.execute(partner_keys.insert().values(row))


def _sales(connection: sa.Connection) -> None:
    terms = TERMS.model_dump(mode="json", by_alias=True)
    product = {"id": TERMS.id, "listing": "entertainment/haihe-cruise", "supplier": "portal"}
    connection.execute(PRODUCTS.insert().values(**product, version=1, terms=terms))
    version = {"product_id": TERMS.id, "version": 1, "terms": terms, "published_at": NOW}
    connection.execute(product_versions.insert().values(version))
    start = {"product_id": TERMS.id, "option_id": "DEFAULT", "starts_at": STARTS}
    connection.execute(slots.insert().values(**start, local_date=STARTS.date()))
    for number, (partner, state, test) in enumerate(
        ((AGENCY, State.CONFIRMED, False), (None, State.ON_HOLD, False), (SANDBOX, State.CONFIRMED, True)), 1
    ):
        connection.execute(bookings.insert().values(_booking(number, partner, state, test=test)))
        ticket = {"booking_id": number, "position": 0, "uuid": uuid4(), "unit_id": "adult", "places": 1}
        connection.execute(unit_items.insert().values(**ticket, price=10000, contact=asdict(Contact())))


def _booking(number: int, partner: int | None, state: State, *, test: bool) -> dict[str, Any]:
    return {
        "uuid": UUID(int=number),
        "partner_id": partner,
        "fingerprint": "of then",
        "reference": f"AAAA{number + 1}-BBBBB",
        "product_id": TERMS.id,
        "product_version": 1,
        "option_id": "DEFAULT",
        "slot_id": 1,
        "starts_at": STARTS,
        "ends_at": STARTS + timedelta(minutes=50),
        "status": state,
        "test_mode": test,
        "places": 1,
        "total": 10000,
        "contact": asdict(Contact(full_name="Li Na")),
        "created_at": NOW,
        "updated_at": NOW,
        "expires_at": NOW + timedelta(minutes=30),
        "confirmed_at": NOW if state is State.CONFIRMED else None,
    }


def test_keys_open_what_they_opened_and_more_are_made(upgraded: Database) -> None:
    found = {key: keys.authenticate(upgraded, key) for key in ("one", "two", "lost", "try", "boat", "none")}
    opened = {
        key: (one.partner.id, one.partner.supplier, one.sandbox, one.scope, one.supplier)
        for key, one in found.items()
        if one is not None
    }
    assert opened == {
        "one": (AGENCY, None, False, Scope.BOOK, None),
        "two": (AGENCY, None, False, Scope.BOOK, None),
        "try": (SANDBOX, None, True, Scope.BOOK, None),
        "boat": (BOATS, "boats", False, Scope.BOOK, "boats"),
    }
    agency, trying = found["one"], found["try"]
    assert agency is not None
    assert trying is not None
    assert (agency.partner.approved, trying.partner.approved, agency.partner.limit) == (True, False, None)
    live = keys.authenticate(upgraded, keys.make(upgraded, agency.partner, KeyWish("new", scope=Scope.READ), NOW))
    assert live is not None
    assert (live.sandbox, live.scope) == (False, Scope.READ)
    with pytest.raises(NotApproved):
        keys.make(upgraded, trying.partner, KeyWish("live"), NOW)


def test_what_was_sold_stays_sold_and_can_be_gone_on_with(upgraded: Database) -> None:
    sold = queries.get_booking(upgraded, clock, Seller(AGENCY), UUID(int=1))
    assert (sold.state, sold.contact.full_name, sold.tickets[0].redeemed_at) == (State.CONFIRMED, "Li Na", None)
    assert (sold.slot.vacancies, sold.total) == (2, 10000)
    confirmed = changes.confirm(upgraded, clock, Seller(), UUID(int=2))
    assert confirmed.state is State.CONFIRMED
    assert changes.cancel(upgraded, clock, Seller(AGENCY), UUID(int=1)).state is State.CANCELLED
    order = Order(uuid4(), TERMS.id, "DEFAULT", SLOT, (Ticket("adult"),) * 3)
    assert holds.reserve(upgraded, clock, Seller(BOATS), order).state is State.ON_HOLD
    with pytest.raises(SoldOut):
        holds.reserve(upgraded, clock, Seller(), Order(uuid4(), TERMS.id, "DEFAULT", SLOT, (Ticket("adult"),)))
    assert queries.get_booking(upgraded, clock, Seller(SANDBOX, test=True, confined=True), UUID(int=3)).test


def test_products_are_on_sale_and_published_anew(upgraded: Database) -> None:
    assert get_product(upgraded, TERMS.id).version == 1
    assert publish(upgraded, "entertainment/haihe-cruise", [cruise(capacity=5)], NOW).changed == (TERMS.id,)
    assert get_product(upgraded, TERMS.id).terms.options[0].capacity == 5
