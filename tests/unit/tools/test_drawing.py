from __future__ import annotations

from pathlib import Path

from tools import drawing


def test_every_place_is_on_the_sheet() -> None:
    files = drawing.illustrations()
    html = drawing.sheet(files, "light")
    assert html.count("<figure>") == len(files)
    assert all(file.stem in html for file in files)


def test_only_missing_pictures_are_drawn_unless_all_are_asked_for(tmp_path: Path) -> None:
    for name in ("new", "known"):
        (tmp_path / "attractions" / name).mkdir(parents=True)
        (tmp_path / "attractions" / name / f"{name}.svg").touch()
    (tmp_path / "attractions/known/known.jpg").touch()
    assert [picture.name for _, picture in drawing.to_share(tmp_path)] == ["new.jpg"]
    assert [picture.name for _, picture in drawing.to_share(tmp_path, again=True)] == ["known.jpg", "new.jpg"]
