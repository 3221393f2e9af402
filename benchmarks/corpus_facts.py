"""The facts of made-up listings: every kind, opening hours of some hundred sorts, places around the real districts."""

from __future__ import annotations

from functools import cache
from itertools import product
from random import Random
from typing import Any

from portal.catalog import yaml
from tools.console import ROOT

PICTURE = "drawing.svg"
BEYOND_PLACES = {94: "events", 95: "events", 96: "itineraries", 97: "itineraries", 98: "guides", 99: "guides"}
"""Which listings of every hundred are no places."""
SUBTYPES = {
    "attractions": ("TouristAttraction", "Museum", "Park", "LandmarksOrHistoricalBuildings"),
    "dining": ("Restaurant", "CafeOrCoffeeShop", "FastFoodRestaurant"),
    "entertainment": ("TouristAttraction", "PerformingArtsTheater"),
}
DAYS = ("Mo-Su", "Tu-Su", "Mo-Fr", "We-Mo", "Mo-Sa", "Sa-Su", "Mo-Fr,PH")
HOURS = tuple(
    f"{days} {opens:02}:{minutes}-{closes:02}:{minutes}{more}"
    for days, opens, closes, minutes, more in product(
        DAYS, range(6, 12), range(16, 23, 2), ("00", "30"), ("", "; PH off")
    )
    if not (more and "PH" in days)
)
AIDS = ("step-free", "accessible-toilet", "lift", "wheelchair-loan", "hearing-loop")
PAYMENT = ("alipay", "wechat-pay", "cash", "unionpay", "foreign-card")
SPOKEN = ("en", "ja", "ko", "ru", "fr", "de")
SPREAD_DEGREES = 0.04
LATEST_PLACE = 93


def kind(number: int) -> str:
    """Return the kind of a listing: of every hundred 50 attractions, 30 dining, 14 entertainment, 2 of each other."""
    rest = number % 100
    if rest in BEYOND_PLACES:
        return BEYOND_PLACES[rest]
    return "attractions" if rest < 50 else "dining" if rest < 80 else "entertainment"


def identity(number: int) -> str:
    """Return the id of a listing."""
    return f"{kind(number)}/listing-{number:06}"


def facts(number: int) -> dict[str, Any]:
    """Return what a listing's `listing.yaml` says."""
    random = Random(number)
    of_kind = kind(number)
    if of_kind not in SUBTYPES:
        return {"tags": random.sample(_tags(), 2), "sources": [], **_beyond_places(of_kind, number, random)}
    district = random.choice(list(_centres()))
    lat, lon = _centres()[district]
    found: dict[str, Any] = {
        "subtype": random.choice(SUBTYPES[of_kind]),
        "district": district,
        "location": {
            "lat": round(random.gauss(lat, SPREAD_DEGREES), 5),
            "lon": round(random.gauss(lon, SPREAD_DEGREES), 5),
            "precision_m": 100,
        },
        "tags": random.sample(_tags(), random.randint(2, 5)),
        "images": [
            {"file": PICTURE, "width": 1200, "height": 800, "credit": "Charming Tianjin", "licence": "CC-BY-SA-4.0"}
        ],
        "accessibility": random.sample(AIDS, random.randint(0, 3)),
        "languages_spoken": random.sample(SPOKEN, random.randint(0, 3)),
        "payment": random.sample(PAYMENT, 3),
        "passport_needed": random.random() < 0.2,
        "sources": [],
    }
    if random.random() < 0.8:
        found["opening_hours"] = random.choice(HOURS)
    if random.random() < 0.7:
        found["price"] = {"level": random.randint(1, 4), "from": random.randrange(0, 30_000, 500), "currency": "CNY"}
    if random.random() < 0.3:
        found["phones"] = [f"+862223{number % 1_000_000:06}"]
    return found


def _beyond_places(of_kind: str, number: int, random: Random) -> dict[str, Any]:
    hundred = number - number % 100  # what it leads to stands in the same hundred, and is written for sure
    places = [identity(hundred + rest) for rest in random.sample(range(LATEST_PLACE + 1), 4)]
    if of_kind == "events":
        rule = f"FREQ=YEARLY;BYMONTH={random.randint(1, 12)};BYMONTHDAY={random.randint(1, 28)}"
        return {"recurrence": rule, "days": random.randint(1, 10), "places": places}
    if of_kind == "itineraries":
        return {"days": 1, "stops": [{"place": place, "minutes": random.randrange(30, 180, 15)} for place in places]}
    return {"places": places}


@cache
def _centres() -> dict[str, tuple[float, float]]:
    found = {}
    for file in sorted((ROOT / "content" / "districts").glob("*.yaml")):
        center = yaml.load(file.read_text("utf-8"), file.name)["center"]
        found[file.stem] = (center["lat"], center["lon"])
    return found


@cache
def _tags() -> list[str]:
    return sorted(file.stem for file in (ROOT / "content" / "tags").glob("*.yaml"))
