"""Which language a reader gets at an address that names none."""

from __future__ import annotations

from functools import lru_cache

import langcodes

from portal.languages.model import Language, Languages

UNDERSTOOD = 14
"""CLDR distance up to which a reader reads the match as their own (arz -> ar 10, yue -> zh-Hant 14)."""
LEARNED = 25
"""CLDR distance of a language most readers have learned (ca -> es 20, uk -> ru 24): better than nothing only."""
LONGEST_HEADER = 1_000


def negotiate(accept_language: str, languages: Languages) -> Language:
    """Return the portal's language nearest to an `Accept-Language` header (RFC 9110, section 12.5.4).

    Preferences are matched by CLDR's language distances. A match in a language the reader has only learned gives way
    to a later preference that matches well: `uk, en;q=0.8` is English, `uk` alone is Russian.
    """
    ranges = preferences(accept_language[:LONGEST_HEADER])
    for limit in (UNDERSTOOD, LEARNED):
        for wanted in ranges:
            if wanted == "*":
                return languages.default
            match, _ = _closest(wanted, languages.tags, limit)
            if found := languages.get(match):
                return found
    return languages.default


def preferences(accept_language: str) -> list[str]:
    """Return the language ranges of a header, most wanted first; refused (`q=0`) and broken ones are left out."""
    weighed = []
    for item in accept_language.split(","):
        tag, _, parameters = item.strip().partition(";")
        quality = _quality(parameters)
        if quality > 0 and (tag.strip() == "*" or langcodes.tag_is_valid(tag.strip() or "-")):
            weighed.append((quality, tag.strip()))
    return [tag for _, tag in sorted(weighed, key=lambda pair: -pair[0])]


def _quality(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if not name:
        return 1.0
    try:
        quality = float(value)
    except ValueError:
        return 0.0
    return quality if name.strip().lower() == "q" and 0 <= quality <= 1 else 0.0


@lru_cache(maxsize=4096)
def _closest(wanted: str, supported: tuple[str, ...], limit: int) -> tuple[str, int]:
    return langcodes.closest_match(wanted, list(supported), max_distance=limit)
