"""Products to test with: a cruise by departure and a wheel by day, as a listing.yaml would state them."""

from __future__ import annotations

from typing import Any

from portal.bookings.terms import ProductTerms

ADULT = {"id": "adult", "type": "ADULT", "names": {"en": "Adult", "zh-Hans": "成人"}, "price": 10000, "pax": 1}
CHILD = {
    "id": "child",
    "type": "CHILD",
    "names": {"en": "Child", "zh-Hans": "儿童"},
    "price": 5000,
    "pax": 1,
    "min_age": 3,
    "max_age": 12,
}
FAMILY = {"id": "family", "type": "FAMILY", "names": {"en": "Family", "zh-Hans": "家庭"}, "price": 25000, "pax": 4}


def cruise(**changes: Any) -> ProductTerms:
    """Two departures a day for 120 people; `changes` go into its only option."""
    option = {
        "id": "DEFAULT",
        "names": {"en": "Day cruise", "zh-Hans": "日间游船"},
        "start_times": ["10:00", "14:00"],
        "duration_minutes": 50,
        "capacity": 120,
        "cutoff_minutes": 30,
        "cancellation_cutoff": {"amount": 2, "unit": "hour"},
        "max_units": 10,
        "units": [ADULT, CHILD, FAMILY],
    }
    return ProductTerms.model_validate(
        {
            "id": "haihe-cruise-day",
            "sample": True,
            "names": {"en": "Hai River day cruise", "zh-Hans": "海河日间游船"},
            "availability_type": "START_TIME",
            "timezone": "Asia/Shanghai",
            "currency": "CNY",
            "options": [{**option, **changes}],
        }
    )


def wheel(**changes: Any) -> ProductTerms:
    """Open 09:30-21:30 for 400 people a day; `changes` go into its only option."""
    option = {
        "id": "DEFAULT",
        "names": {"en": "One full turn", "zh-Hans": "乘坐一圈"},
        "opening_hours": {"from": "09:30", "to": "21:30"},
        "capacity": 400,
        "cutoff_minutes": 30,
        "cancellation_cutoff": {"amount": 2, "unit": "hour"},
        "units": [{**ADULT, "price": 7000}, {**CHILD, "price": 3500}],
    }
    return ProductTerms.model_validate(
        {
            "id": "tianjin-eye-ride",
            "sample": True,
            "names": {"en": "Ride on the Tianjin Eye", "zh-Hans": "天津之眼摩天轮乘坐"},
            "availability_type": "OPENING_HOURS",
            "timezone": "Asia/Shanghai",
            "currency": "CNY",
            "options": [{**option, **changes}],
        }
    )


def product(terms: ProductTerms, **changes: Any) -> ProductTerms:
    """Return terms with changes to the product itself, checked anew."""
    return ProductTerms.model_validate({**terms.model_dump(mode="json", by_alias=True), **changes})
