"""What a text wants something near to: `restaurants near the Drum Tower`, 鼓楼附近的餐厅; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from search import text as cutting
from search.analysis import Analysis, profile
from search.lexicon import Lexicon, Phrases
from search.reading import Atom, atoms

LETTERS_LEAST = {True: 2, False: 3}
"""Characters that make a name: of scripts without spaces, and of others; fewer say too little."""

STEM_LEAST = 5
"""Letters from which on stems that differ at their end only may be of one word."""


@dataclass(frozen=True)
class Side:
    """What stands on one side of a word for near: a place's name may end it there, or begin it.

    :param found: the atoms of the side, the nearest to that word first or last as `before` tells.
    :param spots: by atom, where it stands in the text.
    :param near: where the word for near stands.
    """

    text: str
    found: tuple[Atom, ...]
    spots: tuple[tuple[int, int], ...]
    near: tuple[int, int]
    before: bool
    phrases: Phrases
    group: str
    analysis: Analysis

    @property
    def said(self) -> str:
        """The side as typed."""
        return self.text[self.spots[0][0] : self.spots[-1][1]]

    def named(self, names: Iterable[str]) -> int:
        """Return how many atoms of the side the longest of some names takes, 0 when none is there.

        Articles, endings and the city's name may be there or not, in the name as in the text.
        """
        kept = [(index, atom) for index, atom in enumerate(self.found) if not self._empty(atom)]
        written = tuple(atom.stem for _, atom in kept)
        longest = 0
        for name in names:
            cut = atoms(name, self.group, self.analysis)
            for stems in {self._bare(cut, implied=True), self._bare(cut, implied=False)}:
                at = self._at(written, stems)
                if at is not None:
                    taken = len(self.found) - kept[at][0] if self.before else kept[at][0] + 1
                    longest = max(longest, taken)
        return longest

    def without(self, taken: int) -> tuple[str, str | None]:
        """Return the text without the place and the word for near, and the kind of listings that is left to ask for.

        Nothing is left of a text that then only asks, or asks for a whole kind (`restaurants`).
        """
        place = self.spots[-taken][0] if self.before else self.spots[taken - 1][1]
        start, end = (place, self.near[1]) if self.before else (self.near[0], place)
        rest = f"{self.text[:start].rstrip()} {self.text[end:].lstrip()}".strip()
        kinds = _kinds(atoms(rest, self.group, self.analysis), self.phrases)
        if kinds is None or len(kinds) > 1:
            return rest, None
        return "", next(iter(kinds), None)

    def _at(self, written: tuple[str, ...], stems: tuple[str, ...]) -> int | None:
        """Return where a name begins at the end of the side, or ends at its beginning."""
        if not stems or len("".join(stems)) < LETTERS_LEAST[self.found[0].run is not None]:
            return None
        if self.before:
            return len(written) - len(stems) if _same(written[-len(stems) :], stems) else None
        return len(stems) - 1 if _same(written[: len(stems)], stems) else None

    def _bare(self, cut: Sequence[Atom], *, implied: bool) -> tuple[str, ...]:
        kept = [atom for atom in cut if not self._empty(atom)]
        start = 0
        if implied:
            while start < len(kept) and (known := self.phrases.at(kept, start)) and known[1].implied:
                start += known[0]
        return tuple(atom.stem for atom in kept[start:])

    def _empty(self, atom: Atom) -> bool:
        return atom.grammar if atom.run is not None else self.phrases.asks(atom)


def sides(text: str, language: str, analysis: Analysis, lexicon: Lexicon) -> Iterator[Side]:
    """Yield where a place may be named beside a word for near, the likelier side first.

    Scripts without spaces have the word for near after the place, the others before.
    """
    own = profile(language).group
    for group in sorted(lexicon.near_groups(text), key=lambda one: one != own):
        phrases = lexicon.phrases(group)
        found = atoms(text, group, analysis)
        spots = _spots(text, found, analysis)
        if spots is None:
            continue
        start = 0
        while start < len(found):
            length, meaning = phrases.at(found, start) or (1, None)
            end = start + length
            if meaning and meaning.near:
                near = (spots[start][0], spots[end - 1][1])
                halves = [
                    Side(text, tuple(found[part]), tuple(spots[part]), near, before, phrases, group, analysis)
                    for part, before in ((slice(0, start), True), (slice(end, None), False))
                    if found[part]
                ]
                yield from halves if found[start].run is not None else reversed(halves)
            start = end


def _same(written: Sequence[str], name: Sequence[str]) -> bool:
    return len(written) == len(name) and all(map(_one_word, written, name))


def _one_word(a: str, b: str) -> bool:
    """Tell whether stems are of one word: a stemmer may leave one of its cases a letter or two more than another."""
    short, long = sorted((a, b), key=len)
    return long.startswith(short) and (short == long or (len(short) >= STEM_LEAST and len(long) <= len(short) + 2))


def _kinds(found: Sequence[Atom], phrases: Phrases) -> set[str] | None:
    """Return the kinds of listings that words ask for which otherwise only ask; None when they say more."""
    kinds: set[str] = set()
    start = 0
    while start < len(found):
        known, whole = phrases.at(found, start), phrases.kind_at(found, start)
        if whole and whole[0] >= (known[0] if known else 0):
            kinds.add(whole[1])
            start += whole[0]
        elif known and (known[1].asking or known[1].implied) and not known[1].others:
            start += known[0]
        elif found[start].grammar:
            start += 1
        else:
            return None
    return kinds


def _spots(text: str, found: Sequence[Atom], analysis: Analysis) -> list[tuple[int, int]] | None:
    """Return where atoms stand in a text; None when one is not written as it is read."""
    aligned = cutting.aligned(text, analysis.normalisers.simplify)
    spots: list[tuple[int, int]] = []
    after = 0
    for atom in found:
        at = aligned.normal.find(atom.text, after)
        if at < 0:
            return None
        first, before, after = at, after, at + len(atom.text)
        while first > before and aligned.normal[first - 1].isalpha():  # an article that is written together with it
            first -= 1
        spots.append((aligned.starts[first], aligned.ends[after - 1]))
    return spots
