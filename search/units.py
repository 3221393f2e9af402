"""The units of a query in one language: what has to match, what may, and what only asks; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from search import weights
from search.analysis import Analysis
from search.reading import Atom, atoms

if TYPE_CHECKING:
    from search.lexicon import Meaning, Phrases

CHOICES_MAX = 320
"""Other words that all phrases of a query stand for together, so that it costs a bounded time."""


@dataclass(frozen=True, slots=True)
class Term:
    """A token to find; as the beginning of a token when `prefix`, which single Chinese characters need."""

    text: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """Terms that have to be there together; as typed, or another word for it."""

    terms: tuple[Term, ...]
    synonym: bool = False

    @property
    def fields(self) -> Mapping[str, float]:
        """What they count in each kind of text field."""
        return weights.SYNONYM_FIELDS if self.synonym else weights.FIELDS


@dataclass(frozen=True, slots=True)
class Unit:
    """One thing that is looked for: any of its choices.

    :param needed: it says what is looked for; one that is not only counts.
    :param typed: as it stands in the query, for a unit that is a part of it.
    """

    choices: tuple[Choice, ...]
    needed: bool = True
    typed: str = ""


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Atoms in a row that mean one thing together."""

    atoms: tuple[Atom, ...]
    meaning: Meaning | None = None

    @property
    def asking(self) -> bool:
        return self.meaning is not None and self.meaning.asking

    @property
    def district(self) -> str:
        return self.meaning.district if self.meaning else ""


def districts_of(found: Sequence[Atom], phrases: Phrases) -> tuple[str, ...]:
    """Return the districts that a query names."""
    return tuple(dict.fromkeys(stretch.district for stretch in _stretches(found, phrases) if stretch.district))


def units_of(found: Sequence[Atom], group: str, phrases: Phrases, analysis: Analysis) -> tuple[Unit, ...]:
    """Return what is looked for; with nothing but asking words in the query, these."""
    stretches = [_with_part(stretch, group, phrases, analysis) for stretch in _stretches(found, phrases)]
    elsewhere = [stretch for stretch in stretches if not stretch.district]
    if any(not stretch.meaning or stretch.meaning.others for stretch in elsewhere):
        stretches = elsewhere  # what is looked for in the district; who names nothing else looks for its name
    units = list(_bounded(_units(stretches, group, phrases, analysis)))
    if found and not any(unit.needed for unit in units):
        units = [replace(unit, needed=True) for unit in _plain(found, analysis, group)]
    return tuple(dict.fromkeys(units))


def _stretches(found: Sequence[Atom], phrases: Phrases) -> Iterator[_Stretch]:
    """Divide a query at the longest known phrases.

    One character that only asks does so at the beginning or after other asking words; elsewhere it is part of a word.
    So is the name of a district that but one character follows: a road, a bridge.
    """
    loose: list[Atom] = []
    start, free = 0, True
    while start < len(found):
        known = phrases.at(found, start)
        if known and known[1].asking and known[0] == 1 and found[start].run is not None and not free:
            known = None
        if known and known[1].district and _one_follows(found, start + known[0]):
            known = None
        if known is None:
            if loose and (found[start].run is None or loose[-1].run != found[start].run):
                yield _Stretch(tuple(loose))
                loose = []
            loose.append(found[start])
            start, free = start + 1, False
            continue
        if loose:
            yield _Stretch(tuple(loose))
            loose = []
        length, meaning = known
        yield _Stretch(tuple(found[start : start + length]), meaning)
        start, free = start + length, meaning.asking or meaning.implied or bool(meaning.district)
    if loose:
        yield _Stretch(tuple(loose))


def _one_follows(found: Sequence[Atom], end: int) -> bool:
    """Tell whether one more character, but for grammar, ends the run of characters that goes on at `end`."""
    run = found[end - 1].run
    rest = [atom for atom in found[end:] if run is not None and atom.run == run and not atom.grammar]
    return len(rest) == 1


def _with_part(stretch: _Stretch, group: str, phrases: Phrases, analysis: Analysis) -> _Stretch:
    """Give an unknown compound the meaning of a known word in it."""
    if stretch.meaning or len(stretch.atoms) > 1 or not analysis.compounds(group) or stretch.atoms[0].run is not None:
        return stretch
    return _Stretch(stretch.atoms, phrases.part(stretch.atoms[0].text, lambda pieces: analysis.stems(group, pieces)))


def _units(stretches: Sequence[_Stretch], group: str, phrases: Phrases, analysis: Analysis) -> Iterator[Unit]:
    before: Atom | None = None
    for stretch in stretches:
        first, last = stretch.atoms[0], stretch.atoms[-1]
        if before and before.run is not None and before.run == first.run:
            yield Unit((Choice((Term(before.text + first.text),)),), needed=False)
        before = last
        if stretch.asking:
            continue
        if stretch.meaning and stretch.meaning.others:
            yield _synonyms(stretch, group, phrases, analysis)
        else:
            implied = stretch.meaning is not None and not stretch.district
            yield from (replace(unit, needed=unit.needed and not implied)
                        for unit in _plain(stretch.atoms, analysis, group))  # fmt: skip


def _bounded(units: Iterable[Unit]) -> Iterator[Unit]:
    """Leave other words away once a query has more of them than it can cost, which only very long ones have."""
    left = CHOICES_MAX
    for unit in units:
        left -= len(unit.choices) - 1
        yield unit if left >= 0 else replace(unit, choices=unit.choices[:1])


def _synonyms(stretch: _Stretch, group: str, phrases: Phrases, analysis: Analysis) -> Unit:
    assert stretch.meaning is not None  # noqa: S101 - as the caller found
    typed = _typed(stretch.atoms)
    choices = [Choice(_terms(_saying(stretch.atoms, phrases)))]
    for other in stretch.meaning.others:
        cut = tuple(atoms(other, group, analysis))
        if cut and [atom.stem for atom in cut] != [atom.stem for atom in stretch.atoms]:
            choices.append(Choice(_terms(_saying(cut, phrases)), synonym=True))
    return Unit(tuple(choices), typed=typed)


def _saying(found: Sequence[Atom], phrases: Phrases) -> Sequence[Atom]:
    """Return the words of a phrase without articles and the like, which texts may leave out."""
    kept = [atom for atom in found if atom.run is not None or not phrases.asks(atom)]
    return kept or found


def _plain(found: Sequence[Atom], analysis: Analysis, group: str) -> Iterator[Unit]:
    """Return words one by one, and characters as pairs; pairs with grammar in them are not needed."""
    start = 0
    while start < len(found):
        run, end = found[start].run, start + 1
        if run is None:
            word = found[start].text
            variants = [Choice((Term(word),)), *(Choice((Term(v),)) for v in analysis.variants(group, word))]
            yield Unit(tuple(variants), typed=word)
            start = end
            continue
        while end < len(found) and found[end].run == run:
            end += 1
        yield from _pairs(found[start:end])
        start = end


def _pairs(run: Sequence[Atom]) -> Iterator[Unit]:
    typed = _typed(run)
    bare = [atom for atom in run if not atom.grammar]
    for both in _neighbours(run):
        needed = not any(atom.grammar for atom in both) or not bare
        yield Unit((Choice(_terms(both)),), needed=needed, typed=typed)
        typed = ""
    for index, atom in enumerate(run):  # one character alone between grammar
        sides = [run[n] for n in (index - 1, index + 1) if 0 <= n < len(run)]
        if len(run) > 1 and not atom.grammar and all(side.grammar for side in sides):
            yield Unit((Choice((Term(atom.text, prefix=True),)),))


def _neighbours(run: Sequence[Atom]) -> list[Sequence[Atom]]:
    return [run[n : n + 2] for n in range(len(run) - 1)] or [run]


def _terms(found: Sequence[Atom]) -> tuple[Term, ...]:
    """Return atoms as terms: words, and within an unbroken run pairs of characters."""
    terms: list[Term] = []
    for index, atom in enumerate(found):
        follows = index + 1 < len(found) and found[index + 1].run == atom.run
        preceded = index > 0 and found[index - 1].run == atom.run
        if atom.run is None:
            terms.append(Term(atom.text))
        elif follows:
            terms.append(Term(atom.text + found[index + 1].text))
        elif not preceded:
            terms.append(Term(atom.text, prefix=True))
    return tuple(dict.fromkeys(terms))


def _typed(found: Sequence[Atom]) -> str:
    """Return atoms written together as they were."""
    written = ""
    for before, atom in zip([None, *found], found, strict=False):
        together = before is not None and atom.run is not None and before.run == atom.run
        written += atom.text if together or not written else f" {atom.text}"
    return written
