"""The datums of map makers: where a WGS-84 point lies on a Chinese map. Pure.

Maps of China have to use GCJ-02, which is shifted against WGS-84 by some hundred metres; Baidu shifts once more
(BD-09). Formulas: https://en.wikipedia.org/wiki/Restrictions_on_geographic_data_in_China. A test compares them with an
independent implementation (npm gcoord).
"""

from __future__ import annotations

from collections.abc import Callable
from math import atan2, cos, hypot, pi, radians, sin, sqrt

Point = tuple[float, float]
"""Latitude and longitude in degrees."""

SEMI_MAJOR_AXIS_M = 6378245.0
ECCENTRICITY_SQUARED = 0.00669342162296594323
"""The ellipsoid of Krasovsky 1940, which GCJ-02 shifts on."""
BAIDU_LAT, BAIDU_LON = 0.006, 0.0065


def gcj02(point: Point) -> Point:
    """Return a WGS-84 point in GCJ-02, the datum of Amap, of Tencent and of Apple in China; elsewhere unchanged."""
    lat, lon = point
    if not (0.8293 <= lat <= 55.8271 and 72.004 <= lon <= 137.8347):  # the box that maps use for China
        return point
    north, east = _shift_m(lat - 35.0, lon - 105.0)
    flattening = 1 - ECCENTRICITY_SQUARED * sin(radians(lat)) ** 2
    meridian_m = SEMI_MAJOR_AXIS_M * (1 - ECCENTRICITY_SQUARED) / (flattening * sqrt(flattening))
    parallel_m = SEMI_MAJOR_AXIS_M / sqrt(flattening) * cos(radians(lat))
    return lat + north * 180 / (meridian_m * pi), lon + east * 180 / (parallel_m * pi)


def bd09(point: Point) -> Point:
    """Return a WGS-84 point in BD-09, the datum of Baidu."""
    lat, lon = gcj02(point)
    distance = hypot(lon, lat) + 0.00002 * sin(lat * pi * 3000 / 180)
    angle = atan2(lat, lon) + 0.000003 * cos(lon * pi * 3000 / 180)
    return distance * sin(angle) + BAIDU_LAT, distance * cos(angle) + BAIDU_LON


def _shift_m(y: float, x: float) -> Point:
    """Return how far GCJ-02 lies to the north and to the east, in metres on its ellipsoid."""
    short = 20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    north += (short + _waves(y, (20, 1), (40, 3)) + _waves(y, (160, 12), (320, 30))) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    east += (short + _waves(x, (20, 1), (40, 3)) + _waves(x, (150, 12), (300, 30))) * 2 / 3
    return north, east


def _waves(value: float, *terms: tuple[float, float]) -> float:
    return sum(height * sin(value / length * pi) for height, length in terms)


def wgs84(point: Point, shift: Callable[[Point], Point]) -> Point:
    """Return the WGS-84 point that a datum's `shift` (`gcj02`, `bd09`) moves to `point`, to a centimetre."""
    lat, lon = point
    for _ in range(12):  # the shift hardly differs between neighbours, so each step leaves a hundredth of the error
        moved = shift((lat, lon))
        lat, lon = lat + point[0] - moved[0], lon + point[1] - moved[1]
    return lat, lon
