"""Holding places in bare psycopg: the transaction without which places are sold twice, and nothing around it.

Lock the slot, count what is taken, insert the booking and its ticket, commit. On the portal's own tables, so that
indexes and foreign keys cost the same; from as many connections as the portal's workers have threads.
"""

from __future__ import annotations

import multiprocessing
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from uuid import uuid4

import psycopg
from psycopg.types.json import Json

PROCESSES = 2
THREADS = 4
PRODUCT, OPTION, UNIT = "haihe-cruise-day", "DEFAULT", "adult"
CAPACITY = 100_000

LOCK = "SELECT id FROM slots WHERE product_id = %s AND option_id = %s AND starts_at = %s FOR UPDATE"
TAKEN = """
SELECT coalesce(sum(places), 0) FROM bookings
WHERE slot_id = %s AND NOT test_mode
AND (status IN ('CONFIRMED', 'REDEEMED') OR (status = 'ON_HOLD' AND expires_at > now()))
"""
BOOK = """
INSERT INTO bookings (uuid, partner_id, fingerprint, reference, product_id, product_version, option_id, slot_id,
  starts_at, ends_at, status, test_mode, places, total, contact, created_at, updated_at, expires_at)
VALUES (%(uuid)s, 1, %(fingerprint)s, %(reference)s, %(product)s, 1, %(option)s, %(slot)s, %(starts_at)s,
  %(starts_at)s, 'ON_HOLD', false, 1, 10000, %(contact)s, now(), now(), now() + interval '30 minutes')
RETURNING id
"""
TICKET = """
INSERT INTO unit_items (booking_id, position, uuid, unit_id, places, price, contact)
VALUES (%s, 0, %s, %s, 1, 10000, %s)
"""


@dataclass(frozen=True)
class Share:
    """What one process does: book the slots in turn, by their starts, for so long."""

    url: str
    starts: tuple[str, ...]
    seconds: float


def per_second(url: str, starts: tuple[str, ...], seconds: float) -> float:
    """Return how many bookings a second all connections made together.

    :param url: as psycopg takes it.
    """
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        return sum(pool.map(_process, [Share(url, starts, seconds)] * PROCESSES))


def _process(share: Share) -> float:
    with ThreadPoolExecutor(THREADS) as threads:
        return sum(threads.map(_connection, [share] * THREADS))


def _connection(share: Share) -> float:
    with psycopg.connect(share.url) as connection:
        book(connection, share.starts[0])  # as a warm worker has: connected, statements prepared
        began = time.monotonic()
        for done in count(1):
            book(connection, share.starts[done % len(share.starts)])
            if time.monotonic() - began >= share.seconds:
                return done / (time.monotonic() - began)
    raise AssertionError("counting has no end")


def book(connection: psycopg.Connection, start: str) -> None:
    """Hold a place in the slot that starts then."""
    with connection.transaction(), connection.cursor() as cursor:
        slot = cursor.execute(LOCK, (PRODUCT, OPTION, start)).fetchone()[0]  # type: ignore[index]
        if cursor.execute(TAKEN, (slot,)).fetchone()[0] >= CAPACITY:  # type: ignore[index]
            raise RuntimeError("sold out")
        uuid = uuid4()
        values = {"uuid": uuid, "fingerprint": uuid.hex * 2, "reference": uuid.hex[:20], "contact": Json({})}
        cursor.execute(BOOK, values | {"product": PRODUCT, "option": OPTION, "slot": slot, "starts_at": start})
        booking = cursor.fetchone()[0]  # type: ignore[index]
        cursor.execute(TICKET, (booking, uuid4(), UNIT, Json({})))
