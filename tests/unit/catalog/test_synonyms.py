"""The everyday words of searches in the content directory."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.catalog.catalog import Catalog
from portal.catalog.compiler import Compiler


def written(content: Path, name: str, text: str) -> None:
    (content / "synonyms").mkdir(exist_ok=True)
    (content / "synonyms" / name).write_text(text)


def test_an_edit_shows_after_the_next_compilation(compiler: Compiler, content: Path, catalog: Catalog) -> None:
    written(content, "en.yaml", "synonyms:\n  - [wheel, ring]\nasking: [where]\nadvice: [how]\n")
    assert compiler.compile().problems == ()
    assert catalog.synonyms()["en"].synonyms == [["wheel", "ring"]]
    written(content, "en.yaml", "asking: [the]\n")
    compiler.compile()
    assert catalog.synonyms()["en"].asking == ["the"]


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("en.yaml", "synonyms:\n  - [wheel]\n", "synonyms/en.yaml:2: synonyms.0: "),
        ("en.yaml", "asking: [1]\nasked: [the]\n", "synonyms/en.yaml:2: asked: "),
        ("xx.yaml", "asking: [the]\n", "synonyms/xx.yaml:1: 'xx' is no language"),
    ],
)
def test_a_mistake_is_told_with_its_line(compiler: Compiler, content: Path, name: str, text: str, problem: str) -> None:
    written(content, name, text)
    assert any(str(found).startswith(problem) for found in compiler.compile().problems)
