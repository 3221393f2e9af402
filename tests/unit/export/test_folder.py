"""The folder of an export: what a crash left half-written is written again, and only what goes, goes."""

from __future__ import annotations

from pathlib import Path

import brotli
import pytest

from portal.export.folder import remove_others, write

PAGE = b"<p>Wheel</p>" * 200


@pytest.mark.parametrize("compressed", [False, True])
def test_what_a_crash_left_half_written_is_written_again(tmp_path: Path, *, compressed: bool) -> None:
    page = tmp_path / "en/wheel/index.html"
    assert write(str(page), PAGE, compressed=compressed)
    page.write_bytes(PAGE[:100])
    assert write(str(page), PAGE, compressed=compressed)
    assert page.read_bytes() == PAGE
    assert not write(str(page), PAGE, compressed=compressed)


def test_a_page_that_changes_is_replaced_as_a_whole(tmp_path: Path) -> None:
    page = tmp_path / "index.html"
    write(str(page), PAGE)
    with page.open("rb") as reader:
        write(str(page), b"another")
        assert reader.read() == PAGE


def test_forms_are_there_before_the_page_is(tmp_path: Path) -> None:
    page = tmp_path / "en/index.html"
    write(str(page), PAGE)
    assert write(str(page), PAGE, compressed=True)
    assert brotli.decompress(page.with_name("index.html.br").read_bytes()) == PAGE


def test_only_what_is_no_part_any_more_is_removed(tmp_path: Path) -> None:
    for name in ("index.html", "en/index.html", "en/index.html.br", "en/old/index.html", "en/old.gz", ".export"):
        write(str(tmp_path / name), PAGE)
    wanted = {hash("index.html"), hash("en/index.html")}
    assert remove_others(tmp_path, wanted, compressed=True) == 2
    assert remove_others(tmp_path, wanted, compressed=False) == 1
    left = {file.relative_to(tmp_path).as_posix() for file in tmp_path.rglob("*") if file.is_file()}
    assert left == {"index.html", "en/index.html", ".export"}
