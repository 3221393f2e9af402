"""Names that are typed in part, or with a slip; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice

from search.text import is_cjk

MIXED_MIN, MIXED_MAX = 4, 24
"""Letters of pinyin that may be syllables and initials mixed; fewer are too often an accident."""

READINGS = 3
"""In how many ways letters are divided into syllables at most: `xian` may be one or two."""

SLIP_MIN, SLIP_MIN_CJK, SLIP_MAX = 5, 3, 14
"""Characters from which on one may be wrong in what is being typed, and up to which it is looked at."""

_FINAL = "(?:a(?:i|o|ng?)?|e(?:i|r|ng?)?|i(?:a(?:o|ng?)?|e|ng?|o(?:ng?)?|u)?|o(?:u|ng?)?|u(?:a(?:i|ng?)?|e|i|n|o)?|ve?)"
_SYLLABLE = re.compile(f"(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw]){_FINAL}|a(?:i|o|ng?)?|e(?:i|r|ng?)?|ou?")
_INITIAL = re.compile("[bpmfdtnlgkhjqxrzcsyw]")
_LONGEST_SYLLABLE = 6
_HEARD = (
    (re.compile("hs|sh(?=i[aeonu])"), "x"),
    (re.compile("ch(?=i[aenou])"), "q"),
    (re.compile("zh(?=i[aeonu])"), "j"),
    (re.compile("ee"), "i"),
    (re.compile("oo"), "u"),
    (re.compile("t[sz](?!i)"), "z"),
)
"""Spellings by ear that no pinyin has, and what they stand for."""
_HEARD_LEAST = 5
"""Letters from which on syllables in a row are no accident."""
_END = ["the end"]


@dataclass(frozen=True, slots=True)
class MixedPinyin:
    """Pinyin of which some syllables are written out and others are initials only.

    :param initials: of all syllables.
    :param runs: what is written out, neighbours joined.
    """

    initials: str
    runs: tuple[str, ...]


def mixed_pinyin(letters: str) -> tuple[MixedPinyin, ...]:
    """Return what `tjbowuguan` may be: initials `tjbwg`, and written out among them `bowuguan`.

    :param letters: a to z.
    """
    if not MIXED_MIN <= len(letters) <= MIXED_MAX:
        return ()
    found: dict[MixedPinyin, None] = {}
    for parts in islice(_divided(letters), READINGS):
        if all(len(part) > 1 for part in parts):  # all is written out
            return ()
        runs = tuple("".join(run) for written_out, run in groupby(parts, lambda part: len(part) > 1) if written_out)
        if runs:
            found[MixedPinyin("".join(part[0] for part in parts), runs)] = None
    return tuple(found)


def _divided(letters: str) -> Iterator[tuple[str, ...]]:
    """Yield divisions into syllables and initials, long syllables first."""
    parts: dict[int, list[str]] = {}  # by where they begin, those from which on the rest can be divided as well
    for start in range(len(letters) - 1, -1, -1):
        possible = (letters[start : start + length] for length in range(_LONGEST_SYLLABLE, 0, -1))
        parts[start] = [
            part for part in dict.fromkeys(possible) if _is_part(part) and parts.get(start + len(part), _END)
        ]

    def go_on(start: int) -> Iterator[tuple[str, ...]]:
        if start == len(letters):
            yield ()
        for part in parts.get(start, ()):
            yield from ((part, *rest) for rest in go_on(start + len(part)))

    return go_on(0)


def _is_part(letters: str) -> bool:
    return bool(_SYLLABLE.fullmatch(letters) or _INITIAL.fullmatch(letters))


def heard(words: Sequence[str]) -> list[str]:
    """Return words with syllables that stand apart put together as pinyin: `yang liu ching` is `yangliuqing`.

    :param words: folded or not; what is no syllable stays as it is.
    """
    together: list[str] = []
    for syllable, run in groupby(words, lambda word: _as_heard(word) != ""):
        run_words = list(run)
        joined = "".join(map(_as_heard, run_words)) if syllable and len(run_words) > 1 else ""
        together += [joined] if len(joined) >= _HEARD_LEAST else run_words
    return together


def _as_heard(word: str) -> str:
    """Return a word as the syllable of pinyin that it is or sounds like; empty when it is none."""
    letters = word.lower()
    if len(letters) > _LONGEST_SYLLABLE or not letters.isascii():
        return ""
    for written, meant in _HEARD:
        letters = written.sub(meant, letters)
    return letters if _SYLLABLE.fullmatch(letters) else ""


def may_have_a_slip(typed: str) -> bool:
    """Tell whether what is being typed is long enough for one character of it to be wrong."""
    return len(typed) >= (SLIP_MIN_CJK if is_cjk(typed) else SLIP_MIN)


def begun_with_a_slip(typed: str) -> str:
    """Return the regular expression of what goes on from `typed` with one wrong, missing, added or swapped character.

    :param typed: letters and digits only.
    """
    options: dict[str, None] = {}
    for at in range(len(typed)):
        head, letter, rest = typed[:at], typed[at], typed[at + 1 :]
        options |= dict.fromkeys((f"{head}.{rest}", f"{head}.{letter}{rest}", f"{head}{rest}"))
        if rest:
            options[f"{head}{rest[0]}{letter}{rest[1:]}"] = None
    return f"({'|'.join(options)}).*"
