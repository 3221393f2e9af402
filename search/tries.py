"""Which of the tries at a text is shown: as typed, in close spellings, or in some of its words; pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from search.analysis import Analysis
from search.model import Match
from search.plan import Plan
from search.results import Found

FEW = 3
"""Results as typed below which it is seen whether any is named so, and else what has some of the words is shown too."""


class Page(Protocol):
    """An engine's answer to one try: the number of results, and the first of them."""

    @property
    def total(self) -> int:
        """All results."""
        ...

    @property
    def found(self) -> Sequence[Found]:
        """Those of the page."""
        ...


Answer = TypeVar("Answer", bound=Page)


def settle(plan: Plan, ask: Callable[[Match], Answer], analysis: Analysis) -> tuple[Match, Answer]:
    """Return the try that is shown, and its answer.

    :param ask: makes one try; its page has to be the first.
    """
    page = ask("exact")
    if page.total >= FEW or (page.total and (not plan.several or any(named(f, plan, analysis) for f in page.found))):
        return "exact", page
    if not page.total and (close := ask("close")).total:
        return "close", close
    if plan.several and (partial := ask("partial")).total > page.total:
        return "partial", partial
    return "exact", page


def named(found: Found, plan: Plan, analysis: Analysis) -> bool:
    """Tell whether a result's name has all that was asked for; one found by a single word or by pinyin has."""
    group = next((one for one in plan.groups if one.group == found.group), None)
    if group is None or len(group.needed) == 1:
        return True
    names = f"{found.texts.get('name', '')} ; {found.texts.get('other_names', '')}"
    stems = set(analysis.stems(group.group, (token.text for token in analysis.tokens(names))))
    return all(
        any(set(analysis.stems(group.group, (term.text for term in choice.terms))) <= stems for choice in unit.choices)
        for unit in group.needed
    )
