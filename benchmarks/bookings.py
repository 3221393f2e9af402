"""Bookings a second over HTTP, beside the same transaction in bare psycopg on the same PostgreSQL.

A booking is one `POST /octo/bookings` that is answered with a hold: authenticated, checked, counted under the slot's
lock, committed durably and told in full, by two gunicorn workers.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median

import psycopg

from benchmarks import bare_bookings, load
from benchmarks.bare_bookings import CAPACITY, OPTION, PRODUCT
from benchmarks.load import Load, Target
from benchmarks.servers import Site, gunicorn, prepare, site
from tools.console import ToolError, say
from tools.postgresql import throwaway

ROUNDS = 7
SECONDS = 5
WARM_UP_SECONDS = 3
CONNECTIONS = 16
STARTS = ("10:00", "14:00", "16:00", "19:30")
ZONE = "+08:00"
SCRIPT = Path(__file__).with_name("bookings.lua")
FACTS = "entertainment/haihe-cruise/listing.yaml"


def measure() -> str:
    """Measure both sides in turn, so that what else the machine does meets them alike."""
    with site() as bare_site, throwaway() as url:
        portal = replace(bare_site, database_url=url)
        _make_room(portal)
        prepare(portal)
        address = url.replace("+psycopg", "")
        with psycopg.connect(address) as connection:
            settings = _durable(connection)
            _add_slots(connection)
        with gunicorn("wsgi:app", portal.port, portal.environ):
            _over_http(portal, slots_of(0, 1000), WARM_UP_SECONDS)
            rounds = [_round(portal, address, number) for number in range(ROUNDS)]
        with psycopg.connect(address) as connection:
            _check(connection, rounds)
    return f"{settings}\n{report(rounds)}"


def slots_of(first: int, number: int) -> tuple[str, ...]:
    """Return the ids of slots, which are their local starts, leaving out the `first` ones from two days ahead."""
    soon = datetime.now(UTC).date() + timedelta(days=2)
    return tuple(_start(soon, n) for n in range(first, first + number))


def _start(soon: date, number: int) -> str:
    day, start = divmod(number, len(STARTS))
    return f"{soon + timedelta(days=day)}T{STARTS[start]}:00{ZONE}"


Round = dict[str, tuple[Load, float]]
"""By case: what the portal did, and the bare transactions a second."""


def _round(portal: Site, address: str, number: int) -> Round:
    """Measure every case on both sides; a hot slot is a fresh one each time, as counting gets slower as it fills."""
    hot = [slots_of(1000 + 2 * number + side, 1) for side in (0, 1)]
    thousand = slots_of(0, 1000)
    results = {
        "one hot slot": (_over_http(portal, hot[0], SECONDS), bare_bookings.per_second(address, hot[1], SECONDS)),
        "a thousand slots": (
            _over_http(portal, thousand, SECONDS),
            bare_bookings.per_second(address, thousand, SECONDS),
        ),
    }
    say(
        "  " + ", ".join(f"{case}: {ours.requests_per_second:.0f}/{bare:.0f}" for case, (ours, bare) in results.items())
    )
    return results


def _over_http(portal: Site, slots: tuple[str, ...], seconds: int) -> Load:
    file = portal.folder / "slots"
    file.write_text("\n".join(slots))
    key = (portal.folder / "state" / "demo-partner-key").read_text().strip()
    target = Target(portal.port, "/octo/bookings", script=SCRIPT, arguments=(key, str(file)), connections=CONNECTIONS)
    return load.generate(target, seconds=seconds)


def report(rounds: list[Round]) -> str:
    """Return the table of medians; the ratio is the median of the rounds' ratios."""
    return "\n".join(_row(case, [results[case] for results in rounds]) for case in rounds[0])


def _row(case: str, results: list[tuple[Load, float]]) -> str:
    ratios = [ours.requests_per_second / bare for ours, bare in results]
    ours, bare = median(one.requests_per_second for one, _ in results), median(bare for _, bare in results)
    p50, p99 = median(one.p50_ms for one, _ in results), median(one.p99_ms for one, _ in results)
    return (
        f"{case:16}  over HTTP {ours:5.0f}/s  bare psycopg {bare:5.0f}/s  ratio {median(ratios):.2f} "
        f"({min(ratios):.2f}-{max(ratios):.2f})  p50 {p50:.1f} ms  p99 {p99:.1f} ms"
    )


def _make_room(portal: Site) -> None:
    """Give the cruise as many places as terms can have, every day of the week."""
    facts = portal.content / FACTS
    kept = [
        line for line in facts.read_text().splitlines() if "exceptions:" not in line and "weekdays: [we]" not in line
    ]
    facts.write_text("\n".join(kept).replace("capacity: 120", f"capacity: {CAPACITY}") + "\n")


def _add_slots(connection: psycopg.Connection) -> None:
    """Add the rows of all slots, which a first booking would."""
    for slot in slots_of(0, 1000 + 2 * ROUNDS):
        values = (PRODUCT, OPTION, slot, slot[:10])
        connection.execute(
            "INSERT INTO slots (product_id, option_id, starts_at, local_date) VALUES (%s, %s, %s, %s)", values
        )


def _durable(connection: psycopg.Connection) -> str:
    """Return what PostgreSQL says about commits.

    :raises ToolError: when they are not durable; then the figures would say nothing.
    """
    found = {}
    for name in ("fsync", "synchronous_commit"):
        row = connection.execute(f"SHOW {name}").fetchone()
        found[name] = row[0] if row else ""
    if set(found.values()) != {"on"}:
        raise ToolError(f"Commits are not durable: {found}")
    return ", ".join(f"{name} {value}" for name, value in found.items())


def _check(connection: psycopg.Connection, rounds: list[Round]) -> None:
    """Make sure that whatever was answered with a booking is one.

    :raises ToolError: when some are missing.
    """
    acknowledged = sum(ours.requests_per_second * SECONDS for results in rounds for ours, _ in results.values())
    row = connection.execute("SELECT count(*) FROM bookings WHERE length(fingerprint) = 64").fetchone()
    if row is None or row[0] < acknowledged * 0.95:
        raise ToolError(f"{acknowledged:.0f} bookings were acknowledged, {row} are there")
