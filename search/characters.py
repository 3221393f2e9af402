"""What a reader sees as one character, and how wide it is; pure."""

from __future__ import annotations

import bisect
import re
import unicodedata
from itertools import accumulate

JOINERS = frozenset("\u200c\u200d")
FLAG_LETTER = re.compile("[\U0001f1e6-\U0001f1ff]")


class Ruler:
    """Measures a text in columns; a wide character takes two, a mark none."""

    def __init__(self, text: str) -> None:
        plain = text.isascii() or all(_WIDTHS[character] == 1 for character in set(text))
        self._ends = None if plain else [*accumulate(map(_WIDTHS.__getitem__, text))]
        self._length = len(text)

    def forward(self, start: int, columns: int) -> int:
        """Return where the first characters from `start` on end that take so many columns or more."""
        if self._ends is None:
            return min(self._length, start + columns)
        before = self._ends[start - 1] if start else 0
        return min(self._length, bisect.bisect_left(self._ends, before + columns) + 1)

    def back(self, end: int, columns: int) -> int:
        """Return where the last characters before `end` begin that take so many columns or more."""
        if self._ends is None:
            return max(0, end - columns)
        target = (self._ends[end - 1] if end else 0) - columns
        return bisect.bisect_right(self._ends, target) if target >= 0 else 0


class _Widths(dict[str, int]):
    """The columns of each character, looked up once."""

    def __missing__(self, character: str) -> int:
        if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
            width = 0
        else:
            width = 2 if unicodedata.east_asian_width(character) in "WF" else 1
        self[character] = width
        return width


_WIDTHS = _Widths()


def cluster_start(text: str, index: int) -> int:
    """Return where the character begins that `index` is within."""
    while 0 < index < len(text) and _joined(text, index):
        index -= 1
    return index


def cluster_end(text: str, index: int) -> int:
    """Return where the character ends that `index` is within; `index` itself between two."""
    while 0 < index < len(text) and _joined(text, index):
        index += 1
    return index


def _joined(text: str, index: int) -> bool:
    """Return whether what a reader sees as one character goes on over `index`."""
    before, after = text[index - 1], text[index]
    return (
        unicodedata.category(after) in {"Mn", "Mc", "Me"}
        or after in JOINERS
        or before == "\u200d"
        or "\U0001f3fb" <= after <= "\U0001f3ff"  # skin tones
        or "\U000e0020" <= after <= "\U000e007f"  # tags, as in the flags of regions
        or (FLAG_LETTER.match(after) is not None and _flag_letters_before(text, index) % 2 == 1)
        or ("\u1100" <= before <= "\u11ff" and "\u1160" <= after <= "\u11ff")  # Hangul written in letters
        or after == "\u0e33"  # Thai sara am, drawn over what is before it
    )


def _flag_letters_before(text: str, index: int) -> int:
    """Return how many letters of flags, two of which make a flag, end at `index`."""
    start = index
    while start > 0 and FLAG_LETTER.match(text[start - 1]):
        start -= 1
    return index - start
