"""What large content directories need: many processes, named paths, progress, a catalog put in place as a whole."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from portal.bookings.terms import ProductTerms
from portal.catalog import store, workers
from portal.catalog.compiler import Compiler
from portal.config import ROOT
from tests import sample_content

PRODUCTS: TypeAdapter[list[ProductTerms]] = TypeAdapter(list[ProductTerms])
TABLES = ("files", "problems", "documents", "listings", "texts", "shown", "listing_facets", "listing_places")
WHEEL = "attractions/wheel"


@pytest.fixture
def many(content: Path) -> Path:
    """Forty more listings, one of them broken."""
    for number in range(40):
        folder = content / f"dining/stall-{number}"
        folder.mkdir()
        (folder / "listing.yaml").write_text("subtype: Restaurant\ndistrict: hebei\ntags: [river]\nsources: []\n")
        (folder / "zh-Hans.md").write_text(sample_content.text(f"小吃{number}", image=None), "utf-8")
    (content / "dining/stall-7/zh-Hans.md").write_text("nothing")
    return content


def rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(path)) as db:
        return {table: sorted(map(tuple, db.execute(f"SELECT * FROM {table}")), key=repr) for table in TABLES}


def compiled(content: Path, state: Path) -> Path:
    with closing(Compiler(content, store.path_in(state), PRODUCTS)) as compiler:
        compiler.compile()
    return store.path_in(state)


def test_several_processes_make_the_same_catalog_as_one(
    many: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = compiled(many, tmp_path / "alone")
    monkeypatch.setattr(workers, "FEW", 10)
    monkeypatch.setattr(workers, "CHUNK", 3)
    together = compiled(many, tmp_path / "together")
    assert rows(together) == rows(alone)
    assert len(rows(alone)["listings"]) == 41


def test_processes_that_are_forked_make_the_same_catalog(many: Path, tmp_path: Path) -> None:
    forked = (
        "import sys; from pathlib import Path;"
        "from portal.catalog import workers; from tests.unit.catalog import test_large;"
        "workers.FEW, workers.CHUNK = 10, 3;"
        "print(workers._context().get_start_method());"
        "test_large.compiled(Path(sys.argv[1]), Path(sys.argv[2]))"
    )
    command = (sys.executable, "-c", forked, str(many), str(tmp_path / "forked"))
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["fork" if sys.platform == "linux" else "spawn"]
    assert rows(store.path_in(tmp_path / "forked")) == rows(compiled(many, tmp_path / "alone"))


def test_beside_other_threads_nothing_is_forked() -> None:
    done = threading.Event()
    other = threading.Thread(target=done.wait)
    other.start()
    assert workers._context().get_start_method() == "spawn"
    done.set()
    other.join()


def test_only_named_paths_are_looked_at(compiler: Compiler, content: Path) -> None:
    compiler.compile()
    for listing in (WHEEL, "dining/dumplings"):
        (content / listing / "zh-Hans.md").write_text(sample_content.text("New"))
    assert compiler.compile([f"{WHEEL}/zh-Hans.md"]).changed == (WHEEL,)
    assert compiler.compile(["README.md", "attractions/.wheel/x.md"]).changed == ()
    assert compiler.compile().changed == ("dining/dumplings",)


def test_a_folder_that_is_named_stands_for_all_below_it(compiler: Compiler, content: Path, tmp_path: Path) -> None:
    compiler.compile()
    (content / WHEEL).rename(tmp_path / "wheel")
    assert compiler.compile([WHEEL]).changed == (WHEEL,)
    (tmp_path / "wheel").rename(content / WHEEL)
    assert compiler.compile(["attractions"]).changed == (WHEEL,)
    assert compiler.compile().problems == ()


def test_named_paths_bring_back_what_referred_to_them(compiler: Compiler, content: Path) -> None:
    compiler.compile()
    district = (content / "districts/hebei.yaml").read_text()
    (content / "districts/hebei.yaml").unlink()
    problems = compiler.compile(["districts/hebei.yaml"]).problems
    assert {problem.path for problem in problems} == {f"{WHEEL}/listing.yaml", "dining/dumplings/listing.yaml"}
    (content / "districts/hebei.yaml").write_text(district)
    assert compiler.compile(["districts/hebei.yaml"]).problems == ()


def test_a_named_site_has_everything_looked_at(compiler: Compiler, content: Path) -> None:
    compiler.compile()
    (content / "site.yaml").write_text(sample_content.SITE.replace("Come and see.", "Come, see."))
    assert WHEEL in compiler.compile(["site.yaml"]).changed


def test_progress_ends_at_the_whole(compiler: Compiler) -> None:
    told: list[tuple[int, int]] = []
    compiler.compile(progress=lambda done, total: told.append((done, total)))
    done, total = told[-1]
    assert done == total > 0


def test_a_catalog_that_another_process_made_first_stays(content: Path, tmp_path: Path) -> None:
    first, second = (Compiler(content, store.path_in(tmp_path), PRODUCTS) for _ in range(2))
    first.compile()
    identity = store.identity(store.path_in(tmp_path))
    assert second.lost()
    second.compile()
    assert store.identity(store.path_in(tmp_path)) == identity
    first.close()
    second.close()


def test_a_compilation_that_fails_leaves_nothing_behind(content: Path, tmp_path: Path) -> None:
    (content / "site.yaml").write_text("nothing")
    state = tmp_path / "state"
    with (
        pytest.raises(Exception, match=r"site\.yaml"),
        closing(Compiler(content, store.path_in(state), PRODUCTS)) as it,
    ):
        it.compile()
    assert list(state.iterdir()) == []
