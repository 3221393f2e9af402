"""Which part of a long list a page shows."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil


@dataclass(frozen=True)
class Page:
    """Page `number` (from 1) of a list of `total` entries, `size` on each."""

    number: int
    size: int
    total: int

    @property
    def offset(self) -> int:
        """How many entries come before this page."""
        return (self.number - 1) * self.size

    @property
    def last(self) -> int:
        """The last page's number; an empty list has one page."""
        return max(1, ceil(self.total / self.size))

    @property
    def beyond_last(self) -> bool:
        """Whether there is no such page."""
        return self.number > self.last
