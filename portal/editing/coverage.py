"""How far the translations of listings are, as their files on disk stand; what is still a draft does not count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portal.catalog.problems import ContentError
from portal.editing import disk, document, sold_names
from portal.editing.document import Fields
from portal.editing.states import UP_TO_DATE, State, states


@dataclass(frozen=True)
class Coverage:
    """How many fields of a listing's translations are in which state, by language."""

    listing: str
    tallies: Mapping[str, Counter[State]]

    def needs_work(self) -> bool:
        """Tell whether anything is missing, out of date or made by a machine."""
        undone = (State.MISSING, State.STALE, State.MACHINE)
        return any(tally[state] for tally in self.tallies.values() for state in undone)


def of_listing(content: Path, listing: str, source: str, tags: Iterable[str]) -> Coverage:
    """Return how far the translations of a listing into some languages are."""
    wanted = [tag for tag in tags if tag != source]
    texts = disk.read(content, listing, [document.FACTS_FILE, *(f"{tag}.md" for tag in (source, *wanted))])
    fields: dict[str, Any] = {}
    for name, text in texts.items():
        try:
            fields |= document.read({name: text})
        except ContentError:  # as good as missing until it is mended
            continue
    return Coverage(listing, {tag: Counter(all_states(fields, source, tag).values()) for tag in wanted})


def all_states(fields: Fields, source: str, tag: str) -> dict[str, State]:
    """Return the state of everything of a listing that is translated: its text, and the names of what it sells."""
    return {**states(fields, source, tag), **sold_names.states(fields, source, tag)}


def share(tally: Counter[State]) -> float:
    """Return the share of fields that are up to date, from 0 to 1."""
    return sum(tally[state] for state in UP_TO_DATE) / tally.total() if tally.total() else 1.0
