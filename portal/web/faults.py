"""What pydantic finds wrong with a request, in words for whoever writes a client."""

from __future__ import annotations

from pydantic import ValidationError

MOST = 10
"""How many faults are told at once."""
WORDS = {
    "missing": "expected",
    "extra_forbidden": "there is no such field",
    "model_type": "expected a JSON object",
    "dict_type": "expected a JSON object",
    "list_type": "expected a list",
    "string_type": "expected a text",
    "bool_type": "expected true or false",
    "int_type": "expected a whole number",
    "int_from_float": "expected a whole number",
    "int_parsing": "expected a whole number",
    "uuid_type": "expected a uuid, such as 7d3ce5a6-6f0c-4a52-9a4e-0d9f3e8f9b11",
    "uuid_parsing": "expected a uuid, such as 7d3ce5a6-6f0c-4a52-9a4e-0d9f3e8f9b11",
    "date_type": "expected a date, such as 2027-05-03",
    "date_parsing": "expected a date, such as 2027-05-03",
    "date_from_datetime_parsing": "expected a date, such as 2027-05-03",
}
"""By pydantic's name of a fault; what is not here is said in its own words."""


def told(error: ValidationError) -> dict[str, str]:
    """Return the fields that cannot be used, each with why; `body` is the whole."""
    faults = error.errors(include_url=False, include_input=False, include_context=False)[:MOST]
    return {
        ".".join(map(str, fault["loc"])) or "body": WORDS.get(fault["type"], fault["msg"].removeprefix("Value error, "))
        for fault in faults
    }


def repeated(names: list[str]) -> str | None:
    """Return the first name that stands there twice."""
    return next((name for name in names if names.count(name) > 1), None)
