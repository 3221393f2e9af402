"""What pages tell machines about themselves: JSON-LD in schema.org's terms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from functools import lru_cache
from typing import Any, cast

from flask_babel import gettext

from portal.catalog.facts import Image, PlaceFacts
from portal.catalog.hours import Day, Span
from portal.catalog.model import Card, Listing
from portal.catalog.recurrence import Occurrence
from portal.catalog.schema import Site
from portal.web.addresses import absolute
from portal.web.context import language
from portal.web.formats import decimal_amount, in_reader_language, lowest_price
from portal.web.links import dynamic, link
from portal.web.wording import N_

LICENCES = {
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
}
SAMPLE_OFFER = N_("Sample offer: times, prices and places are made up so that booking can be tried.")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def site_data(site: Site) -> dict[str, Any]:
    """Return the home page's data: the site and how to search it."""
    home = absolute(link("visitors.home"))
    search = _absolute_dynamic("visitors.search")
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": in_reader_language(site.names),
        "url": home,
        "inLanguage": language().tag,
    }
    if search:
        data["potentialAction"] = {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{search}?q={{q}}"},
            "query-input": "required name=q",
        }
    return data


def _absolute_dynamic(endpoint: str, **values: str) -> str:
    """Return where a running portal does something, absolute; empty when an export has none."""
    address = dynamic(endpoint, **values)
    return absolute(address) if address.startswith("/") else address


def place_data(
    listing: Listing, facts: PlaceFacts, site: Site, district: str | None, week: Sequence[Day]
) -> dict[str, Any]:
    """Return a place's data; facts it does not have are left out.

    :param week: the opening hours of the coming days.
    """
    text = listing.text
    data = _about(listing, facts.subtype) | {
        "address": {
            "@type": "PostalAddress",
            "streetAddress": text.address,
            "addressLocality": district,
            "addressRegion": in_reader_language(site.city),
            "addressCountry": site.country,
        },
        "image": [_image(listing, image) for image in facts.images],
        "openingHoursSpecification": [span for day in week for span in _opening_hours(day)],
        "telephone": facts.phones,
        "sameAs": facts.website,
    }
    if facts.location:
        data["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": facts.location.lat,
            "longitude": facts.location.lon,
        }
    if not district:
        del data["address"]["addressLocality"]
    return _stated(data)


def products_data(listing: Listing) -> list[dict[str, Any]]:
    """Return what can be booked at a listing: places have no offers in the vocabulary, products do."""
    products = cast(list[dict[str, Any]], listing.facts.booking)
    return [_product(listing, product) for product in products if dynamic("booking.choose", product=product["id"])]


def _product(listing: Listing, product: dict[str, Any]) -> dict[str, Any]:
    page = _absolute_dynamic("booking.choose", product=product["id"])
    offer = {
        "@type": "Offer",
        "url": page,
        "price": f"{decimal_amount(lowest_price(product), product['currency']):f}",
        "priceCurrency": product["currency"],
        "availability": "https://schema.org/InStock",
        "description": gettext(SAMPLE_OFFER) if product.get("sample") else None,
    }
    data = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": in_reader_language(product["names"]),
        "description": listing.text.summary,
        "image": [_image(listing, image) for image in listing.facts.images],
        "url": page,
        "offers": _stated(offer),
    }
    return _stated(data)


def event_data(listing: Listing, coming: Sequence[Occurrence], places: Sequence[Card], site: Site) -> dict[str, Any]:
    """Return an event's data: its next occurrence and where it is met with, the city when no place is named."""
    data = _about(listing, "Festival")
    if coming:
        data |= {"startDate": coming[0].first.isoformat(), "endDate": coming[0].last.isoformat()}
    city = {"@type": "City", "name": in_reader_language(site.city)}
    return _stated(data | {"location": [_place(card) for card in places] or city})


def itinerary_data(listing: Listing, stops: Sequence[Card]) -> dict[str, Any]:
    """Return an itinerary's data: its stops in order."""
    items = [{"@type": "ListItem", "position": n, "item": _place(card)} for n, card in enumerate(stops, 1)]
    way = {"@type": "ItemList", "numberOfItems": len(items), "itemListElement": items}
    return _stated(_about(listing, "TouristTrip") | {"itinerary": way})


def guide_data(listing: Listing) -> dict[str, Any]:
    """Return a guide's data."""
    data = _about(listing, "Article") | {"headline": listing.text.name, "inLanguage": listing.language}
    return _stated(data | {"dateModified": listing.modified})


def _about(listing: Listing, kind: str) -> dict[str, Any]:
    """Return what every kind of listing tells."""
    text = listing.text
    names = [listing.local.name, *text.other_names]
    return {
        "@context": "https://schema.org",
        "@type": kind,
        "name": text.name,
        "alternateName": [name for name in dict.fromkeys(names) if name != text.name],
        "description": text.summary,
        "url": absolute(link("visitors.listing", kind=listing.kind, slug=listing.slug)),
    }


def _place(card: Card) -> dict[str, Any]:
    address = absolute(link("visitors.listing", kind=card.kind, slug=card.slug))
    return {"@type": "Place", "name": card.name, "url": address}


def _stated(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value not in (None, [], "")}


@lru_cache(maxsize=4096)
def _opening_hours(day: Day) -> list[dict[str, Any]]:
    """Return a day's hours. The vocabulary has no 24:00, and says "closed" by opening and closing at midnight."""
    spans = [(span.start.time(), _closing(span)) for span in day.hours] or [(time(0), time(0))]
    return [
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": f"https://schema.org/{DAYS[day.date.weekday()]}",
            "opens": start.isoformat("minutes"),
            "closes": end.isoformat("minutes"),
            "validFrom": day.date.isoformat(),
            "validThrough": day.date.isoformat(),
        }
        for start, end in spans
    ]


def _closing(span: Span) -> time:
    return span.end.time() if span.end.time() != time(0) else time(23, 59)


def _image(listing: Listing, image: Image) -> dict[str, Any]:
    address = link("media.picture", kind=listing.kind, slug=listing.slug, file=image.file, v=listing.media_version)
    data = {
        "@type": "ImageObject",
        "contentUrl": absolute(address),
        "creditText": image.credit,
        "width": image.width,
        "height": image.height,
        "caption": listing.text.alt.get(image.file),
        "license": LICENCES.get(image.licence),
    }
    return _stated(data)
