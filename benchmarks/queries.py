"""What is asked of the search engines: the judged queries of tests/relevance, and beginnings of names."""

from __future__ import annotations

from random import Random

from benchmarks.corpus_texts import Material
from tests.relevance.judged import read

SEED = 20261125
BEGINNINGS = 400
LONGEST = 12


def texts() -> list[tuple[str, str]]:
    """Return texts with the language of the page they are asked on, in an order of chance."""
    found = [(one.text, one.page) for one in read()]
    Random(SEED).shuffle(found)
    return found


def prefixes() -> list[tuple[str, str]]:
    """Return what is typed of names letter by letter, with the language of the page; every tenth with a slip."""
    random, material = Random(SEED), Material.of_content()
    found = []
    for number in range(BEGINNINGS):
        tag = random.choice(material.languages)
        name = random.choice(material.words[tag].names)
        typed = name[: random.randint(1, LONGEST)]
        if number % 10 == 0 and len(typed) > 4:
            at = random.randrange(1, len(typed))
            typed = typed[:at] + typed[at + 1 :]
        found.append((typed, tag))
    return found
