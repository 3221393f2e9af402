"""How each language is analysed: the one table that both engines are built from."""

from __future__ import annotations

import functools
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import tantivy

from search import preparing
from search import text as cutting
from search.text import Token

VERSION = 4
"""Raise it when tokens change in a way that the table below does not show, so that indexes are rebuilt."""


REMEMBERED, REMEMBERED_LENGTH = 4096, 300
"""How many texts are remembered as tokens, and up to which length."""

WORDS = 65_536
"""How many words are remembered as stems, about all that the texts of a large catalog have."""

WRITTEN_OUT = re.compile("([aou])e")


@dataclass(frozen=True, slots=True)
class Profile:
    """How one language is indexed.

    :param group: languages of one group share their fields, and are found through each other.
    :param stemmer: the Snowball stemmer, by the name both engines know it by (Elasticsearch capitalised).
    :param written_out: umlauts may be typed as two letters: `ae`, `oe`, `ue`.
    :param compounds: words are written together that may be looked for one by one.
    """

    group: str
    stemmer: str | None = None
    written_out: bool = False
    compounds: bool = False


PROFILES = {
    "zh-Hans": Profile("zh"),
    "zh-Hant": Profile("zh"),
    "ja": Profile("ja"),
    "ko": Profile("ko"),
    "th": Profile("th", compounds=True),
    "en": Profile("en", "english"),
    "ru": Profile("ru", "russian"),
    "fr": Profile("fr", "french"),
    "de": Profile("de", "german", written_out=True, compounds=True),
    "es": Profile("es", "spanish"),
    "pt": Profile("pt", "portuguese"),
    "ar": Profile("ar", "arabic"),
}


@dataclass(frozen=True, slots=True)
class Normalisers:
    """Knowledge of languages that needs libraries or dictionaries, given by the caller.

    :param simplify: Traditional Chinese to Simplified; text without any comes back as it is.
    :param pinyin: Chinese characters to one syllable each, in ASCII without tones, ü as v.
    :param segment_thai: a run of Thai characters to its words, which joined give the run again.
    :param version: changes when these may give something else, as with another edition of a dictionary.
    """

    simplify: Callable[[str], str]
    pinyin: Callable[[str], Sequence[str]]
    segment_thai: Callable[[str], Sequence[str]]
    version: Callable[[], str] = lambda: ""


@functools.cache
def engine_analyzer(stemmer: str | None) -> tantivy.TextAnalyzer:
    """Return what an engine does with prepared tokens: fold accents, then stem.

    Folding first lets `musee` find `musées`.
    """
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).filter(tantivy.Filter.ascii_fold())
    return (builder.filter(tantivy.Filter.stemmer(stemmer)) if stemmer else builder).build()


@dataclass(frozen=True)
class Analysis:
    """The languages of a site and how their texts become tokens.

    :param languages: language tags; one that `PROFILES` lacks is indexed as plain words, unstemmed.
    """

    languages: tuple[str, ...]
    normalisers: Normalisers

    @functools.cached_property
    def groups(self) -> dict[str, tuple[str, ...]]:
        """The language groups and the languages in each, in the site's order."""
        groups: dict[str, tuple[str, ...]] = {}
        for language in self.languages:
            group = profile(language).group
            groups[group] = (*groups.get(group, ()), language)
        return groups

    def stemmer(self, group: str) -> str | None:
        """Return the stemmer of a group's fields."""
        return profile(self.groups[group][0]).stemmer

    def tokens(self, text: str) -> Sequence[Token]:
        """Cut a text into normalised tokens; positions are those within each run, of no use to the caller."""
        return self._remembered(text) if len(text) <= REMEMBERED_LENGTH else self._cut(text)

    @functools.cached_property
    def _remembered(self) -> Callable[[str], Sequence[Token]]:
        """Cut a text as before: names are needed in several forms, and tags and districts come again and again."""
        return functools.lru_cache(maxsize=REMEMBERED)(self._cut)

    def _cut(self, text: str) -> Sequence[Token]:
        text = cutting.normalise(text, self.normalisers.simplify)
        segment_thai = self.normalisers.segment_thai
        return [token for run in cutting.runs(text) for token in cutting.cut(run.group(), segment_thai)]

    def spans(self, text: str) -> list[Token]:
        """Cut a text into normalised tokens that know where they stand in the text as written."""
        normal, starts, ends = cutting.aligned(text, self.normalisers.simplify)
        return [
            Token(token.text, starts[run.start() + token.start], ends[run.start() + token.end - 1], token.kind)
            for run in cutting.runs(normal)
            for token in cutting.cut(run.group(), self.normalisers.segment_thai)
        ]

    def prepare(self, text: str) -> str:
        """Return a text as tokens joined by spaces, which is what the engines' fields take."""
        normal = cutting.normalise(text, self.normalisers.simplify)
        return preparing.prepared(normal, self.normalisers.segment_thai)

    def fold(self, tokens: Iterable[str]) -> list[str]:
        """Return tokens with accents folded, as unstemmed fields have them."""
        return engine_analyzer(None).analyze(" ".join(tokens))

    def stems(self, group: str, tokens: Iterable[str]) -> list[str]:
        """Return tokens as the text fields of a group have them, one for one."""
        return engine_analyzer(self.stemmer(group)).analyze(" ".join(tokens))

    def stem(self, group: str, token: str) -> str:
        """Return one token as the text fields of a group have it."""
        return self._stem(self.stemmer(group), token)

    def stemming(self, group: str) -> Callable[[str], str]:
        """Return the same for one group, for who has many tokens to stem."""
        return functools.partial(self._stem, self.stemmer(group))

    @functools.cached_property
    def _stem(self) -> Callable[[str | None, str], str]:
        """Stem a token as before: the words of a language come again in most of its texts."""

        def stem(stemmer: str | None, token: str) -> str:
            return " ".join(engine_analyzer(stemmer).analyze(token))

        return functools.lru_cache(maxsize=WORDS)(stem)

    def variants(self, group: str, word: str) -> tuple[str, ...]:
        """Return other ways to spell a word in a language group, as its fields may have it."""
        if not profile(self.groups[group][0]).written_out:
            return ()
        plain = self.unwritten(word)
        return (plain,) if plain != word else ()

    def compounds(self, group: str) -> bool:
        """Tell whether words of a language group may be compounds."""
        return profile(self.groups[group][0]).compounds

    @staticmethod
    def unwritten(text: str) -> str:
        """Return a text with umlauts that were written out as folding leaves them: `gaerten` as `garten`."""
        return WRITTEN_OUT.sub(r"\1", text)

    @functools.cached_property
    def fingerprint(self) -> str:
        """A short hash that changes when indexes have to be rebuilt because tokens changed."""
        table = [[language, profile(language).group, profile(language).stemmer] for language in self.languages]
        return hashlib.sha256(json.dumps([VERSION, table, self.normalisers.version()]).encode()).hexdigest()[:12]


def profile(language: str) -> Profile:
    """Return how a language is indexed."""
    return PROFILES.get(language) or Profile(language.lower().replace("-", "_"))
