from __future__ import annotations

from pathlib import Path

from tools import contact_sheet


def test_every_listing_is_on_the_sheet() -> None:
    files = contact_sheet.illustrations()
    assert len(files) == len(list(contact_sheet.CONTENT.glob("*/*/listing.yaml")))
    html = contact_sheet.sheet(files, "light")
    assert html.count("<figure>") == len(files)
    assert all(file.stem in html for file in files)


def test_the_sheet_grows_by_whole_rows(tmp_path: Path) -> None:
    heights = [contact_sheet.size(count)[1] for count in (1, 3, 4)]
    assert heights[0] == heights[1] < heights[2]
