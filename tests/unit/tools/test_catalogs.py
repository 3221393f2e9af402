from __future__ import annotations

import os
from pathlib import Path

from tools import catalogs


def catalog(folder: Path, locale: str) -> Path:
    source = folder / locale / "LC_MESSAGES" / "messages.po"
    source.parent.mkdir(parents=True)
    source.write_text("")
    return source


def test_there_may_be_no_catalogs_yet(tmp_path: Path) -> None:
    assert catalogs.stale(tmp_path) == []
    assert catalogs.stale(tmp_path / "absent") == []


def test_a_catalog_never_compiled_is_stale(tmp_path: Path) -> None:
    source = catalog(tmp_path, "th")
    assert catalogs.stale(tmp_path) == [source]


def test_a_catalog_edited_after_it_was_compiled_is_stale(tmp_path: Path) -> None:
    fresh, edited = catalog(tmp_path, "ar"), catalog(tmp_path, "zh_Hans")
    for source in (fresh, edited):
        source.with_suffix(".mo").write_bytes(b"")
    os.utime(fresh, ns=(1, 1))
    os.utime(edited.with_suffix(".mo"), ns=(1, 1))
    assert catalogs.stale(tmp_path) == [edited]


def test_updating_takes_no_guesses_and_changes_no_dates() -> None:
    assert {"--no-fuzzy-matching", "--ignore-obsolete", "--ignore-pot-creation-date"} < set(catalogs.merge("ar"))
