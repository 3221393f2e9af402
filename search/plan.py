"""A reader's text taken apart into what any engine can look for; pure."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from search import text as cutting
from search import weights
from search.analysis import Analysis, profile
from search.documents import COMPLETION_MAX, PINYIN_MAX, compact, whole_name
from search.keyboards import meant_on_another
from search.lexicon import Lexicon
from search.reading import atoms
from search.spelling import heard
from search.units import Term, Unit, districts_of, units_of

TEXT_MAX = 200
"""Characters of a query that count; no name is longer."""

UNITS_MAX = 20
"""Units of a query that count, so that one query costs a bounded time."""

ALL_NEEDED = 2
SHARE_NEEDED = 0.6

PINYIN_MIN = 3
LONG_PINYIN_MIN = 6
"""Letters from which on pinyin is looked for in close spellings, and is no accident when it makes a whole name."""

BEGINNING_MIN = 3
"""Letters of a name's beginning that find it; characters of other scripts say more, so one is enough."""

LONG_SOUND_MIN = 8
"""Letters of what is heard, about three characters, from which on it is no accident that a name sounds so."""

CLOSE_NAME_MIN = 5
CLOSE_NAME_LONG = 9
"""Characters of a whole name from which on one of them, or two, may be wrong."""

CLOSE_NAME_MIN_CJK = 4
"""The same for one of Chinese, Japanese or Korean characters, each of which says more."""


@dataclass(frozen=True, slots=True)
class CloseTerm:
    """A folded word that may be misspelt in `distance` letters."""

    text: str
    distance: int


@dataclass(frozen=True, slots=True)
class GroupPlan:
    """What to look for in the texts of one language group.

    :param required: how many of the needed units have to match.
    """

    group: str
    weight: float
    units: tuple[Unit, ...]
    required: int

    @property
    def needed(self) -> tuple[Unit, ...]:
        """The units that say what is looked for."""
        return tuple(unit for unit in self.units if unit.needed)

    @property
    def helpful(self) -> tuple[Unit, ...]:
        """The units that may match as well."""
        return tuple(unit for unit in self.units if not unit.needed)

    @property
    def said(self) -> str:
        """The text without the words that only ask."""
        return " ".join(unit.typed for unit in self.units if unit.typed)

    @property
    def terms(self) -> tuple[Term, ...]:
        """Every term of every unit, each once."""
        return tuple(dict.fromkeys(term for unit in self.units for words in unit.choices for term in words.terms))


@dataclass(frozen=True, slots=True)
class Plan:
    """What to look for.

    :param groups: language groups, the reader's first; groups in which there is nothing to look for are left out.
    :param names: the whole text as an exact name, as typed and without the words that only ask.
    :param beginnings: the same without spaces, as the beginning of a name or of its last words.
    :param endings: those of the beginnings that are long enough to be told from chance as a name's last words.
    :param letters: the text as pinyin without spaces, tones and digits, in each way it may be meant.
    :param sounds: Chinese characters as the pinyin they are heard as, for characters mistaken for others.
    :param close: words for the second try, when nothing matched as typed; a set for each way to leave out asking words.
    :param advice: it asks how or when rather than where.
    :param districts: those that it names, in the reader's language or else any.
    :param other: what it was more likely meant to be: with slips in everyday words put right, with what was written by
        ear as pinyin, or else as the same keys write it on the reader's other keyboard.
    """

    groups: tuple[GroupPlan, ...] = ()
    names: tuple[str, ...] = ()
    beginnings: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()
    letters: tuple[str, ...] = ()
    sounds: str = ""
    close: tuple[tuple[CloseTerm, ...], ...] = ()
    advice: bool = False
    districts: tuple[str, ...] = ()
    other: Plan | None = None

    def terms_in(self, group: str) -> tuple[Term, ...]:
        """Return the terms looked for in a language group, for highlights."""
        own = next((plan.terms for plan in self.groups if plan.group == group), ())
        return own + (self.other.terms_in(group) if self.other else ())

    @property
    def meant_groups(self) -> tuple[GroupPlan, ...]:
        """The groups of the text as typed, and as it was more likely meant."""
        return self.groups + (self.other.groups if self.other else ())

    @property
    def story_weight(self) -> float:
        """What it counts that a result is no place but tells of some."""
        return weights.ADVICE if self.advice else weights.STORY

    @property
    def several(self) -> bool:
        """Whether there is more than one thing to match, so that less than all of it may be found."""
        return any(len(plan.needed) > 1 for plan in self.groups)


def whole_pinyin_weight(letters: str) -> float:
    """Return what it counts that a text is a name in pinyin, from one of its syllables to its end."""
    return weights.PINYIN_LONG if len(letters) >= LONG_PINYIN_MIN else weights.PINYIN_WHOLE


def sound_weight(sounds: str) -> float:
    """Return what it counts that Chinese characters sound like the beginning of a name."""
    return weights.SOUND_LONG if len(sounds) >= LONG_SOUND_MIN else weights.SOUND


def close_distance(name: str) -> int:
    """Return how many characters of a whole name may be wrong."""
    least = CLOSE_NAME_MIN_CJK if cutting.is_cjk(name) else CLOSE_NAME_MIN
    return (len(name) >= least) + (len(name) >= CLOSE_NAME_LONG)


def plan_text(text: str, language: str, analysis: Analysis, lexicon: Lexicon | None = None) -> Plan | None:
    """Take a query's text apart.

    :return: None when the text is blank, which asks for everything; a plan without groups and names finds nothing.
    """
    if not text.strip():
        return None
    lexicon = lexicon or Lexicon({}, analysis)
    text = text[:TEXT_MAX]
    plan = _plan(text, language, analysis, lexicon)
    words = text.split()
    if len(words) > UNITS_MAX:
        return plan
    better = [_corrected(word, analysis, lexicon) for word in heard(words)]
    other = " ".join(better) if better != words else meant_on_another(text, language)
    return replace(plan, other=_plan(other, language, analysis, lexicon)) if other else plan


def _plan(text: str, language: str, analysis: Analysis, lexicon: Lexicon) -> Plan:
    own = profile(language).group
    groups: list[GroupPlan] = []
    districts: tuple[str, ...] = ()
    for group in sorted(analysis.groups, key=lambda group: group != own):
        cut = atoms(text, group, analysis)
        units = units_of(cut, group, lexicon.phrases(group), analysis)[:UNITS_MAX]
        districts = districts or districts_of(cut, lexicon.phrases(group))
        if groups and groups[0].group == own:
            units = _only(units, groups[0].said)
        weight = weights.OWN_LANGUAGE if group == own else 1.0
        needed = sum(unit.needed for unit in units)
        if units:
            groups.append(GroupPlan(group, weight, units, required(needed)))
    said = tuple(dict.fromkeys([text, *(plan.said or text for plan in groups)]))
    meant = tuple(one for one in said if one != text and one.split() != text.split()) or said
    beginnings = tuple(dict.fromkeys(typed for one in said if (typed := compact(one, analysis)[:COMPLETION_MAX])))
    return Plan(
        groups=tuple(groups),
        names=tuple(dict.fromkeys(name for one in said for name in _names(one, analysis) if name)),
        beginnings=tuple(typed for typed in beginnings if len(typed) >= (BEGINNING_MIN if typed.isascii() else 1)),
        endings=tuple(typed for typed in beginnings if len(typed) >= (BEGINNING_MIN if typed.isascii() else 2)),
        letters=tuple(dict.fromkeys(letters for typed in beginnings if (letters := _letters(typed)))),
        sounds=_sounds(text, analysis),
        advice=lexicon.phrases(own).seek_advice(atoms(text, own, analysis)) if own in analysis.groups else False,
        districts=districts,
        close=tuple(dict.fromkeys(close for one in meant if (close := _close(one, analysis)))),
    )


def required(needed: int) -> int:
    """Return how many units have to match: short queries are meant word by word, longer ones in the main."""
    return needed if needed <= ALL_NEEDED else math.ceil(SHARE_NEEDED * needed)


def _only(units: tuple[Unit, ...], said: str) -> tuple[Unit, ...]:
    """Return units of another language without the words that only ask in the reader's."""
    words = set(said.split())
    kept = tuple(unit for unit in units if _unspaced(unit.typed) or words.intersection(unit.typed.split()))
    return kept if any(unit.needed for unit in kept) else units


def _unspaced(typed: str) -> bool:
    piece = cutting.PIECE.match(typed)
    return piece is None or piece["cjk"] is not None


def _names(text: str, analysis: Analysis) -> tuple[str, ...]:
    name = whole_name(text, analysis)
    short = analysis.unwritten(name)
    return (name, short) if short != name else (name,)


def _close(text: str, analysis: Analysis) -> tuple[CloseTerm, ...]:
    """Return the words of a text that may be misspelt; none when characters of other scripts are there too."""
    tokens = [token for token in analysis.tokens(text) if token.kind == "word"]
    words = analysis.fold(token.text for token in tokens)[:UNITS_MAX]
    return tuple(CloseTerm(word, _distance(word)) for word in dict.fromkeys(words))


def _sounds(text: str, analysis: Analysis) -> str:
    normal = cutting.normalise(text, analysis.normalisers.simplify)
    characters = "".join(cutting.HAN_RUN.findall(normal))
    return "".join(analysis.normalisers.pinyin(characters))[:PINYIN_MAX] if len(characters) > 1 else ""


def _corrected(word: str, analysis: Analysis, lexicon: Lexicon) -> str:
    folded = analysis.fold(token.text for token in analysis.tokens(word) if token.kind == "word")
    return (lexicon.corrected(folded[0]) or word) if len(folded) == 1 else word


@dataclass(frozen=True, slots=True)
class Completion:
    """What a name should go on from.

    :param typed: without spaces, folded.
    :param letters: the same as pinyin; empty when it cannot be.
    :param group: the reader's language group.
    :param sounds: Chinese characters as the pinyin they are heard as.
    """

    typed: str
    letters: str
    group: str
    sounds: str = ""


def plan_completion(prefix: str, language: str, analysis: Analysis) -> Completion | None:
    """Take apart what is being typed; None when there is nothing in it to go on from."""
    typed = compact(prefix[:TEXT_MAX], analysis)[:COMPLETION_MAX]
    if not typed:
        return None
    return Completion(typed, _letters(typed), profile(language).group, _sounds(typed, analysis))


def _letters(typed: str) -> str:
    """Return text without spaces as it would stand in the pinyin field, or nothing if it has more than a-z."""
    joined = typed.translate(dict.fromkeys(map(ord, "0123456789")))[:PINYIN_MAX]
    return joined if joined.isascii() and joined.isalpha() else ""


def _distance(word: str) -> int:
    """Return how many letters may be wrong, as Elasticsearch's `AUTO` has it."""
    if len(word) <= 2:
        return 0
    return 1 if len(word) <= 5 else 2
