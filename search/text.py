"""Text to tokens, alike for what is indexed, what is asked and what is highlighted.

The script decides how a run of characters is cut, not the language of the text around it: a Chinese name in an English
sentence is cut as in a Chinese one, so a query needs no guess at its language. Chinese, Japanese and Korean become
pairs of neighbouring characters (bigrams), Thai the words of a dictionary, all else words.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import Literal, NamedTuple

TEXTS = 1024
"""How many normalised texts are remembered: extracts are made of the same popular ones again and again."""

TOKEN_MAX = 64
"""Characters of a token that count; what is longer is no word."""

CJK = (
    "\u1100-\u11ff\u3005-\u3007\u3041-\u30ff\u3130-\u318f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U00020000-\U000323af"
)
HAN = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
THAI = "\u0e00-\u0e7f"

ARABIC_ARTICLE = re.compile("^(?!الله$)(?:[وف]?[بك]?ال|[وف]?لل)(?=..)")
ARABIC_FIRST = frozenset("ابفكلو")

PIECE = re.compile(f"(?P<cjk>[{CJK}]+)|(?P<thai>[{THAI}]+)|[^{CJK}{THAI}]+")
HAN_RUN = re.compile(f"[{HAN}]+")
THAI_RUN = re.compile(f"[{THAI}]+")

# Marks that a reader may or may not type: accents left over after NFKC, Arabic vowel signs and the stretching tatweel,
# variation selectors, joiners, soft hyphens and directional marks.
IGNORED = (
    (0x00AD, 0x00AD), (0x0300, 0x036F), (0x0610, 0x061A), (0x0640, 0x0640), (0x064B, 0x065F), (0x0670, 0x0670),
    (0x06D6, 0x06DC), (0x06DF, 0x06E8), (0x06EA, 0x06ED), (0x200C, 0x200F), (0x202A, 0x202E), (0x2060, 0x2069),
    (0xFE00, 0xFE0F), (0xE0100, 0xE01EF),
)  # fmt: skip
SPELT_EITHER_WAY = ("ёأإآٱى", "еااااي")
"""Letters, and others that are often typed in their place."""
SARA_AM = re.compile("\u0e4d([\u0e48-\u0e4b]?)\u0e32")
"""The Thai vowel that NFKC takes apart, and that is typed with its tone mark before or after; dictionaries have one."""
KATAKANA = range(0x30A1, 0x30F7)
KATAKANA_TO_HIRAGANA = -0x60
ZEROS = (0x0660, 0x06F0, 0x0966, 0x0E50)
"""The digit zero in Arabic, Persian, Devanagari and Thai; the others follow it."""


class Token(NamedTuple):
    """A token, and where it stands in the text that was cut: `text[start:end]`.

    :param kind: `tail` is the last character of a run of pairs, indexed on its own but not asked for; `single` is a run
        of one character. See :func:`cut_pairs`.
    """

    text: str
    start: int
    end: int
    kind: Literal["word", "pair", "tail", "single"] = "word"


@functools.cache
def _translation() -> dict[int, int | None]:
    table: dict[int, int | None] = {code: None for first, last in IGNORED for code in range(first, last + 1)}
    table |= {code: code + KATAKANA_TO_HIRAGANA for code in KATAKANA}
    table |= {zero + digit: 0x30 + digit for zero in ZEROS for digit in range(10)}
    return table | {ord(letter): ord(plain) for letter, plain in zip(*SPELT_EITHER_WAY, strict=True)}


@functools.cache
def _translated() -> frozenset[str]:
    return frozenset(map(chr, _translation()))


@functools.cache
def _marks() -> frozenset[str]:
    """Return the marks that belong to letters, most of which Python's `\\w` leaves out."""
    marks = {chr(code) for code in range(0x0300, 0x20000) if unicodedata.category(chr(code)).startswith("M")}
    return frozenset(marks | {chr(code) for first, last in IGNORED for code in range(first, last + 1)})


@functools.lru_cache(maxsize=256)
def _word(marks: frozenset[str]) -> re.Pattern[str]:
    """Match a run of letters, digits, underscores and some marks; few at a time, for all of them are slow to match."""
    return re.compile(f"[\\w{re.escape(''.join(sorted(marks)))}]+")


def _word_of(text: str) -> re.Pattern[str]:
    return _word(frozenset() if text.isascii() else _marks().intersection(text))


def normalise(text: str, simplify: Callable[[str], str]) -> str:
    """Return text with width, case, accents on their own, kana, digits and Chinese script made one."""
    text = text.encode("utf-8", "ignore").decode()  # a lone surrogate is no character
    text = unicodedata.normalize("NFKC", text).casefold()
    if text.isascii():
        return text
    if not _translated().isdisjoint(text):
        text = text.translate(_translation())
    if "\u0e4d" in text:
        text = SARA_AM.sub("\\1\u0e33", text)
    return simplify(text) if HAN_RUN.search(text) else text


class Aligned(NamedTuple):
    """A normalised text, and for each of its characters where that stands in the text as written."""

    normal: str
    starts: Sequence[int]
    ends: Sequence[int]


@functools.lru_cache(maxsize=TEXTS)
def aligned(text: str, simplify: Callable[[str], str]) -> Aligned:
    """Normalise a text and keep track of places. What changes its length is looked at by itself, with what it joins."""
    moving = [] if text.isascii() else [character for character in set(text) if _MOVES[character]]
    joining = re.escape("".join(filter(_joins, moving)))
    shifting = re.escape("".join(filter(_shifts, moving))) + joining
    if not shifting:
        return Aligned(_as_long(text, simplify), range(len(text)), range(1, len(text) + 1))
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    with_before = f"[^{joining}]?[{joining}]+|" if joining else ""
    for match in re.finditer(f"{with_before}[{shifting}]", text):
        start, end = match.span()
        changed = normalise(match.group(), simplify)
        parts += (_as_long(text[at:start], simplify), changed)
        starts.extend(range(at, start))
        starts.extend([start] * len(changed))
        ends.extend(range(at + 1, start + 1))
        ends.extend([end] * len(changed))
        at = end
    parts.append(_as_long(text[at:], simplify))
    starts.extend(range(at, len(text)))
    ends.extend(range(at + 1, len(text) + 1))
    return Aligned("".join(parts), starts, ends)


def _as_long(text: str, simplify: Callable[[str], str]) -> str:
    """Normalise text in which nothing shifts; should a conversion of script change its length all the same, without."""
    normal = normalise(text, simplify)
    return normal if len(normal) == len(text) else normalise(text, lambda same: same)


class _Moves(dict[str, bool]):
    """Whether a character does either of what is told below, looked up once."""

    def __missing__(self, character: str) -> bool:
        self[character] = found = _shifts(character) or _joins(character)
        return found


_MOVES = _Moves()


@functools.lru_cache(maxsize=16_384)
def _shifts(character: str) -> bool:
    """Tell whether a character makes a text longer or shorter when it is normalised. Sara am is put together again."""
    normal = unicodedata.normalize("NFKC", character).casefold().translate(_translation())
    return (len(normal) != 1 or "\ud800" <= character <= "\udfff") and character != "\u0e33"


@functools.lru_cache(maxsize=16_384)
def _joins(character: str) -> bool:
    """Tell whether a character may be made one with what stands before it. Thai marks join nothing."""
    mark = unicodedata.category(character) in {"Mn", "Mc", "Me"} or "\u1100" <= character <= "\u11ff"
    return mark and not THAI_RUN.match(character)


PLAIN = re.compile(f"[^\\W_{CJK}{THAI}]+")
"""A word of a script with spaces, as a normalised text has it where nothing of several characters is left."""


def is_cjk(token: str) -> bool:
    """Tell whether a token is of characters, rather than a word."""
    piece = PIECE.match(token)
    return piece is not None and piece["cjk"] is not None


def is_thai(token: str) -> bool:
    """Tell whether a token is a Thai word."""
    piece = PIECE.match(token)
    return piece is not None and piece["thai"] is not None


def runs(text: str) -> Iterator[re.Match[str]]:
    """Return the runs of word characters in a text; an underscore is none."""
    return _word_of(text).finditer(text.replace("_", " "))


def words(text: str) -> list[str]:
    """Return the same runs as texts."""
    found: list[str] = _word_of(text).findall(text.replace("_", " "))
    return found


def cut(run: str, segment_thai: Callable[[str], Sequence[str]]) -> Iterator[Token]:
    """Cut one normalised run of word characters into tokens, script by script."""
    for piece in PIECE.finditer(run):
        text, start = piece.group(), piece.start()
        if piece["cjk"]:
            yield from cut_pairs(text, start)
        elif piece["thai"]:
            yield from cut_words(segment_thai(text), start)
        else:
            yield Token(word_token(text), start, start + len(text))


def word_token(word: str) -> str:
    """Return the token that a word of a script with spaces is found by."""
    return without_article(word)[:TOKEN_MAX]


def without_article(word: str) -> str:
    """Return an Arabic word without its article and what is joined to that, which the stemmer leaves on short words."""
    return ARABIC_ARTICLE.sub("", word, count=1) if word[0] in ARABIC_FIRST else word


def cut_pairs(text: str, start: int) -> Iterator[Token]:
    """Cut into overlapping pairs, and the last character on its own.

    With that last one every character of the run begins a token, so a single character is found as a prefix.
    """
    for index in range(len(text) - 1):
        yield Token(text[index : index + 2], start + index, start + index + 2, "pair")
    last = start + len(text) - 1
    yield Token(text[-1], last, last + 1, "single" if len(text) == 1 else "tail")


def cut_words(words: Sequence[str], start: int) -> Iterator[Token]:
    """Place words that follow each other without a gap."""
    for word in words:
        yield Token(word[:TOKEN_MAX], start, start + len(word))
        start += len(word)
