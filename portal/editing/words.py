"""What changed between two texts, word by word; in scripts without spaces, character by character."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from enum import StrEnum

CJK = r"\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
TOKEN = re.compile(rf"\d+(?:[:.,]\d+)*|[{CJK}]|[^\W{CJK}]+|\s+|.")
"""A number or a time of day is one word."""
LONGEST = 40_000
"""Longer texts are compared line by line: comparing takes the square of their length."""


class Change(StrEnum):
    """What became of a stretch of text."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


def difference(before: str, after: str) -> list[tuple[Change, str]]:
    """Return the stretches of both texts in order."""
    old, new = _tokens(before, after)
    return [(change, text) for change, text in _stretches(old, new) if text]


def _tokens(before: str, after: str) -> tuple[list[str], list[str]]:
    if len(before) + len(after) > LONGEST:
        return before.splitlines(keepends=True), after.splitlines(keepends=True)
    return TOKEN.findall(before), TOKEN.findall(after)


def _stretches(old: list[str], new: list[str]) -> Iterator[tuple[Change, str]]:
    for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Change.SAME, "".join(old[i:j])
            continue
        yield Change.REMOVED, "".join(old[i:j])
        yield Change.ADDED, "".join(new[k:m])
