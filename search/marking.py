"""Where the terms of a query stand in a text, found without cutting all of it into tokens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from search import text as cutting
from search.analysis import Analysis
from search.characters import cluster_end, cluster_start
from search.plan import Plan
from search.text import Token


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of text that was searched for, and which term it is."""

    start: int
    end: int
    term: str


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The terms looked for in a language group.

    :param words: stems of words, Thai ones too.
    :param pairs: two characters in a row.
    :param heads: characters that are looked for by themselves.
    :param thai: those of the words that are Thai, as their texts have them.
    """

    words: frozenset[str]
    pairs: tuple[str, ...]
    heads: tuple[str, ...]
    thai: tuple[str, ...]


class Marker:
    """Finds the terms of one query in any number of texts.

    :param plan: None marks nothing.
    """

    def __init__(self, plan: Plan | None, analysis: Analysis) -> None:
        self._plan = plan
        self._analysis = analysis
        self._groups: dict[str, _Wanted] = {}

    def marks(self, text: str, group: str) -> list[Mark]:
        """Return where terms stand in a text of a language group, in order."""
        if self._plan is None:
            return []
        wanted = self._groups.get(group)
        if wanted is None:
            wanted = self._groups[group] = _wanted(self._plan, group, self._analysis)
        normal = cutting.normalise(text, self._analysis.normalisers.simplify)
        if cutting.keeps_places(text, normal):
            found = [*_characters(normal, wanted), *self._words(normal, group, wanted)]
        else:
            found = list(self._tokens(text, group, wanted))
        found.sort()
        return [Mark(cluster_start(text, start), cluster_end(text, end), term) for start, end, term in found]

    def _words(self, normal: str, group: str, wanted: _Wanted) -> Iterator[tuple[int, int, str]]:
        if not wanted.words:
            return
        tokens = [token for token in self._cut(normal, wanted) if token.kind == "word"]
        stems = self._analysis.stems(group, (token.text for token in tokens))
        for token, stem in zip(tokens, stems, strict=True):
            if stem in wanted.words:
                yield token.start, token.end, stem

    def _cut(self, normal: str, wanted: _Wanted) -> Iterator[Token]:
        """Cut into words; Thai, which takes a dictionary, only where one of the words is."""
        for run in cutting.runs(normal):
            for piece in cutting.PIECE.finditer(run.group()):
                start, part = run.start() + piece.start(), piece.group()
                if piece["thai"] and any(word in part for word in wanted.thai):
                    yield from cutting.cut_words(self._analysis.normalisers.segment_thai(part), start)
                elif piece.lastgroup is None:
                    yield cutting.cut_word(part, start)

    def _tokens(self, text: str, group: str, wanted: _Wanted) -> Iterator[tuple[int, int, str]]:
        """Find terms in a text that changes its length when it is normalised, by all of its tokens."""
        spans = self._analysis.spans(text)
        whole = {*wanted.words, *wanted.pairs}
        for span, stem in zip(spans, self._analysis.stems(group, (span.text for span in spans)), strict=True):
            if stem in whole and span.kind != "tail":
                yield span.start, span.end, stem
            elif wanted.heads and stem.startswith(wanted.heads):
                yield span.start, min(span.end, span.start + 1), stem[0]


def _wanted(plan: Plan, group: str, analysis: Analysis) -> _Wanted:
    terms = plan.terms_in(group)
    whole = dict.fromkeys(term.text for term in terms if not term.prefix)
    pairs = tuple(text for text in whole if cutting.is_cjk(text))
    words = [text for text in whole if not cutting.is_cjk(text)]
    return _Wanted(
        words=frozenset(analysis.stems(group, words)),
        pairs=pairs,
        heads=tuple(dict.fromkeys(term.text for term in terms if term.prefix)),
        thai=tuple(text for text in words if cutting.is_thai(text)),
    )


def _characters(normal: str, wanted: _Wanted) -> Iterator[tuple[int, int, str]]:
    for term in (*wanted.pairs, *wanted.heads):
        start = normal.find(term)
        while start >= 0:
            yield start, start + len(term), term
            start = normal.find(term, start + 1)
