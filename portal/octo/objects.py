"""Products, availability and bookings as OCTO's JSON objects; docs/partners.md describes them to partners."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any, Protocol

from babel import Locale
from babel.numbers import get_currency_precision
from pydantic.alias_generators import to_camel

from portal.bookings.availability import Day, Slot
from portal.bookings.model import Booking, Cancellation, Contact, State, parts
from portal.bookings.products import HOUSE, Supplier
from portal.bookings.terms import OptionTerms, ProductTerms, UnitTerms
from portal.languages.names import language_of, name_in
from portal.languages.quantities import unit_text

Json = dict[str, Any]
Quantities = Sequence[tuple[str, int]]

REDEMPTION = "DIGITAL"
DELIVERY_FORMAT = "QRCODE"
DELIVERED = frozenset({State.CONFIRMED, State.REDEEMED})


class Contents(Protocol):
    """Tells the fields of `octo/content`."""

    def supplier(self, *, house: bool) -> Json:
        """Return what a Supplier has besides."""

    def product(self, terms: ProductTerms, listing_id: str) -> Json:
        """Return what a Product has besides."""

    def option(self, option: OptionTerms) -> Json:
        """Return what an Option has besides."""

    def unit(self, unit: UnitTerms) -> Json:
        """Return what a Unit has besides."""

    def availability(self) -> Json:
        """Return what an Availability has besides."""


@dataclass(frozen=True, slots=True)
class View:
    """How a caller wants objects: the language of names (a tag such as `zh-Hans`), with prices, and with contents."""

    language: str
    pricing: bool = False
    contents: Contents | None = None


def supplier(identity: str, known: Supplier | None, base_url: str, view: View) -> Json:
    """Return a Supplier; one that told nothing about itself goes by its id."""
    contact = known.contact if known else {}
    answer: Json = {
        "id": identity,
        "name": name_in(known.names, [view.language]) if known else identity,
        "endpoint": f"{base_url}/octo",
        "contact": {part: contact.get(part) for part in ("website", "email", "telephone", "address")},
    }
    return answer | (view.contents.supplier(house=identity == HOUSE) if view.contents else {})


def product(terms: ProductTerms, listing: str, view: View) -> Json:
    """Return a Product; `listing` is the page it belongs to."""
    return _product(terms, listing, view, prices="pricingFrom")


def availability(slot: Slot, option: OptionTerms, currency: str, units: Quantities, view: View) -> Json:
    """Return an Availability; `units` are quantities by unit id, for which the total is asked."""
    answer = _availability(slot)
    if view.pricing:
        answer["unitPricing"] = _unit_prices(option, currency)
        if units:
            answer["pricing"] = _price(_total(option, units), currency)
    return answer | (view.contents.availability() if view.contents else {})


def calendar_day(day: Day, option: OptionTerms, currency: str, units: Quantities, view: View) -> Json:
    """Return an AvailabilityCalendar."""
    answer: Json = {
        "localDate": day.date.isoformat(),
        "available": day.available,
        "status": day.status,
        "vacancies": day.vacancies,
        "capacity": day.capacity,
        "openingHours": _hours(day.opening_hours),
    }
    if view.pricing:
        answer["unitPricingFrom"] = _unit_prices(option, currency)
        if units:
            answer["pricingFrom"] = _price(_total(option, units), currency)
    return answer


def booking(one: Booking, view: View) -> Json:
    """Return a Booking."""
    delivered = one.state in DELIVERED
    answer: Json = {
        "id": one.reference,
        "uuid": str(one.uuid),
        "testMode": one.test,
        "resellerReference": one.reseller_reference,
        "supplierReference": one.reference,
        "status": one.state,
        "utcCreatedAt": _utc(one.created_at),
        "utcUpdatedAt": _utc(one.updated_at),
        "utcExpiresAt": _utc(one.expires_at) if one.state in {State.ON_HOLD, State.EXPIRED} else None,
        "utcRedeemedAt": _utc(one.redeemed_at),
        "utcConfirmedAt": _utc(one.confirmed_at),
        "productId": one.product.id,
        "product": _product(one.product, one.listing, view, prices="pricing"),
        "optionId": one.option.id,
        "option": _option(one.product, one.option, view, prices="pricing"),
        "cancellable": one.cancellable,
        "cancellation": _cancellation(one.cancellation),
        "freesale": one.product.freesale,
        "availabilityId": None if one.open_until else one.slot.id,
        "availability": None if one.open_until else availability(one.slot, one.option, one.product.currency, (), view),
        "contact": _contact(one.contact),
        "notes": one.notes,
        "deliveryMethods": [one.product.delivery],
        "voucher": _ticket(one.code, one.redeemed_at) if delivered and one.product.delivery == "VOUCHER" else None,
        "unitItems": [_unit_item(one, position, view) for position in range(len(one.tickets))],
    }
    if view.pricing:
        answer["pricing"] = _price(one.total, one.product.currency)
    return answer


def _product(terms: ProductTerms, listing: str, view: View, prices: str) -> Json:
    answer: Json = {
        "id": terms.id,
        "internalName": name_in(terms.names, [view.language]),
        "reference": None,
        "locale": language_of(terms.names, [view.language]),
        "timeZone": terms.timezone,
        "allowFreesale": terms.freesale,
        "instantConfirmation": terms.instant_confirmation,
        "instantDelivery": terms.instant_confirmation,
        "availabilityRequired": terms.open_dated is None,
        "availabilityType": terms.availability_type,
        "deliveryFormats": [DELIVERY_FORMAT],
        "deliveryMethods": [terms.delivery],
        "redemptionMethod": REDEMPTION,
        "options": [_option(terms, option, view, prices) for option in terms.options],
    }
    if view.pricing:
        answer |= {
            "defaultCurrency": terms.currency,
            "availableCurrencies": [terms.currency],
            "pricingPer": "UNIT",
        }
    return answer | (view.contents.product(terms, listing) if view.contents else {})


def _option(terms: ProductTerms, option: OptionTerms, view: View, prices: str) -> Json:
    cutoff = option.cancellation_cutoff
    answer: Json = {
        "id": option.id,
        "default": option.id == terms.options[0].id,
        "internalName": name_in(option.names, [view.language]),
        "reference": None,
        "availabilityLocalStartTimes": option.all_start_times() or ["00:00"],
        "cancellationCutoff": _duration(cutoff.amount, cutoff.unit, view.language),
        "cancellationCutoffAmount": cutoff.amount,
        "cancellationCutoffUnit": cutoff.unit,
        "requiredContactFields": option.required_contact_fields,
        "restrictions": {"minUnits": option.min_units, "maxUnits": option.max_units},
        "units": [_unit(unit, option, terms.currency, view, prices) for unit in option.units],
    }
    return answer | (view.contents.option(option) if view.contents else {})


def _unit(unit: UnitTerms, option: OptionTerms, currency: str, view: View, prices: str) -> Json:
    answer: Json = {
        "id": unit.id,
        "internalName": name_in(unit.names, [view.language]),
        "reference": None,
        "type": unit.type,
        "requiredContactFields": unit.required_contact_fields,
        "restrictions": {
            "minAge": unit.min_age,
            "maxAge": unit.max_age,
            "idRequired": unit.id_required,
            "minQuantity": unit.min_quantity,
            "maxQuantity": unit.max_quantity or option.max_units,
            "paxCount": unit.pax,
            "accompaniedBy": unit.accompanied_by,
        },
    }
    if view.pricing:
        answer[prices] = [_price(unit.price, currency)]
    return answer | (view.contents.unit(unit) if view.contents else {})


def _availability(slot: Slot) -> Json:
    return {
        "id": slot.id,
        "localDateTimeStart": slot.starts_at.isoformat(),
        "localDateTimeEnd": slot.ends_at.isoformat(),
        "utcCutoffAt": _utc(slot.cutoff),
        "allDay": slot.all_day,
        "available": slot.available,
        "status": slot.status,
        "vacancies": slot.vacancies,
        "capacity": slot.capacity,
        "maxUnits": slot.max_units,
        "openingHours": _hours(slot.opening_hours),
    }


def _hours(hours: tuple[str, str] | None) -> list[Json]:
    return [{"from": hours[0], "to": hours[1]}] if hours else []


def _unit_item(one: Booking, position: int, view: View) -> Json:
    item = one.tickets[position]
    unit = one.option.unit(item.unit_id)
    used_at = item.redeemed_at or one.redeemed_at
    delivered = one.product.delivery == "TICKET" and one.state in DELIVERED
    answer: Json = {
        "uuid": str(item.uuid),
        "resellerReference": item.reseller_reference,
        "supplierReference": None,
        "unitId": item.unit_id,
        "status": State.REDEEMED if used_at else one.state,
        "utcRedeemedAt": _utc(used_at),
        "contact": _contact(item.contact),
        "ticket": _ticket(one.ticket_code(position), used_at) if delivered else None,
    }
    if unit is not None:
        answer["unit"] = _unit(unit, one.option, one.product.currency, view, prices="pricing")
    if view.pricing:
        answer["pricing"] = _price(item.price, one.product.currency)
    return answer


def _ticket(code: str, used_at: datetime | None) -> Json:
    """Return a voucher or a ticket."""
    return {
        "redemptionMethod": REDEMPTION,
        "utcRedeemedAt": _utc(used_at),
        "deliveryOptions": [{"deliveryFormat": DELIVERY_FORMAT, "deliveryValue": code}],
    }


def _cancellation(cancellation: Cancellation | None) -> Json | None:
    if cancellation is None:
        return None
    return {"refund": cancellation.refund, "reason": cancellation.reason, "utcCancelledAt": _utc(cancellation.at)}


def _contact(contact: Contact) -> Json:
    return {_camel(name): value for name, value in parts(contact).items()}


_camel = cache(to_camel)  # of names that stand in the code


@lru_cache(maxsize=1024)
def _duration(amount: int, unit: str, language: str) -> str:
    return unit_text(amount, f"duration-{unit}", Locale.parse(language, sep="-"))


def _unit_prices(option: OptionTerms, currency: str) -> list[Json]:
    return [{"unitId": unit.id, **_price(unit.price, currency)} for unit in option.units]


def _total(option: OptionTerms, units: Quantities) -> int:
    prices = {unit.id: unit.price for unit in option.units}
    return sum(prices[unit_id] * quantity for unit_id, quantity in units)


def _price(amount: int, currency: str) -> Json:
    """Return a Pricing. No commission is agreed through this interface, so what the reseller pays is left open."""
    return {
        "original": amount,
        "retail": amount,
        "net": None,
        "currency": currency,
        "currencyPrecision": get_currency_precision(currency),
        "includedTaxes": [],
    }


def _utc(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
