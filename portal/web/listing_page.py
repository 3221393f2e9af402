"""What a listing's page shows: the same head for all, then what its kind has."""

from __future__ import annotations

from typing import Any

from portal.catalog import hours
from portal.catalog.facts import EventFacts, Facts, ItineraryFacts, PlaceFacts
from portal.catalog.model import Card, Listing
from portal.catalog.selection import Selection
from portal.web import open_state, structured_data
from portal.web.addresses import absolute
from portal.web.context import language, services, today
from portal.web.directions import map_links
from portal.web.events import occurrences
from portal.web.formats import in_reader_language
from portal.web.links import link

NEARBY = 3
OCCURRENCES = 3

Context = dict[str, Any]


def page(listing: Listing) -> tuple[str, Context]:
    """Return the template of a listing's page and what it is filled with."""
    catalog = services().catalog
    places = _places(listing.facts)
    context: Context = {
        "listing": listing,
        "text_language": catalog.languages.get(listing.language),
        "district": catalog.district(listing.facts.district) if listing.facts.district else None,
        "tags": {tag: names for tag, names in catalog.tags().items() if tag in listing.facts.tags},
        "products": listing.facts.booking,
        "products_data": structured_data.products_data(listing),
        "exists_in": listing.translations,
        "fallback": listing.language != language().tag,
        "share_image": _share_image(listing),
        "places": places,
    }
    match listing.facts:
        case PlaceFacts() as facts:
            return "visitors/listing.html", context | _place(listing, facts)
        case EventFacts() as facts:
            return "visitors/event.html", context | _event(listing, facts, places)
        case ItineraryFacts() as facts:
            return "visitors/itinerary.html", context | _itinerary(listing, facts, places)
    return "visitors/guide.html", context | {"data": structured_data.guide_data(listing)}


def _place(listing: Listing, facts: PlaceFacts) -> Context:
    catalog = services().catalog
    site, district = catalog.site(), catalog.district(facts.district)
    week = hours.week(facts.opening_hours, today(), catalog.working_days()) if facts.opening_hours else ()
    name = in_reader_language(district.names) if district else None
    return {
        "week": week,
        "states": open_state.states(facts.opening_hours) if facts.opening_hours else (),
        "maps": map_links(listing.local.name, facts.location) if facts.location else (),
        "nearby": _nearby(listing.id, facts),
        "leading_here": catalog.leading_to(listing.id, language()),
        "data": structured_data.place_data(listing, facts, site, name, week),
    }


def _event(listing: Listing, facts: EventFacts, places: list[Card]) -> Context:
    coming = occurrences(facts, OCCURRENCES)
    site = services().catalog.site()
    return {"coming": coming, "data": structured_data.event_data(listing, coming, places, site)}


def _itinerary(listing: Listing, facts: ItineraryFacts, places: list[Card]) -> Context:
    cards = {card.id: card for card in places}
    stops = [(cards[stop.place], stop.minutes) for stop in facts.stops if stop.place in cards]
    data = structured_data.itinerary_data(listing, [card for card, _ in stops])
    return {"stops": stops, "minutes": sum(stop.minutes for stop in facts.stops), "data": data}


def _places(facts: Facts) -> list[Card]:
    ids = tuple(dict.fromkeys(facts.leads_to))
    return services().catalog.cards(Selection(ids=ids), language(), limit=len(ids)) if ids else []


def _share_image(listing: Listing) -> str | None:
    """Return the address of the picture for links: the listing's own, else that of the first place it leads to."""
    if own := listing.facts.share_image:
        return _picture(listing.id, own, listing.media_version)
    catalog = services().catalog
    for identity in listing.facts.leads_to:
        facts = catalog.facts(identity)
        if facts and facts.share_image:
            return _picture(identity, facts.share_image, catalog.media_version(identity))
    return None


def _picture(identity: str, file: str, version: str | None) -> str:
    kind, _, slug = identity.partition("/")
    return absolute(link("media.picture", kind=kind, slug=slug, file=file, v=version))


def _nearby(identity: str, facts: PlaceFacts) -> list[Card]:
    """Return the nearest places; without a location, others of the district."""
    catalog = services().catalog
    if facts.location:
        return catalog.nearest((facts.location.lat, facts.location.lon), language(), limit=NEARBY, but=identity)
    cards = catalog.cards(Selection(district=facts.district), language(), limit=NEARBY + 1)
    return [card for card in cards if card.id != identity][:NEARBY]
