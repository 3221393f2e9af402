"""Where the terms of a query stand in a text, found without cutting all of it into tokens."""

from __future__ import annotations

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
        for found in self._candidates.finditer(normal.translate(FOLDED)):
            if found.start() >= end and (word := cutting.PLAIN.match(normal, found.start())):
                end = word.end()
                yield cutting.cut_word(word.group(), word.start())

    def _thai_words(self, normal: str) -> Iterator[Token]:
        """Yield the words of Thai pieces that have one of those looked for: dividing them takes a dictionary."""
        if not any(word in normal for word in self._thai):
            return
        for piece in cutting.THAI_RUN.finditer(normal):
            if any(word in piece.group() for word in self._thai):
                yield from cutting.cut_words(self._analysis.normalisers.segment_thai(piece.group()), piece.start())


class _Folded(dict[int, str]):
    """Letters without their accents, one for one, as they are met."""

    def __missing__(self, code: int) -> str:
        folded = engine_analyzer(None).analyze(chr(code))
        self[code] = folded[0] if folded and len(folded[0]) == 1 else chr(code)
        return self[code]


FOLDED = _Folded()


def _candidates(stems: Iterable[str], group: str) -> re.Pattern[str]:
    """Return a pattern of how words begin that may have one of the stems; Arabic ones may have it further on.

    Where umlauts may be written out, the stem's second letter need not be the word's.
    """
    longest = 1 if profile(group).written_out else BEGINNING
    beginnings = {re.escape(stem[: max(1, min(longest, len(stem) - 1))]) for stem in stems}
    before = f"{cutting.BEFORE_PLAIN}{cutting.PLAIN.pattern[:-1]}{{0,3}}?" if group == "ar" else cutting.BEFORE_PLAIN
    options = "|".join(sorted(beginnings)).replace("oe", "(?:oe|œ)").replace("ae", "(?:ae|æ)")
    return re.compile(f"{before}(?:{options})")
