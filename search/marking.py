"""Where the terms of a query stand in a text, found without cutting all of it into tokens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from search import text as cutting
from search.analysis import Analysis
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
        self._analysis = analysis
        self._characters = (
            *(text for text in whole if cutting.is_cjk(text)),
            *dict.fromkeys(term.text for term in terms if term.prefix),
        )
        self._thai = tuple(text for text in words if cutting.is_thai(text))
        self._stems = frozenset(analysis.stems(group, words))
        self._spaced = len(words) > len(self._thai)
        self._stem = analysis.stemming(group)
        self._seen: set[str] = set()
        self._marked: dict[str, str] = {}

    def __bool__(self) -> bool:
        return bool(self._characters or self._stems)

    def places(self, normal: str) -> Iterator[Place]:
        """Yield where terms stand in a normalised text."""
        for term in self._characters:
            start = normal.find(term)
            while start >= 0:
                yield start, start + len(term), term
                start = normal.find(term, start + 1)
        if self._spaced and self._has_marked(normal):
            for word in cutting.PLAIN.finditer(normal):
                if stem := self._marked.get(word.group()):
                    yield word.start(), word.end(), stem
        for part in self._thai_words(normal):
            if (stem := self._stem(part.text)) in self._stems:
                yield part.start, part.end, stem

    def _has_marked(self, normal: str) -> bool:
        """Tell whether a text has words with one of the stems; a word is stemmed once for all texts of an answer."""
        words = set(cutting.PLAIN.findall(normal))
        for word in words - self._seen:
            if (stem := self._stem(cutting.word_token(word))) in self._stems:
                self._marked[word] = stem
        self._seen |= words
        return not words.isdisjoint(self._marked)

    def _thai_words(self, normal: str) -> Iterator[Token]:
        """Yield the words of Thai pieces that have one of those looked for: dividing them takes a dictionary."""
        if not any(word in normal for word in self._thai):
            return
        for piece in cutting.THAI_RUN.finditer(normal):
            if any(word in piece.group() for word in self._thai):
                yield from cutting.cut_words(self._analysis.normalisers.segment_thai(piece.group()), piece.start())
