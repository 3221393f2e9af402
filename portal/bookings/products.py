"""Products on sale: published from content into the database, read from there by everything that sells."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, select

from portal import prepared
from portal.bookings import overrides, resources, stock
from portal.bookings.availability import find_slot
from portal.bookings.errors import CapacityBelowSold, InvalidOption, InvalidProduct, ProductConflict
from portal.bookings.tables import product_versions, products, suppliers
from portal.bookings.terms import OptionTerms, ProductTerms
from portal.bookings.versions import all_terms
from portal.database import Database, insert_new
from portal.outbox import outbox
from portal.outbox.outbox import Event, Topic

SOLD = select(products.c.id, products.c.listing, products.c.supplier, products.c.version)
ONE = SOLD.where(products.c.id == bindparam("product_id"), products.c.withdrawn_at.is_(None))
ONE_LOCKED = ONE.with_for_update(read=True)

HOUSE = "portal"
"""The supplier of products whose terms name none: the portal itself."""


@dataclass(frozen=True, slots=True)
class Product:
    """A product on sale; `listing` is the page it belongs to, such as `attractions/tianjin-eye`."""

    terms: ProductTerms
    listing: str
    supplier: str
    version: int


@dataclass(frozen=True, slots=True)
class Supplier:
    """Who runs products. `contact` may hold website, email, telephone and address."""

    id: str
    names: Mapping[str, str]
    contact: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing changed, by product id."""

    changed: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()


def publish(database: Database, listing: str, terms: Sequence[ProductTerms], now: datetime) -> Published:
    """Make `terms` all that a listing sells: changed ones become a new version, others of the listing are withdrawn.

    Bookings keep the version they were made under. Terms that are on sale already write nothing.

    :raises CapacityBelowSold: a capacity falls below what is sold or held for a coming slot; nothing is published.
    :raises ProductConflict: an id is there twice, or another listing sells it.
    """
    wanted = {product.id: product for product in terms}
    if len(wanted) < len(terms):
        raise ProductConflict(f"{listing}: two products have the same id")
    with database.read() as connection:
        if _on_sale(connection, listing) == {name: _plain(product) for name, product in wanted.items()}:
            return Published()
    with database.write() as connection:
        return _publish_all(connection, listing, wanted, now)


def rehearse(database: Database, listing: str, terms: Sequence[ProductTerms], now: datetime) -> None:
    """Raise what `publish` would; change nothing."""

    class Rehearsed(Exception):
        pass

    wanted = {product.id: product for product in terms}
    try:
        with database.write() as connection:
            _publish_all(connection, listing, wanted, now)
            raise Rehearsed
    except Rehearsed:
        return


def _publish_all(connection: Connection, listing: str, wanted: Mapping[str, ProductTerms], now: datetime) -> Published:
    for product in wanted.values():
        resources.hold_strays(connection, product, _since(product, now))
    gone = sorted(_on_sale(connection, listing).keys() - wanted.keys())
    changed = [name for name in sorted(wanted) if _publish_one(connection, listing, wanted[name], now)]
    if gone:
        statement = products.update().where(products.c.id.in_(gone), products.c.listing == listing)
        connection.execute(statement.values(withdrawn_at=now))
    _tell(connection, changed, gone, now)
    return Published(tuple(changed), tuple(gone))


def _tell(connection: Connection, changed: Sequence[str], gone: Sequence[str], now: datetime) -> None:
    """Note for partners what changed in what they may sell."""
    if not (changed or gone) or not outbox.anybody_listens(connection, Topic.CATALOG):
        return
    types = {**dict.fromkeys(changed, "product.updated"), **dict.fromkeys(gone, "product.withdrawn")}
    for row in connection.execute(select(products.c.id, products.c.supplier).where(products.c.id.in_(types))):
        outbox.record(connection, Event(types[row.id], row.id, {"product": row.id}, supplier=row.supplier), now)


def publish_supplier(database: Database, supplier: Supplier) -> bool:
    """Make a supplier's names and contact known to partners; return whether anything changed."""
    values = {"names": dict(supplier.names), "contact": dict(supplier.contact)}
    known = get_supplier(database, supplier.id)
    if known is not None and {"names": known.names, "contact": known.contact} == values:
        return False
    with database.write() as connection:
        if insert_new(connection, suppliers, {"id": supplier.id, **values}) is None:
            connection.execute(suppliers.update().where(suppliers.c.id == supplier.id).values(values))
    return True


def get_supplier(database: Database, supplier_id: str) -> Supplier | None:
    """Return a supplier, when one of that id was published."""
    with database.read() as connection:
        row = connection.execute(select(suppliers).where(suppliers.c.id == supplier_id)).mappings().first()
    return None if row is None else Supplier(row["id"], row["names"], row["contact"])


def all_products(database: Database, supplier: str | None = None) -> list[Product]:
    """Return what is on sale, by id; only a supplier's where one is given."""
    with database.read() as connection:
        return every_product(connection, supplier)


def every_product(connection: Connection, supplier: str | None = None) -> list[Product]:
    """Return what is on sale, within a transaction. See `all_products`."""
    statement = SOLD.where(products.c.withdrawn_at.is_(None)).order_by(products.c.id)
    if supplier is not None:
        statement = statement.where(products.c.supplier == supplier)
    return _products(connection, connection.execute(statement).all())


def products_of(database: Database, listings: Collection[str]) -> list[Product]:
    """Return what listings sell, by listing and id."""
    with database.read() as connection:
        return on_sale_of(connection, listings)


def on_sale_of(connection: Connection, listings: Collection[str]) -> list[Product]:
    """Return what listings sell, by listing and id, within a transaction."""
    mine = SOLD.where(products.c.withdrawn_at.is_(None), products.c.listing.in_(listings))
    rows = connection.execute(mine.order_by(products.c.listing, products.c.id)).all()
    return _products(connection, rows)


def get_product(database: Database, product_id: str, supplier: str | None = None) -> Product:
    """Return a product on sale.

    :param supplier: the only supplier whose products count; None for every.
    :raises InvalidProduct: when there is none.
    """
    with database.read() as connection:
        return product_on_sale(connection, product_id, supplier)


def product_on_sale(
    connection: Connection, product_id: str, supplier: str | None = None, *, lock: bool = False
) -> Product:
    """Return a product on sale, within a transaction.

    :param lock: keep its terms from changing until the transaction ends, so that places are counted under them.
    :raises InvalidProduct: when there is none.
    """
    statement = ONE_LOCKED if lock else ONE
    # PostgreSQL takes no NUL in a text, and no id has one.
    rows = [] if "\0" in product_id else prepared.rows(connection, statement, {"product_id": product_id})
    found = _products(connection, rows)
    if not found or supplier not in {None, found[0].supplier}:
        raise InvalidProduct(f"there is no product {product_id!r}", product_id)
    return found[0]


def option_of(product: ProductTerms, option_id: str) -> OptionTerms:
    """Return an option of the product.

    :raises InvalidOption: when it has none of that id.
    """
    option = product.option(option_id)
    if option is None:
        raise InvalidOption(f"product {product.id} has no option {option_id!r}", option_id)
    return option


def stated_terms(connection: Connection, product_id: str) -> ProductTerms:
    """Return the terms of a product as content states them, within a transaction."""
    row = connection.execute(select(products.c.stated, products.c.terms).where(products.c.id == product_id)).one()
    return ProductTerms.model_validate(row.stated or row.terms)


def locked(connection: Connection, product_id: str) -> RowMapping:
    """Return the row of a product on sale; nobody sells or publishes it until the transaction ends.

    :raises InvalidProduct: when there is none.
    """
    statement = select(products).where(products.c.id == product_id, products.c.withdrawn_at.is_(None))
    row = connection.execute(statement.with_for_update()).mappings().first()
    if row is None:
        raise InvalidProduct(f"there is no product {product_id!r}", product_id)
    return row


def republish(connection: Connection, row: RowMapping, now: datetime) -> None:
    """Put a product, locked as `row`, on sale anew after something was decided about its days.

    :raises CapacityBelowSold: a capacity falls below what is sold or held for a coming slot.
    """
    stated = ProductTerms.model_validate(row["stated"] or row["terms"])
    if _put_on_sale(connection, row, row["listing"], stated, now):
        _tell(connection, [row["id"]], [], now)


def _publish_one(connection: Connection, listing: str, stated: ProductTerms, now: datetime) -> bool:
    """Return whether the product changed."""
    new = {"version": 0, "stated": _plain(stated), "terms": _plain(stated)}
    supplier = stated.supplier or HOUSE
    insert_new(connection, products, {"id": stated.id, "listing": listing, "supplier": supplier, **new})
    locked = select(products).where(products.c.id == stated.id).with_for_update()
    row = connection.execute(locked).mappings().one()
    if row["listing"] != listing and row["withdrawn_at"] is None:
        raise ProductConflict(f"{listing}: product {stated.id} is sold by {row['listing']}")
    return _put_on_sale(connection, row, listing, stated, now)


def _put_on_sale(connection: Connection, row: RowMapping, listing: str, stated: ProductTerms, now: datetime) -> bool:
    """Sell a product, locked as `row`, under the terms stated and what was decided; return whether that is a change."""
    terms = overrides.applied(stated, overrides.of_product(connection, stated.id))
    values: dict[str, Any] = {"listing": listing, "supplier": terms.supplier or HOUSE, "withdrawn_at": None}
    values |= {"stated": _plain(stated), "terms": _plain(terms)}
    version = row["version"]
    if version and all(row[name] == value for name, value in values.items()):
        return False
    resources.adopt(connection, terms, _since(terms, now))
    _check_capacity(connection, terms, now)
    if version == 0 or row["terms"] != values["terms"]:
        version += 1
        new = {"version": version, "terms": values["terms"], "published_at": now}
        connection.execute(product_versions.insert().values(product_id=terms.id, **new))
    connection.execute(products.update().where(products.c.id == terms.id).values(version=version, **values))
    return True


def _check_capacity(connection: Connection, terms: ProductTerms, now: datetime) -> None:
    for option in terms.options:
        for starts_at, sold in stock.sold_since(connection, terms, option, _since(terms, now), now).items():
            local = starts_at.astimezone(terms.zone)
            slot = find_slot(terms, option, local.isoformat(), {}, now)
            # What is off the plan now is sold no more; who booked it keeps the terms of then.
            if slot is not None and slot.capacity is not None and sold > slot.capacity:
                raise CapacityBelowSold(terms.id, option.id, slot.capacity, sold, local)


def _since(terms: ProductTerms, now: datetime) -> datetime:
    """Return the instant after which a slot that starts still counts: of opening hours, today goes on."""
    return now if terms.availability_type == "START_TIME" else now - timedelta(days=1)


def _on_sale(connection: Connection, listing: str) -> dict[str, dict[str, Any]]:
    statement = select(products.c.id, products.c.stated).where(
        products.c.listing == listing, products.c.withdrawn_at.is_(None)
    )
    return {row.id: row.stated for row in connection.execute(statement)}


def _plain(terms: ProductTerms) -> dict[str, Any]:
    return terms.model_dump(mode="json", by_alias=True)


def _products(connection: Connection, rows: Sequence[Any]) -> list[Product]:
    terms = all_terms(connection, [(row.id, row.version) for row in rows])
    return [Product(terms[row.id, row.version], row.listing, row.supplier, row.version) for row in rows]
