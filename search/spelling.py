"""Patterns for names that are typed in part, or with a slip; regular expressions that both engines understand. Pure."""

from __future__ import annotations

import re

from search.text import is_cjk

MIXED_MIN, MIXED_MAX = 4, 24
"""Letters of pinyin that may be syllables and initials mixed; fewer are too often an accident."""

SLIP_MIN, SLIP_MIN_CJK, SLIP_MAX = 4, 3, 16
"""Characters from which on one may be wrong in what is being typed, and up to which it is looked at."""

_INITIAL = "(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])"
_FINAL = "(?:a(?:i|o|ng?)?|e(?:i|r|ng?)?|i(?:a(?:o|ng?)?|e|ng?|o(?:ng?)?|u)?|o(?:u|ng?)?|u(?:a(?:i|ng?)?|e|i|n|o)?|ve?)"
_WITHOUT_INITIAL = "(?:a(?:i|o|ng?)?|e(?:i|r|ng?)?|ou?)"
_BEGUN_SYLLABLES = re.compile(f"(?:{_INITIAL}{_FINAL}?|{_WITHOUT_INITIAL})+")


def mixed_pinyin(letters: str) -> str | None:
    """Return the pattern of names, their syllables joined by `'`, of which each next syllable is begun at least.

    `tjbowuguan` and `tianjbwg` are both 天津博物馆; None when letters are no such thing.

    :param letters: a to z.
    """
    if not (MIXED_MIN <= len(letters) <= MIXED_MAX and _BEGUN_SYLLABLES.fullmatch(letters)):
        return None
    following = "".join(f"([a-z]*')?{letter}" for letter in letters[1:])
    return f"{letters[0]}{following}[a-z']*"


def begun_with_a_slip(typed: str) -> str | None:
    """Return the pattern of what goes on from `typed` with one character wrong, missing, too many, or swapped.

    The first one is right, as it nearly always is. None when it is too short to tell.

    :param typed: letters and digits only.
    """
    if len(typed) < (SLIP_MIN_CJK if is_cjk(typed) else SLIP_MIN):
        return None
    typed = typed[:SLIP_MAX]
    options: dict[str, None] = {}
    for at in range(1, len(typed)):
        head, letter, rest = typed[:at], typed[at], typed[at + 1 :]
        options |= dict.fromkeys((f"{head}.{rest}", f"{head}.{letter}{rest}", f"{head}{rest}"))
        if rest:
            options[f"{head}{rest[0]}{letter}{rest[1:]}"] = None
    return f"({'|'.join(options)}).*"
