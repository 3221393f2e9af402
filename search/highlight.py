"""The extract of a listing that shows why it was found; the same for every engine."""

from __future__ import annotations

import bisect
from collections.abc import Mapping, Sequence

from search.characters import Ruler, cluster_start
from search.marking import Mark, Marker
from search.model import Segment

WIDTH = 160
"""Columns of an extract; a wide character takes two."""

LEAD = 40
"""Columns before the first mark, so that it stands in its sentence."""


def extract(texts: Mapping[str, str], group: str, marker: Marker) -> tuple[Segment, ...] | None:
    """Return an extract of the summary, or of the body when only that has the words.

    :param texts: `summary` and `body` in one language.
    :return: None when both are empty; the beginning of the summary, unmarked, when neither has the words.
    """
    first = ""
    for field in ("summary", "body"):
        text = " ".join(texts.get(field, "").split())
        if marks := marker.marks(text, group):
            ruler = Ruler(text)
            return _segments(text, *_window(text, marks, ruler), marks)
        first = first or text
    return _segments(first, 0, _reach(first, 0, WIDTH, Ruler(first)), []) if first else None


def _window(text: str, marks: Sequence[Mark], ruler: Ruler) -> tuple[int, int]:
    """Return the stretch that shows the most different terms; the first of equals."""
    starts = [mark.start for mark in marks]

    def shown(first: int) -> int:
        last = bisect.bisect_left(starts, ruler.forward(starts[first], WIDTH - LEAD))
        return len({mark.term for mark in marks[first:last]})

    first = max(range(len(marks)), key=shown)
    start = _word_start(text, ruler.back(marks[first].start, LEAD))
    return start, max(_reach(text, start, WIDTH, ruler), marks[first].end)


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


def _reach(text: str, start: int, columns: int, ruler: Ruler) -> int:
    """Return where a text of so many columns from `start` on ends, at a word's end in scripts with spaces."""
    end = ruler.forward(start, columns)
    if end == len(text):
        return end
    space = text.rfind(" ", start, end + 1)
    if space > start + (end - start) // 2:
        return space
    return max(cluster_start(text, end), start + 1)


def _word_start(text: str, index: int) -> int:
    """Return the next beginning of a word at or after `index`, if one is near; else that of the character."""
    if index == 0:
        return 0
    space = text.find(" ", index - 1, index + LEAD // 2)
    return space + 1 if space >= 0 else cluster_start(text, index)
