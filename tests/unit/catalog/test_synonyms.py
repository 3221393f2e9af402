"""The everyday words of searches in the content directory."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.catalog.catalog import Catalog
from portal.catalog.compiler import Compiler
from portal.catalog.everyday_words import short_names


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


def test_districts_are_known_by_their_names_without_what_most_of_them_have_in_common() -> None:
    english = {"a": "Heping District", "b": "Hexi District", "c": "Binhai New Area"}
    assert short_names(english) == {
        "a": ("Heping District", "Heping"),
        "b": ("Hexi District", "Hexi"),
        "c": ("Binhai New Area",),
    }
    french = {"a": "District de Heping", "b": "District de Hexi"}
    assert short_names(french)["a"] == ("District de Heping", "Heping")
    assert short_names({"a": "和平区", "b": "河西区", "c": "南开区"})["b"] == ("河西区", "河西")


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
