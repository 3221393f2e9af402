"""Where the terms of a query stand in a text, found without cutting all of it into tokens."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from search import text as cutting
from search.analysis import Analysis, engine_analyzer, profile
from search.characters import cluster_end, cluster_start
from search.plan import Plan
from search.text import Token
from search.units import Term


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of text that was searched for, and which term it is."""

    start: int
    end: int
    term: str


Place = tuple[int, int, str]
"""Where a term stands in a normalised text, and which."""

ARABIC = "\u0620-\u064a"
BEGINNING = 3
"""Letters of a stem that a word has to begin with for the trouble to stem it too."""


class Marker:
    """Finds the terms of one query in any number of texts.

    :param plan: None marks nothing.
    """

    def __init__(self, plan: Plan | None, analysis: Analysis) -> None:
        self._plan = plan
        self._analysis = analysis
        self._groups: dict[str, _Terms] = {}

    def marks(self, text: str, group: str) -> list[Mark]:
        """Return where terms stand in a text of a language group, in order."""
        if self._plan is None:
            return []
        terms = self._groups.get(group)
        if terms is None:
            terms = self._groups[group] = _Terms(self._plan.terms_in(group), group, self._analysis)
        if not terms:
            return []
        normal, starts, ends = cutting.aligned(text, self._analysis.normalisers.simplify)
        return [
            Mark(cluster_start(text, starts[start]), cluster_end(text, ends[end - 1]), term)
            for start, end, term in sorted(terms.places(normal))
        ]


class _Terms:
    """The terms looked for in the texts of a language group."""

    def __init__(self, terms: Sequence[Term], group: str, analysis: Analysis) -> None:
        whole = dict.fromkeys(term.text for term in terms if not term.prefix)
        words = [text for text in whole if not cutting.is_cjk(text)]
        self._group = group
        self._analysis = analysis
        self._characters = (
            *(text for text in whole if cutting.is_cjk(text)),
            *dict.fromkeys(term.text for term in terms if term.prefix),
        )
        self._thai = tuple(text for text in words if cutting.is_thai(text))
        self._stems = frozenset(analysis.stems(group, words))
        self._candidates = _candidates(self._stems, group) if len(words) > len(self._thai) else None

    def __bool__(self) -> bool:
        return bool(self._characters or self._stems)

    def places(self, normal: str) -> Iterator[Place]:
        """Yield where terms stand in a normalised text."""
        for term in self._characters:
            start = normal.find(term)
            while start >= 0:
                yield start, start + len(term), term
                start = normal.find(term, start + 1)
        words = [*self._words(normal), *self._thai_words(normal)]
        for word, stem in zip(words, self._analysis.stems(self._group, (word.text for word in words)), strict=True):
            if stem in self._stems:
                yield word.start, word.end, stem

    def _words(self, normal: str) -> Iterator[Token]:
        """Yield the words that may have one of the stems."""
        if self._candidates is None:
            return
        end = 0
        for found in self._candidates.finditer(normal):
            start = found.start()
            if start < end or (start and cutting.PLAIN.match(normal[start - 1])):
                continue
            if word := cutting.PLAIN.match(normal, start):
                end = word.end()
                yield cutting.cut_word(word.group(), start)

    def _thai_words(self, normal: str) -> Iterator[Token]:
        """Yield the words of Thai pieces that have one of those looked for: dividing them takes a dictionary."""
        if not any(word in normal for word in self._thai):
            return
        for piece in cutting.THAI_RUN.finditer(normal):
            if any(word in piece.group() for word in self._thai):
                yield from cutting.cut_words(self._analysis.normalisers.segment_thai(piece.group()), piece.start())


@functools.cache
def _accented() -> dict[str, str]:
    """Return by letter what folding makes it of, several letters by the first of them."""
    letters = [chr(code) for code in (*range(0xC0, 0x250), *range(0x400, 0x460), *range(0x1E00, 0x1F00))]
    found: dict[str, str] = {}
    for letter in letters:
        folded = "".join(engine_analyzer(None).analyze(letter))
        if folded != letter == letter.casefold():
            found[folded[0]] = found.get(folded[0], "") + letter
    return found


def _candidates(stems: Iterable[str], group: str) -> re.Pattern[str]:
    """Return a pattern of how words begin that may have one of the stems; Arabic ones may have an article in front.

    Where umlauts may be written out, the stem's second letter need not be the word's.
    """
    longest = 1 if profile(group).written_out else BEGINNING
    beginnings = {stem[: max(1, min(longest, len(stem) - 1))] for stem in stems}
    return re.compile("|".join(map(_beginning, sorted(beginnings))))


def _beginning(letters: str) -> str:
    pattern = "".join(map(_any_accent, letters))
    for first, second, both in (("o", "e", "œ"), ("a", "e", "æ")):
        apart = _any_accent(first) + _any_accent(second)
        pattern = pattern.replace(apart, f"(?:{apart}|{both})")
    return f"(?<![a-z]){pattern}" if letters[0] < ARABIC[0] else f"[{ARABIC}]{{0,4}}?{pattern}"


def _any_accent(letter: str) -> str:
    accented = _accented().get(letter, "")
    return f"[{letter}{accented}]" if accented else re.escape(letter)
