"""Judged queries: what people type, and which listings answer it; and the two measures they are held to."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import ryaml

QUERIES = Path(__file__).parent / "queries"
SORTS = frozenset(
    [
        "exact",
        "everyday",
        "inflected",
        "question",
        "typo",
        "pinyin",
        "initials",
        "script",
        "other-language",
        "person",
        "dish",
        "category",
        "district",
        "nearby",
    ]
)
BEST, GOOD = 3, 2
DEPTH = 10
"""Results that nDCG looks at."""
UNTUNED = "unseen"
"""How files are named whose queries were judged before any engine was asked them; told apart in the measures."""


@dataclass(frozen=True)
class Judged:
    """One query. `wanted` are grades 1 to 3 by listing; `half` is for telling tuning (0) from judging (1)."""

    text: str
    sort: str
    page: str
    wanted: Mapping[str, int]
    file: str
    half: int

    @property
    def part(self) -> str:
        """Which file's which half the query is of, as the measures tell them apart."""
        return f"{self.file if self.file.startswith(UNTUNED) else 'known'}, {('tuning', 'judging')[self.half]}"


@dataclass(frozen=True)
class Score:
    """How one query went: whether one of the first three is what was meant, and nDCG of the first ten."""

    judged: Judged
    found: tuple[str, ...]

    @property
    def success(self) -> bool:
        wanted = self.judged.wanted
        enough = min(GOOD, max(wanted.values()))
        return any(wanted.get(one, 0) >= enough for one in self.found[:3])

    @property
    def ndcg(self) -> float:
        best = sorted(self.judged.wanted.values(), reverse=True)
        return _gain([self.judged.wanted.get(one, 0) for one in self.found]) / _gain(best)


def read(folder: Path = QUERIES) -> list[Judged]:
    """Return every query; a file is named by its pages' language, or else each of its queries says that language."""
    return [judged for file in sorted(folder.glob("*.yaml")) for judged in _read_file(file)]


def _read_file(file: Path) -> list[Judged]:
    entries = ryaml.loads(file.read_text(encoding="utf-8"))
    halves = [index % 2 for index in range(len(entries))]
    random.Random(file.stem).shuffle(halves)
    found = []
    for entry, half in zip(entries, halves, strict=True):
        page = str(entry.get("page", file.stem))
        assert entry["sort"] in SORTS, f"{file.name}: {entry}"
        found.append(Judged(str(entry["q"]), entry["sort"], page, dict(entry["want"]), file.stem, half))
    return found


def _gain(grades: Sequence[int]) -> float:
    return sum((2**grade - 1) / math.log2(rank + 2) for rank, grade in enumerate(grades[:DEPTH]))


def table(scores: Iterable[Score]) -> str:
    """Return the measures per language and per sort, a line each."""
    scores = list(scores)
    lines = [_line("all", scores)]
    halves = _by(scores, lambda score: score.judged.part)
    for name, groups in (("language", by_language(scores)), ("sort", by_sort(scores)), ("half", halves)):
        lines += ["", f"by {name}", *(_line(value, group) for value, group in groups.items())]
    return "\n".join(lines)


def by_language(scores: Sequence[Score]) -> dict[str, list[Score]]:
    """Return scores by the language of the page."""
    return _by(scores, lambda score: score.judged.page)


def by_sort(scores: Sequence[Score]) -> dict[str, list[Score]]:
    """Return scores by the sort of query."""
    return _by(scores, lambda score: score.judged.sort)


def _by(scores: Sequence[Score], key: Callable[[Score], str]) -> dict[str, list[Score]]:
    return {value: [s for s in scores if key(s) == value] for value in sorted({key(s) for s in scores})}


def missed(scores: Iterable[Score]) -> list[str]:
    """Return a line for each query whose first three results are none of what was meant."""
    return [
        f"missed: {one.page} {one.sort} {one.text!r} ({one.file}): {', '.join(score.found[:3]) or 'nothing'}"
        for score in scores
        if not score.success
        for one in [score.judged]
    ]


def success_at_3(scores: Sequence[Score]) -> float:
    """Return the share of queries with what was meant among the first three."""
    return sum(score.success for score in scores) / len(scores)


def mean_ndcg(scores: Sequence[Score]) -> float:
    """Return the mean nDCG of the first ten results."""
    return sum(score.ndcg for score in scores) / len(scores)


def _line(name: str, scores: Sequence[Score]) -> str:
    return f"  {name:20} {len(scores):4} queries  success@3 {success_at_3(scores):.3f}  nDCG@10 {mean_ndcg(scores):.3f}"
