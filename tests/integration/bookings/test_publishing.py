from __future__ import annotations

from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import func, select

import portal.partners.tables
from portal.bookings import products
from portal.bookings.errors import CapacityBelowSold, InvalidProduct, ProductConflict
from portal.bookings.holds import reserve
from portal.bookings.model import PORTAL
from portal.bookings.products import Published, Supplier, get_product, publish
from portal.bookings.tables import product_versions
from portal.database import Database, metadata
from portal.partners.accounts import create_partner
from portal.partners.keys import authenticate, revoke_key
from portal.partners.model import Partner
from tests.integration.bookings.conftest import START, Time, order
from tests.unit.bookings.samples import cruise, wheel

CRUISE = "entertainment/haihe-cruise"


def versions(database: Database) -> int:
    with database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(product_versions)).scalar_one())


def test_the_migrations_make_exactly_the_declared_tables(database: Database) -> None:
    assert portal.partners.tables.partners.metadata is metadata
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_migrating_again_changes_nothing(shop: Database) -> None:
    shop.upgrade()
    assert versions(shop) == 2


def test_unchanged_terms_write_nothing_and_changed_ones_make_a_version(shop: Database) -> None:
    assert publish(shop, CRUISE, [cruise()], START) == Published()
    assert publish(shop, CRUISE, [cruise(capacity=90)], START) == Published(changed=("haihe-cruise-day",))
    assert (get_product(shop, "haihe-cruise-day").version, versions(shop)) == (2, 3)


def test_a_product_that_is_left_out_is_withdrawn_and_can_come_back(shop: Database) -> None:
    assert publish(shop, CRUISE, [], START) == Published(withdrawn=("haihe-cruise-day",))
    with pytest.raises(InvalidProduct):
        get_product(shop, "haihe-cruise-day")
    assert [product.terms.id for product in products.all_products(shop)] == ["tianjin-eye-ride"]
    assert publish(shop, CRUISE, [cruise()], START) == Published(changed=("haihe-cruise-day",))
    assert (get_product(shop, "haihe-cruise-day").version, versions(shop)) == (1, 2)


def test_a_capacity_below_what_is_sold_is_refused_and_nothing_else_is_published(shop: Database, time: Time) -> None:
    reserve(shop, time, PORTAL, order(5))
    night = cruise().model_copy(update={"id": "haihe-cruise-night"})
    with pytest.raises(CapacityBelowSold, match=r"capacity 4 is below the 5 places .* 2026-07-01T14:00:00\+08:00"):
        publish(shop, CRUISE, [night, cruise(capacity=4)], START)
    assert get_product(shop, "haihe-cruise-day").terms == cruise()
    with pytest.raises(InvalidProduct):
        get_product(shop, "haihe-cruise-night")
    publish(shop, CRUISE, [cruise(capacity=5)], START)
    time.passes(minutes=30)
    publish(shop, CRUISE, [cruise(capacity=4)], time.now)


def test_one_product_is_sold_by_one_listing(shop: Database) -> None:
    for listing, terms in [("dining/other", [wheel()]), (CRUISE, [cruise(), cruise(capacity=5)])]:
        with pytest.raises(ProductConflict):
            publish(shop, listing, terms, START)
    publish(shop, "attractions/tianjin-eye", [], START)
    assert publish(shop, "dining/other", [wheel()], START).changed == ("tianjin-eye-ride",)


def test_a_supplier_is_published_once_and_changed_in_place(database: Database) -> None:
    house: dict[str, Any] = {
        "id": "portal",
        "names": {"en": "Portal"},
        "contact": {"website": "https://portal.example"},
    }
    assert products.publish_supplier(database, Supplier(**house))
    assert not products.publish_supplier(database, Supplier(**house))
    assert products.publish_supplier(database, Supplier(**{**house, "names": {"en": "New name"}}))
    known = products.get_supplier(database, "portal")
    assert known is not None
    assert known.names == {"en": "New name"}


def test_a_key_opens_until_it_is_revoked_and_is_not_kept(database: Database) -> None:
    key = create_partner(database, "Ticket shop", supplier="boats-ltd", sandbox=True)
    assert key.startswith("test_")
    opened = authenticate(database, key)
    assert opened is not None
    assert opened.partner == Partner(1, "Ticket shop", "boats-ltd", approved=False)
    assert (opened.supplier, opened.sandbox) == ("boats-ltd", True)
    with database.read() as connection:
        assert key not in str(connection.execute(select(portal.partners.tables.partner_keys)).all())
    assert revoke_key(database, key)
    assert not revoke_key(database, key)
    for wrong in (key, "", "live_\0", "\ud800"):
        assert authenticate(database, wrong) is None


def test_a_partner_is_created_once_for_a_key_that_is_given(database: Database) -> None:
    key = create_partner(database, "Demo", key="live_demo")
    assert create_partner(database, "Demo", key=key) == key
    opened = authenticate(database, key)
    assert opened is not None
    assert (opened.partner, opened.sandbox) == (Partner(1, "Demo", approved=True), False)
