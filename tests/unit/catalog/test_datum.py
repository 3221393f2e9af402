"""Datums against npm gcoord 1.0.7, an independent implementation: data/datums.json holds what it answered."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from portal.catalog.datum import bd09, gcj02, wgs84
from search.geo import distance_m

POINTS = json.loads((Path(__file__).parent / "data" / "datums.json").read_text())
TIANJIN = [point for point in POINTS if 38 < point["wgs84"][0] < 41 and 116 < point["wgs84"][1] < 119]


@pytest.mark.parametrize(("datum", "convert"), [("gcj02", gcj02), ("bd09", bd09)])
def test_it_agrees_with_an_independent_implementation(datum: str, convert: object) -> None:
    assert callable(convert)
    away = [distance_m(convert(tuple(point["wgs84"])), tuple(point[datum])) for point in POINTS]
    assert max(away) < 0.01


def test_the_datums_lie_hundreds_of_metres_apart_in_tianjin() -> None:
    """The reason for all this: a pin in the wrong datum is in the wrong street."""
    assert len(TIANJIN) > 100
    for point in TIANJIN:
        wgs84 = tuple(point["wgs84"])
        assert 400 < distance_m(wgs84, gcj02(wgs84)) < 800
        assert 900 < distance_m(wgs84, bd09(wgs84)) < 1900


def test_outside_china_nothing_is_shifted() -> None:
    assert gcj02((48.8584, 2.2945)) == (48.8584, 2.2945)


def test_a_point_taken_from_a_chinese_map_comes_back_to_wgs84() -> None:
    for shift in (gcj02, bd09):
        there = wgs84(shift((39.153, 117.18)), shift)
        assert there == pytest.approx((39.153, 117.18), abs=1e-7)
