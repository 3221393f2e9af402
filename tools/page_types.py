"""One page or more of every type that visitors see: what the judges look at. Paths stand below the language."""

from __future__ import annotations

JUDGED_LANGUAGES = ("zh-hans", "en", "ar", "th")
"""By the prefix of their addresses: scripts that differ most, one of them from right to left."""

INDEXABLE = {
    "home": "",
    "list of attractions": "attractions/",
    "list of dining": "dining/",
    "list of entertainment": "entertainment/",
    "list of events": "events/",
    "list of itineraries": "itineraries/",
    "list of guides": "guides/",
    "place": "attractions/tianjin-eye/",
    "event": "events/dragon-boat-festival/",
    "itinerary": "itineraries/first-day/",
    "guide": "guides/words-to-know/",
    "districts": "districts/",
    "district": "districts/hebei/",
    "map": "map/",
}
"""Pages that search engines are to show."""

OTHERS = {
    "second page of a list": "attractions/?page=2",
    "filtered list": "attractions/?district=hebei&sort=nearest&near=39.1252,117.1951&open=now",
    "list narrowed to nothing": "dining/?district=hexi&tag=animals&bookable=1",
    "events of a theme": "events/?tag=traditional",
    "filtered map": "map/?kind=dining&district=heping",
    "place without a booking": "dining/kiessling/",
    "driver's card": "attractions/tianjin-eye/driver",
    "report form": "attractions/tianjin-eye/report",
    "report received": "attractions/tianjin-eye/report?sent=1",
    "search": "search?q=天津",
    "search without a result": "search?q=qqqqqqqq",
    "booking of a time": "book/haihe-cruise-day/",
    "booking of a day": "book/tianjin-eye-ride/",
    "booking of a far month": "book/mingliu-teahouse-seat/?month=2027-02&option=FRONT",
    "find my booking": "bookings/",
    "not found": "nothing-here",
    "bad parameter": "search?q=a&page=x",
}
"""Pages for the reader alone; their answer may be an error."""
