"""Distances and boxes."""

import math
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.geo import EARTH_RADIUS_M, HIGHEST, Box, around, cover, distance_m

LAT = st.floats(-90, 90)
LON = st.floats(-180, 180)


def _holds(box: Box, point: tuple[float, float]) -> bool:
    return box.south <= point[0] <= box.north and box.west <= point[1] <= box.east


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


@given(
    center=st.tuples(st.floats(-HIGHEST, HIGHEST), LON),
    radius_m=st.floats(1, 500_000),
    angle=st.floats(0, 2 * math.pi),
    share=st.floats(0.5, 1.5) | st.floats(0.99, 1.01),
)
def test_the_boxes_of_a_circle_tell_what_is_in_it(
    center: tuple[float, float], radius_m: float, angle: float, share: float
) -> None:
    reach = math.degrees(radius_m * share / EARTH_RADIUS_M)
    other = (
        center[0] + reach * math.sin(angle),
        center[1] + reach * math.cos(angle) / math.cos(math.radians(center[0])),
    )
    inside, outside = cover(*center, radius_m)

    away = distance_m(center, other)
    assert away <= radius_m or not any(_holds(box, other) for box in inside)
    if away <= radius_m and abs(other[0]) <= 90 and abs(other[1]) <= 180:
        assert any(_holds(box, other) for box in outside)


def test_most_of_a_circle_needs_no_distances() -> None:
    random = Random(1)
    inside, outside = cover(39, 117, 5_000)
    points = [(39 + random.uniform(-0.05, 0.05), 117 + random.uniform(-0.06, 0.06)) for _ in range(5_000)]
    sure = [point for point in points if any(_holds(box, point) for box in inside)]
    near = [point for point in points if any(_holds(box, point) for box in outside)]
    assert len(near) - len(sure) < 0.25 * sum(distance_m((39, 117), point) <= 5_000 for point in points)


def test_near_a_pole_and_the_date_line_all_distances_are_computed() -> None:
    assert cover(89.9, 0, 5_000).inside == cover(39, 179.999, 5_000).inside == ()
