"""Quantities with their units, in words."""

from __future__ import annotations

from babel import Locale
from babel.units import format_unit


def unit_text(value: int, unit: str, locale: Locale) -> str:
    """Return a quantity with its unit's name in CLDR, such as `duration-hour`, in full where the language has that.

    Babel writes the unit's id where CLDR's long form is said to be the short one, as in Chinese.
    """
    long, short = (format_unit(value, unit, length, locale=locale) for length in ("long", "short"))
    return short if unit in long else long
