"""One name a thing: docs/glossary.yaml holds in every text of content/."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from ruamel.yaml import YAML

from portal.config import ROOT
from tests.content.test_texts import LANGUAGES, each, texts

GLOSSARY: dict[str, Any] = YAML(typ="safe").load(ROOT / "docs" / "glossary.yaml")
SOURCE = "zh-Hans"
SILENT = 1 / 3
"""How many of the listings that have a term in Chinese may leave it out in a translation, which is no word for word."""


@cache
def whole(language: str) -> dict[str, str]:
    """Return each listing's whole text in a language, in lower case, by its folder."""
    return {path.rpartition("/")[0]: "\n".join(fields.values()).lower() for path, fields in texts(language).items()}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("term", GLOSSARY["terms"])
def test_a_term_has_its_form(term: str, language: str) -> None:
    forms = GLOSSARY["terms"][term]
    speaking = [folder for folder, text in whole(SOURCE).items() if forms[SOURCE] in text]
    assert speaking, f"no listing speaks of {forms[SOURCE]}"
    without = [folder for folder in speaking if forms[language].lower() not in whole(language)[folder]]
    assert len(without) <= max(1, SILENT * len(speaking)), without


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_second_form_is_used(language: str) -> None:
    said = [*whole(language).items(), *each(language)]
    found = [
        f"{where}: {form}"
        for where, text in said
        for form in GLOSSARY["avoid"][language]
        if form.lower() in text.lower()
    ]
    assert found == []
