"""Language files of made-up listings, put together from what content/ says in each language."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import Any

from benchmarks.corpus_facts import PICTURE
from portal.catalog import files, yaml
from tools.console import ROOT

PINNED = ("name", "summary", "address", "directions", "tips", "alt", "body")
SOURCE = "zh-Hans"


@dataclass
class Words:
    """What one language has to choose from."""

    names: list[str] = field(default_factory=list)
    summaries: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    directions: list[str] = field(default_factory=list)
    tips: list[str] = field(default_factory=list)
    alts: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)

    def take_in(self, front: Mapping[str, Any], body: str) -> None:
        """Add what one language file says."""
        self.names.append(front["name"])
        self.summaries.append(front["summary"])
        self.addresses += filter(None, [front.get("address")])
        self.directions += filter(None, [front.get("directions")])
        self.tips += front.get("tips", [])
        self.alts += front.get("alt", {}).values()
        for block in filter(None, body.split("\n\n")):
            (self.headings if block.startswith("## ") else self.paragraphs).append(block.strip())


@dataclass(frozen=True)
class Material:
    """The words of every language, by its tag."""

    words: Mapping[str, Words]

    @property
    def languages(self) -> tuple[str, ...]:
        """The tags."""
        return tuple(self.words)

    @staticmethod
    @cache
    def of_content() -> Material:
        """Return what the project's own texts give."""
        words: dict[str, Words] = {}
        for file in sorted((ROOT / "content").glob("*/*/*.md")):
            if match := files.FRONT_MATTER.match(file.read_text("utf-8")):
                words.setdefault(file.stem, Words()).take_in(yaml.load(match["head"], file.name), match["body"])
        return Material(words)


@dataclass(frozen=True)
class LanguageFile:
    """What one language file says: its front matter by field, and its body in blocks."""

    front: Mapping[str, Any]
    blocks: tuple[str, ...]

    def __str__(self) -> str:
        head = "\n".join(f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in self.front.items())
        return f"---\n{head}\n---\n\n" + "\n\n".join(self.blocks) + "\n"


def language_file(random: Random, number: int, tag: str, material: Material, *, place: bool) -> LanguageFile:
    """Return a language file: front matter, and a body of three or four paragraphs."""
    words, choose = material.words[tag], random.choice
    front: dict[str, Any] = {"name": f"{choose(words.names)} {number}", "other_names": [choose(words.names)]}
    front["summary"] = choose(words.summaries)
    if place:
        front |= {"address": choose(words.addresses), "directions": choose(words.directions)}
        front["alt"] = {PICTURE: choose(words.alts)}
    front["tips"] = random.sample(words.tips, 3)
    if tag != SOURCE:
        pins = {name: f"{random.getrandbits(48):012x}" for name in PINNED if name in front or name == "body"}
        front["translated_from"] = {"language": SOURCE, "revision": pins}
    blocks = random.sample(words.paragraphs, random.choice((3, 4, 4)))
    for at in (2, 1):
        blocks.insert(at, choose(words.headings))
    return LanguageFile(front, tuple(blocks))
