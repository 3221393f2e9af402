"""Versions of products' terms, kept in memory once read: they never change, and reading them takes longest of all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, select, tuple_
from sqlalchemy.pool import Pool

from portal.bookings.tables import product_versions
from portal.bookings.terms import ProductTerms

Version = tuple[str, int]
"""A product's id and the number of its version."""
MOST = 5_000
"""How many versions are kept in memory; when there are more, all are read anew."""

_kept: WeakKeyDictionary[Pool, dict[Version, ProductTerms]] = WeakKeyDictionary()  # one mapping a database


def terms_of(connection: Connection, product_id: str, version: int) -> ProductTerms:
    """Return the terms of a version that is there and was committed."""
    key = (product_id, version)
    return all_terms(connection, [key])[key]


def all_terms(connection: Connection, wanted: Iterable[Version]) -> Mapping[Version, ProductTerms]:
    """Return the terms of versions, and maybe of others."""
    kept = _kept.setdefault(connection.engine.pool, {})
    missing = {key for key in wanted if key not in kept}
    if not missing:
        return kept
    if len(kept) > MOST:
        kept = _kept[connection.engine.pool] = {}
    number = tuple_(product_versions.c.product_id, product_versions.c.version)
    for row in connection.execute(select(product_versions).where(number.in_(missing))):
        kept[row.product_id, row.version] = ProductTerms.model_validate(row.terms)
    return kept
