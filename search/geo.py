"""Distances on the Earth, in metres."""

from __future__ import annotations

import math
from typing import NamedTuple

EARTH_RADIUS_M = 6_371_008.7714
"""The mean radius that Elasticsearch computes with, so that both engines draw the same circle."""


class Box(NamedTuple):
    """Latitudes and longitudes in degrees, bounds included."""

    south: float
    north: float
    west: float
    east: float


def distance_m(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return the great-circle distance of two points, each latitude and longitude in degrees."""
    lat_a, lat_b = math.radians(a[0]), math.radians(b[0])
    half_lat = math.sin((lat_b - lat_a) / 2)
    half_lon = math.sin(math.radians(b[1] - a[1]) / 2)
    square = half_lat**2 + math.cos(lat_a) * math.cos(lat_b) * half_lon**2
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(square)))


def around(lat: float, lon: float, radius_m: float) -> Box:
    """Return a box that holds the whole circle; all longitudes where it touches a pole or the date line."""
    reach = math.degrees(radius_m / EARTH_RADIUS_M) * 1.0001  # never cut the circle by a rounding error
    south, north = lat - reach, lat + reach
    if south <= -90 or north >= 90:
        return Box(max(south, -90.0), min(north, 90.0), -180.0, 180.0)
    wide = math.degrees(math.asin(min(1.0, math.sin(math.radians(reach)) / math.cos(math.radians(lat)))))
    if lon - wide < -180 or lon + wide > 180:
        return Box(south, north, -180.0, 180.0)
    return Box(south, north, lon - wide, lon + wide)
