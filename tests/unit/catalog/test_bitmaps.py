"""What is counted by bitmaps is what lists of the same selection have, whatever was edited before."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from portal.bookings.terms import ProductTerms
from portal.catalog import bitmaps, store
from portal.catalog.catalog import Catalog
from portal.catalog.compiler import Compiler
from portal.catalog.selection import Selection, Value
from tests import sample_content

NOON = datetime(2026, 11, 25, 12, 0, 30)
ASKED: tuple[dict[str, Any], ...] = (
    {"kind": "dining"},
    {"district": "hebei"},
    {"tag": "river"},
    {"price": 2},
    {"open_at": NOON},
    {"accessibility": ("step-free",)},
    {"accessibility": ("step-free", "lift")},
    {"speaks": "en"},
    {"bookable": True},
    {"mapped": True},
)
HOURS = ("Mo-Su 08:00-17:00", "Mo-Su 18:00-02:00", "Mo-Su 11:30-12:00")


@pytest.fixture
def varied(content: Path) -> Path:
    """Twenty-four more places that differ in all that lists are narrowed by, and some listings that are no places."""
    for number in range(24):
        folder = content / f"{('attractions', 'dining')[number % 2]}/place-{number:02}"
        folder.mkdir()
        (folder / "listing.yaml").write_text(_facts(number))
        (folder / "zh-Hans.md").write_text(sample_content.text(f"地方{number}", image=None), "utf-8")
    return sample_content.write_beyond_places(content)


def _facts(number: int) -> str:
    lines = [f"subtype: {('TouristAttraction', 'Restaurant')[number % 2]}", "district: hebei", "sources: []"]
    lines.append(f"accessibility: [{', '.join(('step-free', 'lift', 'accessible-toilet')[: number % 4])}]")
    lines.append(f"languages_spoken: [{('en', 'ja')[number % 3 // 2]}]")
    lines.append(f"tags: [{'river' if number % 5 < 2 else ''}]")
    if number % 3:
        lines.append(f'opening_hours: "{HOURS[number % len(HOURS) - 1]}"')
        lines.append(f"price: {{level: {number % 4 + 1}}}")
    if number % 7:
        lines.append(f"location: {{lat: 39.1, lon: {117 + number / 100}, precision_m: 100}}")
    return "\n".join(lines) + "\n"


def selections() -> Iterator[Selection]:
    """Yield every wish alone, every two of them together, and none."""
    yield Selection()
    for several in (*combinations(ASKED, 1), *combinations(ASKED, 2)):
        yield Selection(**{name: value for one in several for name, value in one.items()})


def ids(catalog: Catalog, selection: Selection) -> int:
    return len(catalog.ids_of(selection, catalog.languages.source))


def narrowed(selection: Selection, facet: str, value: Value) -> Selection:
    if facet == "accessibility":
        return replace(selection, accessibility=(*selection.accessibility, str(value)))
    wish: dict[str, Any] = {facet: value}
    return replace(selection, **wish)


def assert_counted_as_listed(catalog: Catalog) -> None:
    for selection in selections():
        assert catalog.count(selection) == ids(catalog, selection), selection
        for facet, counts in catalog.facets(selection).items():
            for value, count in counts.items():
                assert count == ids(catalog, narrowed(selection, facet, value)) > 0, (selection, facet, value)


def test_counts_are_what_lists_have(compiler: Compiler, catalog_file: Path, varied: Path) -> None:
    compiler.compile()
    with closing(Catalog(catalog_file)) as catalog:
        assert catalog.count(Selection()) == 29
        assert_counted_as_listed(catalog)


def test_counts_follow_what_is_edited_added_and_taken_away(
    compiler: Compiler, catalog_file: Path, varied: Path, tmp_path: Path
) -> None:
    compiler.compile()
    with closing(Catalog(catalog_file)) as catalog:
        before = catalog.count(Selection(tag="river"))
        (varied / "attractions/place-00/listing.yaml").write_text(_facts(3))
        shutil.move(varied / "dining/place-01", tmp_path / "place-01")
        shutil.copytree(varied / "attractions/place-04", varied / "attractions/another")
        compiler.compile()
        assert catalog.count(Selection(tag="river")) == before - 2
        assert_counted_as_listed(catalog)
        shutil.move(tmp_path / "place-01", varied / "dining/place-01")
        compiler.compile()
        assert catalog.count(Selection(tag="river")) == before - 1
        assert_counted_as_listed(catalog)


def test_a_catalog_made_anew_counts_as_the_edited_one(compiler: Compiler, varied: Path, tmp_path: Path) -> None:
    compiler.compile()
    (varied / "attractions/place-00/listing.yaml").write_text(_facts(3))
    compiler.compile()
    anew = store.path_in(tmp_path / "anew")
    with closing(Compiler(varied, anew, TypeAdapter(list[ProductTerms]))) as another:
        another.compile()
    with closing(Catalog(store.path_in(tmp_path))) as edited, closing(Catalog(anew)) as made:
        assert all(edited.facets(selection) == made.facets(selection) for selection in selections())


def test_what_is_asked_for_by_id_is_not_counted(catalog: Catalog) -> None:
    with pytest.raises(ValueError, match="not counted"):
        catalog.count(Selection(ids=("dining/dumplings",)))


def test_a_new_catalog_which_has_no_indexes_yet_goes_through_its_facets_once() -> None:
    with closing(sqlite3.connect(store.MEMORY)) as db:
        db.executescript(store.TABLES)
        plan = [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {bitmaps.OF_SEVERAL}", ("[]",))]
    assert plan[0].startswith("SCAN f")
    assert "LIST SUBQUERY 1" in plan, "the ids are looked through again with each facet"
