"""Query parameters into values; a bad one becomes a 400 that names it."""

from __future__ import annotations

from collections.abc import Collection

from werkzeug.datastructures import MultiDict

LARGEST_PAGE = 100_000
LONGEST_QUERY = 200

Arguments = MultiDict[str, str]


class BadParameter(Exception):
    """A parameter has a value it cannot have. `message` is English, for logs and partners; pages have their own."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


def number(args: Arguments, field: str, default: int, *, least: int, most: int) -> int:
    """Return a whole number between `least` and `most`.

    :raises BadParameter: when it is no such number.
    """
    text = args.get(field, "")
    if not text:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) <= 9 and least <= int(text) <= most):
        raise BadParameter(field, f"expected a whole number from {least} to {most}")
    return int(text)


def page(args: Arguments) -> int:
    """Return the page number of a list, from 1.

    :raises BadParameter: when it is none.
    """
    return number(args, "page", 1, least=1, most=LARGEST_PAGE)


def one_of(args: Arguments, field: str, allowed: Collection[str]) -> str | None:
    """Return a choice, or None when nothing was chosen.

    :raises BadParameter: when it is not on offer.
    """
    text = args.get(field, "")
    if not text:
        return None
    if text not in allowed:
        raise BadParameter(field, f"expected one of {', '.join(sorted(allowed))}")
    return text


def several_of(args: Arguments, field: str, allowed: Collection[str]) -> tuple[str, ...]:
    """Return choices, each once, in the order on offer.

    :raises BadParameter: when one is not on offer.
    """
    chosen = {text for text in args.getlist(field) if text}
    if not chosen <= set(allowed):
        raise BadParameter(field, f"expected any of {', '.join(sorted(allowed))}")
    return tuple(value for value in allowed if value in chosen)


def query(args: Arguments, field: str = "q") -> str:
    """Return the words of a search, white space tidied.

    :raises BadParameter: when they are longer than anybody types.
    """
    text = " ".join(args.get(field, "").split())
    if len(text) > LONGEST_QUERY:
        raise BadParameter(field, f"expected at most {LONGEST_QUERY} characters")
    return text


def coordinates(args: Arguments, field: str = "near") -> tuple[float, float] | None:
    """Return a point `lat,lon` in WGS-84 degrees, or None when none is given.

    :raises BadParameter: when it is not a point on Earth.
    """
    text = args.get(field, "")
    if not text:
        return None
    try:
        lat, lon = map(float, text.split(","))
    except ValueError:
        lat = lon = float("nan")
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise BadParameter(field, "expected latitude and longitude in degrees, such as 39.1,117.2")
    return lat, lon
