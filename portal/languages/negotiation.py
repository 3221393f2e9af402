"""Which language a reader gets at an address that names none.

`langcodes` reads CLDR's tables when it is imported, a sixth of a second, so it is when the first header comes.
"""

# ruff: noqa: PLC0415

from __future__ import annotations

from functools import lru_cache

from portal.languages.model import Language, Languages

UNDERSTOOD = 14
"""CLDR distance up to which a reader reads the match as their own (arz -> ar 10, yue -> zh-Hant 14)."""
LEARNED = 25
"""CLDR distance of a language most readers have learned (ca -> es 20, uk -> ru 24): better than nothing only."""
LONGEST_HEADER = 1_000


def negotiate(accept_language: str, languages: Languages) -> Language:
    """Return the portal's language nearest to an `Accept-Language` header (RFC 9110, section 12.5.4).

    Preferences are matched by CLDR's language distances. A match in a language the reader has only learned gives way
    to a later preference that matches well: `uk, en;q=0.8` is English, `uk` alone is Russian. A language that is
    refused (`q=0`) is given only where every other is refused as well.
    """
    wanted, refused = preferences(accept_language[:LONGEST_HEADER])
    unwelcome = {found for tag in refused if tag != "*" and (found := _nearest(tag, languages, 0))}
    default = next((each for each in (languages.default, languages.source) if each not in unwelcome), languages.default)
    for limit in (UNDERSTOOD, LEARNED):
        for tag in wanted:
            if tag == "*":
                return default
            found = _nearest(tag, languages, limit)
            if found and found not in unwelcome:
                return found
    return default


def preferences(accept_language: str) -> tuple[list[str], list[str]]:
    """Return the language ranges of a header, most wanted first, and the refused ones; broken ones are left out."""
    from langcodes import tag_is_valid

    weighed = []
    for item in accept_language.split(","):
        tag, _, parameters = item.strip().partition(";")
        quality = _quality(parameters)
        if quality is not None and (tag.strip() == "*" or tag_is_valid(tag.strip() or "-")):
            weighed.append((quality, tag.strip()))
    wanted = sorted((pair for pair in weighed if pair[0] > 0), key=lambda pair: -pair[0])
    return [tag for _, tag in wanted], [tag for quality, tag in weighed if quality == 0]


def _quality(parameters: str) -> float | None:
    name, _, value = parameters.strip().partition("=")
    if not name:
        return 1.0
    try:
        quality = float(value)
    except ValueError:
        return None
    return quality if name.strip().lower() == "q" and 0 <= quality <= 1 else None


def _nearest(tag: str, languages: Languages, limit: int) -> Language | None:
    return languages.get(_closest(tag, languages.tags, limit))


@lru_cache(maxsize=4096)
def _closest(wanted: str, supported: tuple[str, ...], limit: int) -> str:
    from langcodes import closest_match

    return closest_match(_with_script(wanted), list(supported), max_distance=limit)[0]


def _with_script(tag: str) -> str:
    """Return a tag of Chinese with the script of its region, which CLDR knows for `zh-TW` but not for `nan-TW`."""
    from langcodes import Language as Tag

    known = Tag.get(tag)
    if known.script or not known.territory or known.maximize().script not in {"Hans", "Hant"}:
        return tag
    script = Tag.make(language="zh", territory=known.territory).maximize().script
    return str(Tag.make(language=known.language, script=script, territory=known.territory).to_tag())
