from __future__ import annotations

from pathlib import Path

import pytest

from portal.catalog import store
from portal.catalog.catalog import Catalog
from portal.catalog.model import CatalogUnavailable
from portal.catalog.selection import Selection
from portal.languages.model import Language


def language(catalog: Catalog, tag: str) -> Language:
    found = catalog.languages.get(tag)
    assert found is not None
    return found


def test_a_text_of_ones_own_comes_first(catalog: Catalog) -> None:
    listing = catalog.listing("attractions", "wheel", language(catalog, "en"))
    assert listing is not None
    assert (listing.language, listing.converted, listing.text.name) == ("en", False, "The Wheel")
    assert listing.local.name == "摩天轮与软件"


def test_traditional_chinese_is_made_from_simplified_with_taiwans_wording(catalog: Catalog) -> None:
    listing = catalog.listing("attractions", "wheel", language(catalog, "zh-Hant"))
    assert listing is not None
    assert (listing.language, listing.converted, listing.text.name) == ("zh-Hant", True, "摩天輪與軟體")
    assert "zh-Hant" in listing.translations


def test_a_missing_text_falls_back_to_english_and_then_to_the_source(catalog: Catalog) -> None:
    arabic = language(catalog, "ar")
    wheel = catalog.listing("attractions", "wheel", arabic)
    dumplings = catalog.listing("dining", "dumplings", arabic)
    assert wheel is not None
    assert wheel.language == "en"
    assert dumplings is not None
    assert dumplings.language == "zh-Hans"
    shown = {card.id: card.language for card in catalog.cards(Selection(), arabic)}
    assert shown == {"attractions/wheel": "en", "dining/dumplings": "zh-Hans"}


def test_lists_are_narrowed_by_kind_district_and_tag(catalog: Catalog) -> None:
    english = language(catalog, "en")

    def ids(selection: Selection) -> list[str]:
        return [card.id for card in catalog.cards(selection, english)]

    assert ids(Selection(kind="dining")) == ["dining/dumplings"]
    assert ids(Selection(tag="river")) == ["attractions/wheel"]
    assert ids(Selection(district="hebei", kind="attractions")) == ["attractions/wheel"]
    assert ids(Selection(district="nankai")) == []
    assert ids(Selection(ids=("dining/dumplings", "attractions/wheel"))) == ["dining/dumplings", "attractions/wheel"]
    counts = catalog.facets(Selection())
    assert (counts["district"], counts["tag"], counts["price"]) == ({"hebei": 2}, {"river": 1}, {})


def test_lists_go_on_where_the_last_page_ended(catalog: Catalog) -> None:
    english = language(catalog, "en")
    pages = [catalog.cards(Selection(), english, limit=1, offset=n) for n in range(3)]
    assert [len(page) for page in pages] == [1, 1, 0]
    assert pages[0][0].id != pages[1][0].id


def test_a_catalog_that_was_never_compiled_says_so(tmp_path: Path) -> None:
    with pytest.raises(CatalogUnavailable):
        Catalog(tmp_path / "nothing.sqlite").site()


@pytest.mark.parametrize("content", [b"", b"no database" * 1000])
def test_a_catalog_that_cannot_be_read_says_so(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "catalog.sqlite"
    file.write_bytes(content)
    catalog = Catalog(file)
    with pytest.raises(CatalogUnavailable):
        catalog.site()
    with pytest.raises(CatalogUnavailable):
        catalog.problems()
    catalog.close()


def test_a_catalog_put_in_the_place_of_another_is_read_once_it_is_compiled(tmp_path: Path, catalog: Catalog) -> None:
    assert len(catalog.ids()) == 2
    file = store.path_in(tmp_path)
    for part in tmp_path.glob(f"{file.name}*"):
        part.rename(tmp_path / f"old-{part.name}")
    anew = store.connect(file)
    assert len(catalog.ids()) == 2
    store.advance(anew)
    assert catalog.ids() == []
    anew.close()
