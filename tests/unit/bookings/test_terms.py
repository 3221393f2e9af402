from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from portal.bookings.terms import ProductTerms
from portal.languages.names import name_in
from tests.unit.bookings.samples import ADULT, cruise, wheel


def broken(**changes: Any) -> str:
    with pytest.raises(ValidationError) as raised:
        cruise(**changes)
    return str(raised.value)


def test_terms_survive_the_way_into_the_database_and_back() -> None:
    for product in (cruise(), wheel()):
        assert ProductTerms.model_validate(product.model_dump(mode="json", by_alias=True)) == product


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"start_times": []}, "option DEFAULT: START_TIME needs start_times"),
        ({"duration_minutes": None}, "option DEFAULT: START_TIME needs duration_minutes"),
        ({"opening_hours": {"from": "09:00", "to": "10:00"}}, "START_TIME takes no opening_hours"),
        ({"start_times": ["25:00"]}, "options.0.start_times.0"),
        ({"start_times": ["10:00", "10:00"]}, "start time 10:00 is there twice"),
        ({"capacity": "120"}, "options.0.capacity"),
        ({"capacity": 0}, "options.0.capacity"),
        ({"units": [ADULT, ADULT]}, "unit adult is there twice"),
        ({"units": [{**ADULT, "price": 1.5}]}, "options.0.units.0.price"),
        ({"units": [{**ADULT, "min_age": 9, "max_age": 8}]}, "min_age 9 is above max_age 8"),
        ({"units": [{**ADULT, "names": {}}]}, "options.0.units.0.names"),
        ({"weekdays": ["monday"]}, "options.0.weekdays.0"),
        ({"cancellation_cutoff": {"amount": 2, "unit": "week"}}, "cancellation_cutoff.unit"),
        ({"seats": 4}, "options.0.seats"),
    ],
)
def test_a_mistake_is_named_with_its_field(changes: dict[str, Any], said: str) -> None:
    assert said in broken(**changes)


@pytest.mark.parametrize("zone", ["Asia/Nowhere", "Asia", "../etc/passwd", "", "x" * 5000])
def test_an_unknown_time_zone_is_refused(zone: str) -> None:
    plain = cruise().model_dump(mode="json", by_alias=True)
    with pytest.raises(ValidationError, match="expected an IANA time zone"):
        ProductTerms.model_validate({**plain, "timezone": zone})


def test_a_name_falls_back_to_english_and_then_to_any() -> None:
    names = {"zh-Hans": "海河", "en": "Hai River"}
    assert [name_in(names, [tag]) for tag in ("zh-Hans", "fr")] == ["海河", "Hai River"]
    assert name_in({"zh-Hans": "海河"}, ["fr"]) == "海河"
