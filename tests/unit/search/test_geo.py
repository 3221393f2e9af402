"""Distances and boxes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.geo import Box, around, distance_m

LAT = st.floats(-90, 90)
LON = st.floats(-180, 180)


def test_a_degree_of_latitude_is_111_kilometres() -> None:
    assert distance_m((39, 117), (40, 117)) == pytest.approx(111_195, abs=1)
    assert distance_m((0, 179.5), (0, -179.5)) == pytest.approx(111_195, abs=1)
    assert distance_m((39, 117), (39, 117)) == 0


@given(center=st.tuples(LAT, LON), point=st.tuples(LAT, LON), radius_m=st.floats(1, 500_000))
def test_the_box_holds_the_whole_circle(
    center: tuple[float, float], point: tuple[float, float], radius_m: float
) -> None:
    if distance_m(center, point) <= radius_m:
        box = around(*center, radius_m)
        assert box.south <= point[0] <= box.north
        assert box.west <= point[1] <= box.east


@pytest.mark.parametrize(("lat", "lon"), [(90, 0), (-89.999, 10), (0, 180), (60, -179.999)])
def test_at_poles_and_date_line_all_longitudes_count(lat: float, lon: float) -> None:
    box = around(lat, lon, 1000)
    assert (box.west, box.east) == (-180, 180)


def test_elsewhere_the_box_is_tight() -> None:
    assert around(0, 0, 111_195) == pytest.approx(Box(-1, 1, -1, 1), abs=0.001)
