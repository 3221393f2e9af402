"""The languages a portal speaks, as its content directory declares them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from babel import Locale

UNIVERSAL = "en"
"""What most readers who lack their own language can make out: the second step of every fallback chain."""


@dataclass(frozen=True)
class Language:
    """One language: `tag` is BCP 47 (`zh-Hans`), `name` is what its readers call it (`简体中文`).

    `region` (`GB`) is whose way of writing dates and times it has, where that is not the language's usual one.
    """

    tag: str
    name: str
    region: str | None = None

    @cached_property
    def path(self) -> str:
        """The first segment of its URLs: the tag in lower case."""
        return self.tag.lower()

    @cached_property
    def locale(self) -> Locale:
        """Babel's locale, whose `str()` names the folder under `translations/`."""
        return Locale.parse(self.tag, sep="-")

    @cached_property
    def conventions(self) -> Locale:
        """Babel's locale for dates, times and numbers: of the region its readers are thought to be in."""
        return Locale.parse(f"{self.tag}-{self.region}", sep="-") if self.region else self.locale

    @cached_property
    def direction(self) -> str:
        """`ltr` or `rtl`."""
        return self.locale.text_direction


@dataclass(frozen=True)
class Languages:
    """All languages of a portal in the order readers see them, and the one texts are written in first."""

    all: tuple[Language, ...]
    source: Language

    def __iter__(self) -> Iterator[Language]:
        return iter(self.all)

    @cached_property
    def _by_spelling(self) -> Mapping[str, Language]:
        return {language.path: language for language in self.all}

    def get(self, spelling: str) -> Language | None:
        """Return the language for a tag in any spelling (`zh_HANS`), or None when the portal does not speak it."""
        return self._by_spelling.get(spelling.replace("_", "-").lower())

    @cached_property
    def tags(self) -> tuple[str, ...]:
        """The tags, in the order readers see the languages."""
        return tuple(language.tag for language in self.all)

    def fallbacks(self, language: Language) -> tuple[Language, ...]:
        """Return the languages whose text stands in when `language` has none, best first, itself leading."""
        return self._chains[language.tag]

    @cached_property
    def _chains(self) -> Mapping[str, tuple[Language, ...]]:
        then = [step for step in (self.get(UNIVERSAL), self.source) if step is not None]
        return {language.tag: tuple(dict.fromkeys([language, *then])) for language in self.all}

    def fallback_tags(self, language: Language) -> tuple[str, ...]:
        """Return the tags of the fallback chain."""
        return self._chain_tags[language.tag]

    @cached_property
    def _chain_tags(self) -> Mapping[str, tuple[str, ...]]:
        return {tag: tuple(step.tag for step in chain) for tag, chain in self._chains.items()}

    @property
    def default(self) -> Language:
        """Where a reader goes whose preferences name nothing the portal speaks."""
        return self.get(UNIVERSAL) or self.source
