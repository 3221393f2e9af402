"""A query cut into atoms: what phrases are made of, and what becomes terms; pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from search import text as cutting
from search.analysis import Analysis, Normalisers

HIRAGANA = re.compile("[\u3041-\u309f]")
KANA_BOTH = re.compile("[\u3041-\u30ff]")
HANGUL = re.compile("[\uac00-\ud7a3]+")


@dataclass(frozen=True, slots=True)
class Atom:
    """A word, or one character of a script without spaces.

    :param stem: as the text fields of the language group have it; a character as it is.
    :param run: the number of the unbroken run of characters it stands in; None for a word.
    :param grammar: likely to be there for the sentence's sake: hiragana beside other characters, a Korean particle.
    """

    text: str
    stem: str
    run: int | None = None
    grammar: bool = False


def atoms(text: str, group: str, analysis: Analysis) -> list[Atom]:
    """Cut a text into atoms of a language group, in order."""
    found: list[Atom] = []
    for piece in _pieces(text, analysis.normalisers):
        if isinstance(piece, str):
            found.append(Atom(piece, analysis.stem(group, piece)))
        else:
            found += piece
    return found


@lru_cache(maxsize=256)
def _pieces(text: str, normalisers: Normalisers) -> tuple[str | Sequence[Atom], ...]:
    """Cut a text into words and unbroken runs of characters: what is the same in all languages, which ask in turn."""
    normal = cutting.normalise(text, normalisers.simplify)
    written = unicodedata.normalize("NFKC", text)
    if len(written) != len(normal):
        written = normal
    found: list[str | Sequence[Atom]] = []
    run_number = 0
    for run in cutting.runs(normal):
        for piece in cutting.PIECE.finditer(run.group()):
            if piece["cjk"]:
                start = run.start() + piece.start()
                part = written[start : start + len(piece.group())]
                found.append(tuple(_characters(piece.group(), part, run_number)))
                run_number += 1
            else:
                found += _words(piece, normalisers)
    return tuple(found)


def _words(piece: re.Match[str], normalisers: Normalisers) -> Iterator[str]:
    words = normalisers.segment_thai(piece.group()) if piece["thai"] else [piece.group()]
    return (token.text for word in words if word.strip() for token in cutting.cut(word, lambda whole: [whole]))


def _characters(piece: str, written: str, run: int) -> Iterator[Atom]:
    grammar = _kana_grammar(written) or _particle(piece) or [False] * len(piece)
    yield from (Atom(character, character, run, flag) for character, flag in zip(piece, grammar, strict=True))


def _kana_grammar(written: str) -> list[bool] | None:
    """Tell hiragana from the rest, where there is both: what a Japanese sentence is about is seldom written in it."""
    flags = [HIRAGANA.match(character) is not None for character in written]
    return flags if any(flags) and not all(flags) else None


PARTICLES_AFTER_ANY = ("에서", "으로", "을", "를")
"""Particles that follow words of one syllable too; the others are then more likely to be part of a word."""
PARTICLES = (
    *PARTICLES_AFTER_ANY,
    "까지",
    "부터",
    "이랑",
    "은",
    "는",
    "이",
    "가",
    "에",
    "의",
    "로",
    "와",
    "과",
    "도",
    "랑",
)


def _particle(piece: str) -> list[bool] | None:
    """Find the particle at the end of a Korean word."""
    if not HANGUL.fullmatch(piece):
        return None
    for particle in PARTICLES:
        rest = len(piece) - len(particle)
        if piece.endswith(particle) and rest >= (1 if particle in PARTICLES_AFTER_ANY else 2):
            return [False] * rest + [True] * len(particle)
    return None
