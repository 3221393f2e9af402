"""Ids for what is new on sale: none that anything had before, for bookings and partners go by them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import count

from sqlalchemy import select

from portal.bookings.tables import product_versions, products
from portal.database import Database

FIRST_OPTION = "DEFAULT"
"""What the only option of a product is called, as OCTO has it."""
LONGEST_PRODUCT = 70


def free_product_id(database: Database, wanted: str, besides: Collection[str]) -> str:
    """Return an id that no product has or had: the one wanted, or with a number behind it.

    :param besides: ids that are taken but not published yet.
    """
    short = wanted[:LONGEST_PRODUCT].rstrip("-")
    with database.read() as connection:
        known = set(connection.execute(select(products.c.id).where(products.c.id.startswith(short))).scalars())
    return first_free(short, known | set(besides))


def used_ids(database: Database, product_id: str) -> dict[str, set[str]]:
    """Return the ids of units that a product ever had, by the id of their option."""
    statement = select(product_versions.c.terms).where(product_versions.c.product_id == product_id)
    used: dict[str, set[str]] = {}
    with database.read() as connection:
        for terms in connection.execute(statement).scalars():
            for option in terms["options"]:
                used.setdefault(option["id"], set()).update(unit["id"] for unit in option["units"])
    return used


def first_free(wanted: str, taken: Collection[str]) -> str:
    """Return what is wanted, or with the first number behind it that is free, from 2 on."""
    return next(name for name in _names(wanted) if name not in taken)


def _names(wanted: str) -> Iterator[str]:
    yield wanted
    yield from (f"{wanted}-{number}" for number in count(2))
