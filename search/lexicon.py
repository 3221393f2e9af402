"""Everyday words of each language: synonyms, and words that only ask. Applied to queries; no index depends on them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from search import text as cutting
from search.analysis import Analysis, profile
from search.reading import Atom, atoms

Key = tuple[str, ...]
"""A phrase as stems of its words, or as its characters."""

JAPANESE = "ja"
"""The language of words that have characters of their own and endings in others."""

PART_MIN = 4
"""Letters of a word that is found within a compound."""

SPELLING_MIN = 4
"""Letters of a word from which on a slip is looked for among the words of the lexicon."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What one language has.

    :param synonyms: groups of words or phrases that stand for one another.
    :param asking: words and phrases that ask for something without saying what (`where can I see`).
    :param advice: words that ask how or when rather than where: guides answer them better than places.
    :param near: words that ask for what is near to a place, which stands before or after them.
    :param kinds: by what documents have as their kind, words that ask for all of it when it should be near to a place.
    :param implied: words that are true of everything here, such as the city's name; they need not match.
    :param districts: by what documents have as their district, its names.
    """

    synonyms: tuple[tuple[str, ...], ...] = ()
    asking: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    kinds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    implied: tuple[str, ...] = ()
    districts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a known phrase does in a query: stands for others (as written), asks, is implied, or names a district."""

    others: tuple[str, ...] = ()
    asking: bool = False
    implied: bool = False
    advice: bool = False
    near: bool = False
    district: str = ""


@dataclass(frozen=True)
class Phrases:
    """The phrases of one language group."""

    meanings: Mapping[Key, Meaning]
    longest: Mapping[str, int]
    """By first atom, the length of the longest phrase that begins with it."""
    kinds: Mapping[Key, str] = field(default_factory=dict)
    """Phrases that ask for a whole kind."""
    inflected: Mapping[Key, Meaning] = field(default_factory=dict)
    """By the beginnings of Japanese words, without their ending in hiragana, what these stand for."""

    def at(self, found: Sequence[Atom], start: int) -> tuple[int, Meaning] | None:
        """Return the length and meaning of the longest phrase that begins at `start`."""
        for length in range(min(self.longest.get(found[start].stem, 0), len(found) - start), 0, -1):
            meaning = self.meanings.get(tuple(atom.stem for atom in found[start : start + length]))
            if meaning:
                return length, meaning
        return self._inflected_at(found, start)

    def _inflected_at(self, found: Sequence[Atom], start: int) -> tuple[int, Meaning] | None:
        """Return the same for a Japanese word that is known with another ending: 泳げる for 泳ぐ."""
        bare = start
        if found[start].run is None or (
            start and found[start - 1].run == found[start].run and not found[start - 1].grammar
        ):
            return None
        while bare < len(found) and found[bare].run == found[start].run and not found[bare].grammar:
            bare += 1
        end = bare
        while end < len(found) and found[end].run == found[start].run and found[end].grammar:
            end += 1
        meaning = self.inflected.get(tuple(atom.stem for atom in found[start:bare])) if end > bare else None
        return (end - start, meaning) if meaning else None

    def kind_at(self, found: Sequence[Atom], start: int) -> tuple[int, str] | None:
        """Return the length of the longest phrase at `start` that asks for a whole kind, and that kind."""
        stems = [atom.stem for atom in found[start:]]
        lengths = (len(key) for key in self.kinds if tuple(stems[: len(key)]) == key)
        length = max(lengths, default=0)
        return (length, self.kinds[tuple(stems[:length])]) if length else None

    def seek_advice(self, found: Sequence[Atom]) -> bool:
        """Tell whether a query asks for advice anywhere in it."""
        keys = (
            tuple(atom.stem for atom in found[start : start + length])
            for start in range(len(found))
            for length in range(1, min(self.longest.get(found[start].stem, 0), len(found) - start) + 1)
        )
        return any((meaning := self.meanings.get(key)) is not None and meaning.advice for key in keys)

    def asks(self, atom: Atom) -> bool:
        """Tell whether a word by itself only asks."""
        meaning = self.meanings.get((atom.stem,))
        return meaning is not None and meaning.asking

    def part(self, word: str, stems: Callable[[list[str]], list[str]]) -> Meaning | None:
        """Return the meaning of the longest known word that a compound ends or begins with.

        :param word: as written, so that what joins the parts goes with the ending: `Enten` of `Entenbraten`.
        """
        lengths = range(len(word) - 1, PART_MIN - 1, -1)
        pieces = [piece for length in lengths for piece in (word[-length:], word[:length])]
        meanings = (self.meanings.get((stem,)) for stem in stems(pieces))
        return next((meaning for meaning in meanings if meaning and meaning.others), None)


class Lexicon:
    """The vocabularies of a site, ready to be looked up.

    :param vocabularies: by language tag; languages of one group are put together.
    """

    def __init__(self, vocabularies: Mapping[str, Vocabulary], analysis: Analysis) -> None:
        self._vocabularies = vocabularies
        self._analysis = analysis
        self._phrases: dict[str, Phrases] = {}

    def phrases(self, group: str) -> Phrases:
        """Return the phrases of a language group."""
        if group not in self._phrases:
            self._phrases[group] = self._compile(group)
        return self._phrases[group]

    def corrected(self, word: str) -> str | None:
        """Return the word of the lexicon that a folded word is a slip of; None when it is known, or like none."""
        words, shortened = self._spellings
        if len(word) < SPELLING_MIN or word in words:
            return None
        near = {known for shorter in _shorter(word) for known in shortened.get(shorter, ())}
        return min(
            (known for known in near if _one_slip(word, known)),
            key=lambda known: (known[0] != word[0], known),
            default=None,
        )

    def near_groups(self, text: str) -> set[str]:
        """Return the language groups that have a word for near which a text may have; most texts have none."""
        normal = self._normal(text)
        return {group for group, words in self._near_words.items() if any(word in normal for word in words)}

    @cached_property
    def _near_words(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for language, vocabulary in self._vocabularies.items():
            found.setdefault(profile(language).group, set()).update(map(self._normal, vocabulary.near))
        return found

    def _normal(self, text: str) -> str:
        return cutting.normalise(text, self._analysis.normalisers.simplify)

    @cached_property
    def _spellings(self) -> tuple[set[str], dict[str, list[str]]]:
        words = set(self._analysis.fold(word for word in self._single_words() if word.isalpha()))
        shortened: dict[str, list[str]] = {}
        for word in words:
            for shorter in _shorter(word):
                shortened.setdefault(shorter, []).append(word)
        return words, shortened

    def _single_words(self) -> Iterator[str]:
        for vocabulary in self._vocabularies.values():
            for phrase in (phrase for group in vocabulary.synonyms for phrase in group):
                yield from (t.text for t in self._analysis.tokens(phrase) if t.kind == "word" and len(t.text) >= 4)

    def _compile(self, group: str) -> Phrases:
        meanings: dict[Key, Meaning] = {}
        mine = [words for language, words in self._vocabularies.items() if profile(language).group == group]
        for key in self._keys(group, (phrase for words in mine for phrase in words.asking)):
            meanings[key] = Meaning(asking=True)
        for key in self._keys(group, (phrase for words in mine for phrase in words.advice)):
            meanings[key] = Meaning(asking=True, advice=True)
        for key in self._keys(group, (phrase for words in mine for phrase in words.near)):
            meanings[key] = Meaning(asking=True, near=True)
        for key in self._keys(group, (phrase for words in mine for phrase in words.implied)):
            meanings[key] = Meaning(implied=True)
        for slug, names in (item for words in mine for item in words.districts.items()):
            for key in self._keys(group, names):
                meanings[key] = Meaning(district=slug)
        for together in (together for words in mine for together in words.synonyms):
            for key in self._keys(group, together):
                known = meanings.get(key, Meaning())
                others = tuple(dict.fromkeys((*known.others, *together)))
                meanings[key] = Meaning(others, advice=known.advice, district=known.district)
        longest: dict[str, int] = {}
        for key in meanings:
            longest[key[0]] = max(longest.get(key[0], 0), len(key))
        named = [(kind, words) for one in mine for kind, words in one.kinds.items()]
        kinds = {key: kind for kind, words in named for key in self._keys(group, words)}
        return Phrases(meanings, longest, kinds, dict(self._inflected(group, mine, meanings)))

    def _inflected(
        self, group: str, mine: Iterable[Vocabulary], meanings: Mapping[Key, Meaning]
    ) -> Iterator[tuple[Key, Meaning]]:
        """Yield words that stand for others by what stands before their ending."""
        for phrase in (phrase for words in mine for together in words.synonyms for phrase in together):
            cut = atoms(phrase, group, self._analysis)
            flags = [atom.grammar for atom in cut]
            bare = flags.index(True) if True in flags else 0
            if profile(JAPANESE).group == group and bare and all(flags[bare:]):
                key = tuple(atom.stem for atom in cut)
                yield key[:bare], meanings[key]

    def _keys(self, group: str, phrases: Iterable[str]) -> Iterator[Key]:
        for phrase in phrases:
            if key := tuple(atom.stem for atom in atoms(phrase, group, self._analysis)):
                yield key


def _shorter(word: str) -> set[str]:
    """Return a word and what is left of it without each one of its letters."""
    return {word, *(word[:n] + word[n + 1 :] for n in range(len(word)))}


def _one_slip(a: str, b: str) -> bool:
    """Tell whether one letter is wrong, missing, too many, or swapped with the next."""
    if abs(len(a) - len(b)) > 1:
        return False
    start = next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    rest_a, rest_b = a[start:], b[start:]
    return (
        rest_a[1:] == rest_b[1:]
        or rest_a[1:] == rest_b
        or rest_a == rest_b[1:]
        or (rest_a[:2] == rest_b[1::-1] and rest_a[2:] == rest_b[2:])
    )
