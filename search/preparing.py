"""A normalised text as tokens joined by spaces, without a token's place: what indexes take, in one quick pass; pure.

The same as :func:`search.text.cut` gives, which a test holds; that one is for queries and highlights.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Sequence

from search import text as cutting

UNSPACED = re.compile(f"[{cutting.CJK}{cutting.THAI}]")
ARABIC = re.compile("[ء-ي]")


def prepared(normal: str, segment_thai: Callable[[str], Sequence[str]]) -> str:
    """Return the tokens of a text that :func:`search.text.normalise` made."""
    runs = cutting.words(normal)
    if not normal.isascii():
        if UNSPACED.search(normal):
            return " ".join(_pieces(runs, segment_thai))
        if ARABIC.search(normal):
            runs = [cutting.without_article(run) for run in runs]
    return " ".join(_shortened(runs))


def _shortened(runs: list[str]) -> list[str]:
    limit = cutting.TOKEN_MAX
    return runs if max(map(len, runs), default=0) <= limit else [run[:limit] for run in runs]


def _pieces(runs: list[str], segment_thai: Callable[[str], Sequence[str]]) -> Iterator[str]:
    limit = cutting.TOKEN_MAX
    for run in runs:
        if run.isascii():
            yield run[:limit]
            continue
        for piece in cutting.PIECE.finditer(run):
            text, kind = piece.group(), piece.lastgroup
            if kind == "cjk":
                yield from map(operator.add, text, text[1:])
                yield text[-1]
            elif kind == "thai":
                yield from (word[:limit] for word in segment_thai(text))
            else:
                yield cutting.without_article(text)[:limit]
