"""A reader's text taken apart into what any engine can look for; pure."""

from __future__ import annotations

import math
from dataclasses import dataclass

from search import weights
from search.analysis import Analysis, profile
from search.documents import COMPLETION_MAX, PINYIN_MAX, compact, whole_name

TEXT_MAX = 200
"""Characters of a query that count; no name is longer."""

TOKENS_MAX = 20
"""Tokens of a query that count, so that one query costs a bounded time."""

ALL_NEEDED = 3
SHARE_NEEDED = 0.75

PINYIN_MIN = 3
LONG_PINYIN_MIN = 6
"""Letters from which on pinyin is looked for in close spellings, and is no accident when it makes a whole name."""


@dataclass(frozen=True, slots=True)
class Term:
    """A token to find; as the beginning of a token when `prefix`, which single Chinese characters need."""

    text: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class CloseTerm:
    """A folded word that may be misspelt in `distance` letters."""

    text: str
    distance: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What to look for.

    :param groups: language groups and their weight, the reader's first.
    :param required: how many of the terms one language has to match.
    :param name: the whole text as an exact name.
    :param letters: the text as pinyin without spaces, tones and digits; empty when it cannot be pinyin.
    :param close: words for the second try, when nothing matched as typed.
    """

    groups: tuple[tuple[str, float], ...]
    terms: tuple[Term, ...] = ()
    required: int = 0
    name: str = ""
    letters: str = ""
    close: tuple[CloseTerm, ...] = ()

    @property
    def whole_pinyin_weight(self) -> float:
        """What it counts that the text is a name in pinyin, from one of its syllables to its end."""
        return weights.PINYIN_LONG if len(self.letters) >= LONG_PINYIN_MIN else weights.PINYIN_WHOLE


def plan_text(text: str, language: str, analysis: Analysis) -> Plan | None:
    """Take a query's text apart.

    :return: None when the text is blank, which asks for everything; a plan without terms finds nothing.
    """
    if not text.strip():
        return None
    text = text[:TEXT_MAX]
    terms = _terms(text, analysis)
    return Plan(
        groups=_groups(language, analysis),
        terms=terms,
        required=_required(len(terms)),
        name=whole_name(text, analysis),
        letters=_letters(compact(text, analysis)),
        close=tuple(CloseTerm(word, _distance(word)) for word in analysis.fold(term.text for term in terms)),
    )


@dataclass(frozen=True, slots=True)
class Completion:
    """What a name should go on from.

    :param typed: without spaces, folded.
    :param letters: the same as pinyin; empty when it cannot be.
    :param group: the reader's language group.
    """

    typed: str
    letters: str
    group: str


def plan_completion(prefix: str, language: str, analysis: Analysis) -> Completion | None:
    """Take apart what is being typed; None when there is nothing in it to go on from."""
    typed = compact(prefix[:TEXT_MAX], analysis)[:COMPLETION_MAX]
    return Completion(typed, _letters(typed), profile(language).group) if typed else None


def _letters(typed: str) -> str:
    """Return text without spaces as it would stand in the pinyin field, or nothing if it has more than a-z."""
    joined = typed.translate(dict.fromkeys(map(ord, "0123456789")))[:PINYIN_MAX]
    return joined if joined.isascii() and joined.isalpha() else ""


def _terms(text: str, analysis: Analysis) -> tuple[Term, ...]:
    tokens = (token for token in analysis.tokens(text) if token.kind != "tail")
    terms = dict.fromkeys(Term(token.text, prefix=token.kind == "single") for token in tokens)
    return tuple(terms)[:TOKENS_MAX]


def _groups(language: str, analysis: Analysis) -> tuple[tuple[str, float], ...]:
    own = profile(language).group
    ordered = sorted(analysis.groups, key=lambda group: group != own)
    return tuple((group, weights.OWN_LANGUAGE if group == own else 1.0) for group in ordered)


def _required(terms: int) -> int:
    """Short queries are meant word by word; of a longer one some words are only there to say it."""
    return terms if terms <= ALL_NEEDED else math.ceil(SHARE_NEEDED * terms)


def _distance(word: str) -> int:
    """Return how many letters may be wrong, as Elasticsearch's `AUTO` has it."""
    if len(word) <= 2:
        return 0
    return 1 if len(word) <= 5 else 2
