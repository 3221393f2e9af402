"""Readers hear of a compilation without asking the disk, and find out where nobody rings."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.catalog import bell, store
from portal.catalog.bell import Bell
from portal.catalog.catalog import Catalog
from portal.catalog.reader import LOOK_AGAIN_S


def test_each_ring_is_heard_by_who_listens_already(tmp_path: Path) -> None:
    file = tmp_path / "catalog.sqlite"
    assert Bell(file).heard() is None
    bell.ring(file)
    listening = Bell(file)
    first = listening.heard()
    assert first is not None
    assert listening.heard() == first
    bell.ring(file)
    assert listening.heard() != first


def test_an_empty_bell_is_none(tmp_path: Path) -> None:
    file = tmp_path / "catalog.sqlite"
    bell.beside(file).touch()
    assert Bell(file).heard() is None


def test_a_compilation_that_nobody_rang_for_is_found_out_within_a_second(
    tmp_path: Path, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = store.path_in(tmp_path)
    now = 1000.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    bell.ring(file)
    catalog.generation()
    now += LOOK_AGAIN_S
    before = catalog.generation()
    changed = store.connect(file)
    store.advance(changed)  # and killed before it rang
    changed.close()
    assert catalog.generation() == before
    now += LOOK_AGAIN_S
    assert catalog.generation() > before


def test_a_compilation_that_was_rung_for_shows_at_once(
    tmp_path: Path, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = store.path_in(tmp_path)
    monkeypatch.setattr("time.monotonic", lambda: 1000.0)
    before = catalog.generation()
    changed = store.connect(file)
    store.advance(changed)
    changed.close()
    bell.ring(file)
    assert catalog.generation() > before
