"""The catalog keeps what search indexes are made of."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from portal.catalog import shelf as shelves
from portal.catalog.compiler import Compiler
from portal.catalog.shelf import CatalogShelf
from search.ready import Kept
from tests import sample_content

WHEEL, DUMPLINGS = "attractions/wheel", "dining/dumplings"
BOTH = {WHEEL: "1", DUMPLINGS: "1"}


@pytest.fixture
def shelf(compiler: Compiler, catalog_file: Path) -> CatalogShelf:
    compiler.compile()
    shelf = CatalogShelf(catalog_file)
    shelf.put([Kept(WHEEL, "1", b"a wheel"), Kept(DUMPLINGS, "1", b"dumplings")])
    return shelf


def test_it_gives_what_was_put_there_under_the_same_key(shelf: CatalogShelf) -> None:
    assert shelf.take(BOTH) == {WHEEL: b"a wheel", DUMPLINGS: b"dumplings"}
    assert shelf.take({WHEEL: "2", "dining/other": "1"}) == {}


def test_only_the_last_of_a_listing_is_kept(shelf: CatalogShelf) -> None:
    shelf.put([Kept(WHEEL, "2", b"a larger wheel")])
    assert shelf.take(BOTH) == {DUMPLINGS: b"dumplings"}
    assert shelf.take({WHEEL: "2"}) == {WHEEL: b"a larger wheel"}


def test_a_listing_that_changes_loses_its_own(shelf: CatalogShelf, compiler: Compiler, content: Path) -> None:
    (content / WHEEL / "zh-Hans.md").write_text(sample_content.text("New"))
    compiler.compile()
    assert shelf.take(BOTH) == {DUMPLINGS: b"dumplings"}


def test_nothing_is_kept_of_a_listing_that_is_gone(shelf: CatalogShelf) -> None:
    shelf.put([Kept("attractions/gone", "1", b"nothing")])
    assert shelf.take({"attractions/gone": "1"}) == {}


def test_a_catalog_that_is_being_written_or_gone_is_done_without(
    shelf: CatalogShelf, catalog_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelves, "PATIENCE_S", 0.01)
    with closing(sqlite3.connect(catalog_file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        shelf.put([Kept(WHEEL, "2", b"a larger wheel")])
        other.execute("ROLLBACK")
    assert shelf.take(BOTH) == {WHEEL: b"a wheel", DUMPLINGS: b"dumplings"}
    nowhere = CatalogShelf(tmp_path / "nowhere.sqlite")
    nowhere.put([Kept(WHEEL, "1", b"a wheel")])
    assert nowhere.take(BOTH) == {}
