"""Distances on the Earth, in metres."""

from __future__ import annotations

import math
from typing import NamedTuple

EARTH_RADIUS_M = 6_371_008.7714
"""The mean radius that Elasticsearch computes with, so that both engines draw the same circle."""


STEPS = 6
"""Into how many bands each quarter of a circle is divided; with six, a sixth of what lies in it is near its edge."""
MARGIN = 1e-6
"""How much of a length rounding errors may take, and more."""
HIGHEST = 80.0
"""Degrees of latitude beyond which a circle is too much out of shape."""


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


class Cover(NamedTuple):
    """A circle told by boxes: what lies in one of `inside` is in it, what lies in none of `around` is not."""

    inside: tuple[Box, ...]
    around: tuple[Box, ...]


def cover(lat: float, lon: float, radius_m: float) -> Cover:
    """Return boxes for a circle; nothing is told to be inside near a pole or the date line."""
    whole = around(lat, lon, radius_m)
    if whole.east - whole.west == 360 or max(abs(whole.south), abs(whole.north)) > HIGHEST:
        return Cover((), (whole,))
    reach = math.degrees(radius_m / EARTH_RADIUS_M)
    heights = [reach * math.sin(math.pi / 2 * step / STEPS) for step in range(STEPS + 1)]
    widths = [_half_widths(lat, height, radius_m) for height in heights]
    inside = [_box(lat, lon, height, min(wide), -MARGIN) for height, wide in zip(heights, widths, strict=True)]
    outside = [
        _box(lat, lon, height, max(wide), MARGIN) for height, wide in zip(heights[2:], widths[1:-1], strict=True)
    ]
    first = Box(lat - heights[1] * (1 + MARGIN), lat + heights[1] * (1 + MARGIN), whole.west, whole.east)
    return Cover(tuple(inside[1:-1]), (first, *outside))


def _half_widths(lat: float, height: float, radius_m: float) -> tuple[float, float]:
    """Return how far a circle goes east so many degrees north and south of its centre, in degrees."""
    left = math.sin(radius_m / EARTH_RADIUS_M / 2) ** 2 - math.sin(math.radians(height) / 2) ** 2

    def half(other: float) -> float:
        square = max(0.0, left) / (math.cos(math.radians(lat)) * math.cos(math.radians(other)))
        return 2 * math.degrees(math.asin(min(1.0, math.sqrt(square))))

    return half(lat + height), half(lat - height)


def _box(lat: float, lon: float, height: float, width: float, margin: float) -> Box:
    height, width = height * (1 + margin), width * (1 + margin)
    return Box(lat - height, lat + height, lon - width, lon + width)
