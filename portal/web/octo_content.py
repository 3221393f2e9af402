"""The fields of `octo/content`: what a product is, in words and pictures, as its listing tells them in one language.

Facts a listing does not state are empty or null. Pictures are those in formats that OCTO knows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext

from portal.bookings.terms import OptionTerms, ProductTerms, UnitTerms
from portal.catalog.catalog import Catalog
from portal.catalog.facts import PlaceFacts
from portal.catalog.model import Listing
from portal.languages.model import Language
from portal.languages.names import name_in
from portal.web.addresses import absolute
from portal.web.links import link
from portal.web.structured_data import SAMPLE_OFFER
from portal.web.wording import ACCESSIBILITY

Json = dict[str, Any]

LABELS = {
    "animals": "animals",
    "boat-trip": "boat-tours",
    "family": "family-friendly",
    "history": "history",
    "museum": "museums",
    "music": "live-music",
    "outdoors": "outdoors",
    "parks": "outdoors",
    "restaurant": "food",
    "snacks": "food",
    "sport": "sports",
    "street-food": "food",
    "theme-parks": "theme-parks",
}
"""OCTO's labels, by the slug of a tag."""
MEDIA_TYPES = {"jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png"}
MAPS = ("google", "apple", "yelp", "facebook", "foursquare", "baidu", "amap")


@dataclass(frozen=True)
class Contents:
    """Texts and pictures in one language; what a listing has not in it comes in the nearest one it has."""

    catalog: Catalog
    language: Language

    def supplier(self, *, house: bool) -> Json:
        """Return what a Supplier has besides; only the portal itself tells something."""
        tagline = name_in(self.catalog.site().tagline, [self.language.tag]) if house else None
        return {"shortDescription": tagline, "media": []}

    def product(self, terms: ProductTerms, listing_id: str) -> Json:
        """Return what a Product has besides."""
        kind, _, slug = listing_id.partition("/")
        about = self.catalog.listing(kind, slug, self.language)
        return {
            "title": name_in(terms.names, [self.language.tag]),
            "shortDescription": about.text.summary if about else None,
            "description": about.text.plain if about else None,
            "features": list(_features(terms, about)),
            "faqs": [],
            "media": list(_media(about)) if about else [],
            "locations": list(self._locations(about)) if about else [],
            "categoryLabels": _labels(about) if about else [],
            **_durations(terms.options),
            "commentary": [],
        }

    def option(self, option: OptionTerms) -> Json:
        """Return what an Option has besides; the rest of it stands with the product."""
        return {
            "title": name_in(option.names, [self.language.tag]),
            "shortDescription": None,
            "description": None,
            "features": [],
            "faqs": [],
            "media": [],
            "locations": [],
            "categoryLabels": [],
            **_durations([option]),
            "commentary": [],
        }

    def unit(self, unit: UnitTerms) -> Json:
        """Return what a Unit has besides."""
        name = name_in(unit.names, [self.language.tag])
        return {"title": name, "shortDescription": name, "features": []}

    def availability(self) -> Json:
        """Return what an Availability has besides."""
        return {"title": None, "shortDescription": ""}

    def _locations(self, about: Listing) -> Iterator[Json]:
        where = about.facts.location
        if where is None:
            return
        district = self.catalog.district(about.facts.district or "")
        site = self.catalog.site()
        yield {
            "title": about.text.name,
            "shortDescription": about.text.directions or None,
            "types": ["POINT_OF_INTEREST"],
            "minutesTo": None,
            "minutesAt": None,
            "place": {
                "latitude": where.lat,
                "longitude": where.lon,
                "postalAddress": {
                    "streetAddress": about.text.address or None,
                    "addressLocality": name_in(district.names, [self.language.tag]) if district else None,
                    "addressRegion": name_in(site.city, [self.language.tag]),
                    "postalCode": None,
                    "addressCountry": site.country,
                    "postOfficeBoxNumber": None,
                },
                "identifiers": {**{f"{one}PlaceId": None for one in MAPS}, "tripadvisorLocationId": None},
                "sameAs": [absolute(link("visitors.listing", kind=about.kind, slug=about.slug))],
            },
        }


def _features(terms: ProductTerms, about: Listing | None) -> Iterator[Json]:
    if terms.sample:
        yield _feature("ADDITIONAL_INFORMATION", gettext(SAMPLE_OFFER))
    if about is None:
        return
    if about.text.directions:
        yield _feature("PREARRIVAL_INFORMATION", about.text.directions)
    for tip in about.text.tips:
        yield _feature("ADDITIONAL_INFORMATION", tip)
    for help_ in about.facts.accessibility if isinstance(about.facts, PlaceFacts) else ():
        yield _feature("ACCESSIBILITY_INFORMATION", gettext(ACCESSIBILITY[help_]))


def _feature(kind: str, text: str) -> Json:
    return {"type": kind, "shortDescription": text}


def _media(about: Listing) -> Iterator[Json]:
    credits: Mapping[str, str] = {image.file: f"{image.credit}, {image.licence}" for image in about.facts.images}
    share = about.facts.share_image
    for file in about.facts.pictures:
        media_type = MEDIA_TYPES.get(file.rpartition(".")[2])
        if media_type is None:
            continue
        address = link("media.picture", kind=about.kind, slug=about.slug, file=file, v=about.media_version)
        yield {
            "src": absolute(address),
            "type": media_type,
            "rel": "COVER" if file == share else "GALLERY",
            "title": about.text.name,
            "caption": about.text.alt.get(file),
            "copyright": credits.get(file),
        }


def _labels(about: Listing) -> list[str]:
    found = [LABELS[tag] for tag in about.facts.tags if tag in LABELS]
    if isinstance(about.facts, PlaceFacts) and "step-free" in about.facts.accessibility:
        found.append("wheelchair-accessible")
    return list(dict.fromkeys(found))


def _durations(options: list[OptionTerms]) -> Json:
    """Return how long it takes, in minutes. Of a day's opening hours nobody knows; OCTO wants a number."""
    known = [option.duration_minutes or 0 for option in options]
    return {
        "durationMinutesFrom": min(known),
        "durationMinutesTo": max(known) if max(known) > min(known) else None,
    }
