"""Which source text a translation was made from: pins of each field, and the fields that have moved on since."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from portal.catalog import files, yaml
from portal.catalog.facts import KINDS
from portal.catalog.problems import Problem

FIELDS = ("name", "summary", "address", "directions", "tips", "alt", "body")
PIN = re.compile(r"^translated_from:.*\n(?:[ \t]+.*\n)*", re.MULTILINE)


def revision(text: str) -> dict[str, str]:
    """Return the pin of each field of a language file: 12 hexadecimal digits of its hash, white space collapsed."""
    match = files.FRONT_MATTER.match(text)
    if match is None:
        return {}
    values = {**yaml.load(match["head"], ""), "body": match["body"]}
    return {field: digest(values[field]) for field in FIELDS if values.get(field)}


def pinned(text: str, language: str, source: str) -> str:
    """Return a translation's file with `translated_from` naming the present state of its source.

    What a machine made stays marked.
    """
    match = files.FRONT_MATTER.match(text)
    if match is None:
        return text
    pins = "".join(f"    {field}: {digest!r}\n" for field, digest in revision(source).items())
    head = PIN.sub("", match["head"])
    machine = (yaml.load(match["head"], "").get("translated_from") or {}).get("machine")
    marked = f"  machine: [{', '.join(machine)}]\n" if machine else ""
    return f"---\n{head}translated_from:\n  language: {language}\n  revision:\n{pins}{marked}---\n{match['body']}"


def stale(text: str, source: str) -> list[str]:
    """Return the fields of a translation whose source has changed, or that were never pinned."""
    match = files.FRONT_MATTER.match(text)
    pins = ((yaml.load(match["head"], "").get("translated_from") or {}) if match else {}).get("revision", {})
    return [field for field, digest in revision(source).items() if pins.get(field) != digest]


def stale_translations(content: Path, source_language: str) -> Iterator[Problem]:
    """Yield a problem for each field of each translation that does not stand on the present source text."""
    for source, translations in _by_source(content, source_language):
        original = source.read_text("utf-8")
        for file in translations:
            path = file.relative_to(content).as_posix()
            for field in stale(file.read_text("utf-8"), original):
                yield Problem(path, 1, field, f"not made from the present {source.name}; run flask content pin")


def pin_all(content: Path, source_language: str) -> int:
    """Pin every translation to the present source; return how many files changed."""
    changed = 0
    for source, translations in _by_source(content, source_language):
        original = source.read_text("utf-8")
        for file in translations:
            before = file.read_text("utf-8")
            after = pinned(before, source_language, original)
            if after != before:
                file.write_text(after, "utf-8")
                changed += 1
    return changed


def _by_source(content: Path, source_language: str) -> Iterator[tuple[Path, list[Path]]]:
    for kind in KINDS:
        for source in sorted(content.glob(f"{kind}/*/{source_language}.md")):
            yield source, sorted(file for file in source.parent.glob("*.md") if file != source)


def digest(value: Any) -> str:
    """Return the pin of a field's value: white space makes no difference."""
    if isinstance(value, Mapping):
        value = "\n".join(f"{key} {words}" for key, words in sorted(value.items()))
    elif isinstance(value, list):
        value = "\n".join(map(str, value))
    return hashlib.sha256(" ".join(str(value).split()).encode()).hexdigest()[:12]
