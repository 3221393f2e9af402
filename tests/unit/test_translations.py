"""Interface texts: every string of code and templates is in every catalog, translated, with its placeholders."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from portal.config import ROOT
from tools.catalogs import extraction

LOCALES = ("zh_Hans", "zh_Hant", "en", "ja", "ko", "ru", "fr", "de", "es", "pt", "ar", "th")
PLACEHOLDER = re.compile(r"%\((\w+)\)s")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """Every string there is, extracted anew."""
    output = tmp_path_factory.mktemp("pot") / "messages.pot"
    command = list(extraction())
    command[command.index("--output-file") + 1] = str(output)
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    with output.open("rb") as file:
        return read_po(file)


def load(locale: str) -> Catalog:
    with (ROOT / "translations" / locale / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=locale)


def test_there_is_a_catalog_for_every_language_and_no_other() -> None:
    assert {folder.name for folder in Path(ROOT, "translations").iterdir() if folder.is_dir()} == set(LOCALES)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_catalog_has_every_string_translated(locale: str, template: Catalog) -> None:
    catalog = load(locale)
    missing = [message.id for message in template if message.id and catalog.get(message.id) is None]
    assert missing == []
    for message in catalog:
        if not message.id:
            continue
        texts = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
        assert all(texts), f"untranslated: {message.id}"
        assert not message.fuzzy, f"fuzzy: {message.id}"
        if message.pluralizable:
            assert len(texts) == catalog.num_plurals, message.id


@pytest.mark.parametrize("locale", LOCALES)
def test_a_translation_keeps_its_placeholders(locale: str) -> None:
    for message in load(locale):
        ids = message.id if isinstance(message.id, (tuple, list)) else (message.id,)
        wanted = {name for text in ids for name in PLACEHOLDER.findall(text)}
        texts = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
        for text in texts:
            assert set(PLACEHOLDER.findall(text)) <= wanted, message.id
        assert message.pluralizable or set(PLACEHOLDER.findall(texts[0])) == wanted, message.id
