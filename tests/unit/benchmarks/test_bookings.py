from __future__ import annotations

from benchmarks import bookings
from benchmarks.load import Load


def test_slots_are_local_starts_each_once_and_in_order() -> None:
    slots = bookings.slots_of(0, 1000)
    assert len(set(slots)) == 1000
    assert list(slots) == sorted(slots)
    assert [slot[10:] for slot in slots[:4]] == [f"T{start}:00+08:00" for start in bookings.STARTS]
    assert bookings.slots_of(1000, 1)[0] > slots[-1]


def test_the_ratio_is_the_median_of_the_rounds() -> None:
    rounds = [{"one hot slot": (Load(rate, 1, 2), 1000.0)} for rate in (300, 400, 900)]
    line = bookings.report(rounds)
    assert "over HTTP   400/s" in line
    assert "ratio 0.40 (0.30-0.90)" in line
