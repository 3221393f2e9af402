"""The extract of a listing that shows why it was found; the same for every engine."""

from __future__ import annotations

import bisect
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from search.analysis import Analysis
from search.model import Segment
from search.plan import Plan
from search.text import Token

WIDTH = 160
"""Columns of an extract; a wide character takes two."""

LEAD = 40
"""Columns before the first mark, so that it stands in its sentence."""

SPACE = re.compile(r"\s+")
JOINERS = frozenset("\u200c\u200d")
FLAG_LETTER = re.compile("[\U0001f1e6-\U0001f1ff]")


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of text that was searched for, and which term it is."""

    start: int
    end: int
    term: str


def extract(texts: Mapping[str, str], group: str, plan: Plan | None, analysis: Analysis) -> tuple[Segment, ...] | None:
    """Return an extract of the summary, or of the body when only that has the words.

    :param texts: `summary` and `body` in one language.
    :return: None when both are empty; the beginning of the summary, unmarked, when neither has the words.
    """
    fields = [text for field in ("summary", "body") if (text := SPACE.sub(" ", texts.get(field, "")).strip())]
    if not fields:
        return None
    for text in fields:
        if plan and (marks := find_marks(text, group, plan, analysis)):
            start, end = _window(text, marks)
            return _segments(text, start, end, marks)
    return _segments(fields[0], 0, _reach(fields[0], 0, WIDTH), [])


def find_marks(text: str, group: str, plan: Plan, analysis: Analysis) -> list[Mark]:
    """Return where the terms of a plan stand in a text of a language group, in order."""
    spans = analysis.spans(text)
    stems = analysis.stems(group, (span.text for span in spans))
    terms = plan.terms_in(group)
    whole = set(analysis.stems(group, (term.text for term in terms if not term.prefix)))
    beginnings = tuple(term.text for term in terms if term.prefix)
    marks = []
    for span, stem in zip(spans, stems, strict=True):
        if stem in whole and span.kind != "tail":
            marks.append(_mark(text, span, stem, len(span.text)))
        elif beginnings and stem.startswith(beginnings):
            marks.append(_mark(text, span, stem[0], 1))
    return marks


def _mark(text: str, span: Token, term: str, length: int) -> Mark:
    end = min(span.end, span.start + length) if span.kind in {"pair", "single", "tail"} else span.end
    return Mark(_cluster_start(text, span.start), _cluster_end(text, end), term)


def _window(text: str, marks: Sequence[Mark]) -> tuple[int, int]:
    """Return the stretch that shows the most different terms; the first of equals."""
    starts = [mark.start for mark in marks]

    def shown(first: int) -> int:
        last = bisect.bisect_left(starts, _reach(text, starts[first], WIDTH - LEAD))
        return len({mark.term for mark in marks[first:last]})

    first = max(range(len(marks)), key=shown)
    start = _word_start(text, _reach_back(text, marks[first].start, LEAD))
    return start, max(_reach(text, start, WIDTH), marks[first].end)


def _segments(text: str, start: int, end: int, marks: Sequence[Mark]) -> tuple[Segment, ...]:
    segments = [Segment("…", False)] if start > 0 else []
    position = start
    for mark in marks:
        left, right = max(mark.start, position), min(mark.end, end)
        if left >= right:
            continue
        if left > position:
            segments.append(Segment(text[position:left], False))
        if left == position and segments and segments[-1].marked:  # overlapping pairs are one mark
            segments[-1] = Segment(segments[-1].text + text[left:right], True)
        else:
            segments.append(Segment(text[left:right], True))
        position = right
    if position < end:
        segments.append(Segment(text[position:end], False))
    return (*segments, Segment("…", False)) if end < len(text) else tuple(segments)


def _columns(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _reach(text: str, start: int, columns: int) -> int:
    """Return where a text of so many columns from `start` on ends, at a word's end in scripts with spaces."""
    end = start
    while end < len(text) and columns > 0:
        columns -= _columns(text[end])
        end += 1
    if end == len(text):
        return end
    space = text.rfind(" ", start, end + 1)
    if space > start + (end - start) // 2:
        return space
    return max(_cluster_start(text, end), start + 1)


def _reach_back(text: str, end: int, columns: int) -> int:
    while end > 0 and columns > 0:
        end -= 1
        columns -= _columns(text[end])
    return end


def _word_start(text: str, index: int) -> int:
    """Return the next beginning of a word at or after `index`, if one is near; else that of the character."""
    if index == 0:
        return 0
    space = text.find(" ", index - 1, index + LEAD // 2)
    return space + 1 if space >= 0 else _cluster_start(text, index)


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


def _cluster_start(text: str, index: int) -> int:
    while 0 < index < len(text) and _joined(text, index):
        index -= 1
    return index


def _cluster_end(text: str, index: int) -> int:
    while 0 < index < len(text) and _joined(text, index):
        index += 1
    return index
