"""What pages tell machines about themselves: JSON-LD in schema.org's terms."""

from __future__ import annotations

from typing import Any

from flask import url_for

from portal.catalog.model import Listing
from portal.catalog.schema import Image, Site
from portal.web.addresses import absolute
from portal.web.context import language
from portal.web.formats import in_reader_language

LICENCES = {"CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/"}


def site_data(site: Site) -> dict[str, Any]:
    """Return the home page's data: the site and how to search it."""
    home = absolute(url_for("visitors.home"))
    return {
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": in_reader_language(site.names),
        "url": home,
        "inLanguage": language().tag,
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{absolute(url_for('visitors.search'))}?q={{q}}"},
            "query-input": "required name=q",
        },
    }


def listing_data(listing: Listing, site: Site, district: str | None) -> dict[str, Any]:
    """Return a listing's data; facts it does not have are left out."""
    facts, text = listing.facts, listing.text
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": facts.subtype,
        "name": text.name,
        "alternateName": [*{listing.local.name: None, **dict.fromkeys(text.other_names)}],
        "description": text.summary,
        "url": absolute(url_for("visitors.listing", kind=listing.kind, slug=listing.slug)),
        "address": {
            "@type": "PostalAddress",
            "streetAddress": text.address,
            "addressLocality": district,
            "addressRegion": in_reader_language(site.city),
            "addressCountry": site.country,
        },
        "image": [_image(listing, image) for image in facts.images],
        "openingHours": facts.opening_hours,
        "telephone": facts.phones,
        "sameAs": facts.website,
    }
    if facts.location:
        data["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": facts.location.lat,
            "longitude": facts.location.lon,
        }
    return {name: value for name, value in data.items() if value not in (None, [], "")}


def _image(listing: Listing, image: Image) -> dict[str, Any]:
    address = url_for("media.picture", kind=listing.kind, slug=listing.slug, file=image.file, v=listing.media_version)
    data = {
        "@type": "ImageObject",
        "contentUrl": absolute(address),
        "creditText": image.credit,
        "width": image.width,
        "height": image.height,
        "caption": listing.text.alt.get(image.file),
        "license": LICENCES.get(image.licence),
    }
    return {name: value for name, value in data.items() if value is not None}
