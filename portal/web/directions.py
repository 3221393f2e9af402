"""Links to a place in the map applications that visitors have, each in its own datum."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlencode

from portal.catalog.datum import Point, bd09, gcj02
from portal.catalog.schema import Location

EXACT_M = 300
"""Up to which precision a map is sent to the point; beyond, it is asked for the name around there."""
SOURCE = "charming-tianjin"


@dataclass(frozen=True)
class MapLink:
    """A map application and the address that opens it at a place."""

    name: str
    address: str


@lru_cache(maxsize=16_384)
def map_links(name: str, location: Location) -> tuple[MapLink, ...]:
    """Return where to ask for the way to a place.

    :param name: in the local language, which these maps know best.
    """
    wgs84 = (location.lat, location.lon)
    exact = location.precision_m <= EXACT_M
    return (
        _amap(name, gcj02(wgs84), exact=exact),
        _baidu(name, bd09(wgs84), exact=exact),
        _apple(name, gcj02(wgs84), exact=exact),
        _google(name, gcj02(wgs84), exact=exact),
        _openstreetmap(name, wgs84, exact=exact),
    )


def _amap(name: str, point: Point, *, exact: bool) -> MapLink:
    """https://lbs.amap.com/api/uri-api/summary: longitude first, `gaode` is GCJ-02."""
    lat, lon = _degrees(point)
    options = {"coordinate": "gaode", "callnative": "1", "src": SOURCE}
    if exact:
        return _link("Amap 高德地图", "https://uri.amap.com/navigation", {"to": f"{lon},{lat},{name}"} | options)
    return _link("Amap 高德地图", "https://uri.amap.com/search", {"keyword": name, "center": f"{lon},{lat}"} | options)


def _baidu(name: str, point: Point, *, exact: bool) -> MapLink:
    """https://lbsyun.baidu.com/faq/api?title=webapi/uri: `bd09ll` is BD-09 in degrees."""
    lat, lon = _degrees(point)
    options = {"coord_type": "bd09ll", "output": "html", "src": SOURCE}
    if exact:
        values = {"location": f"{lat},{lon}", "title": name, "content": name}
        return _link("Baidu 百度地图", "https://api.map.baidu.com/marker", values | options)
    values = {"query": name, "location": f"{lat},{lon}"}
    return _link("Baidu 百度地图", "https://api.map.baidu.com/place/search", values | options)


def _apple(name: str, point: Point, *, exact: bool) -> MapLink:
    """See Apple's URL Scheme Reference, Map Links; its map of China is in GCJ-02."""
    at = ",".join(_degrees(point))
    return _link("Apple Maps", "https://maps.apple.com/", {"daddr": at, "q": name} if exact else {"q": name, "sll": at})


def _google(name: str, point: Point, *, exact: bool) -> MapLink:
    """https://developers.google.com/maps/documentation/urls/get-started; its streets of China are in GCJ-02."""
    if exact:
        at = ",".join(_degrees(point))
        return _link("Google Maps", "https://www.google.com/maps/dir/", {"api": "1", "destination": at})
    return _link("Google Maps", "https://www.google.com/maps/search/", {"api": "1", "query": name})


def _openstreetmap(name: str, point: Point, *, exact: bool) -> MapLink:
    at = ",".join(_degrees(point))
    if exact:
        return _link("OpenStreetMap", "https://www.openstreetmap.org/directions", {"to": at})
    return _link("OpenStreetMap", "https://www.openstreetmap.org/search", {"query": name})


def _link(name: str, address: str, values: Mapping[str, str]) -> MapLink:
    return MapLink(name, f"{address}?{urlencode(values)}")


def _degrees(point: Point) -> tuple[str, str]:
    """Return latitude and longitude to a decimetre."""
    return f"{point[0]:.6f}", f"{point[1]:.6f}"
