"""Documents are made ready for indexes once, and kept until they change."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import pytest

from search.analysis import Analysis
from search.documents import searchable
from search.drift import digest
from search.model import Document, Text
from search.ready import Kept, Preparer
from tests.unit.search.test_text import ANALYSIS

EYE = Document(
    id="attractions/tianjin-eye",
    kind="attractions",
    slug="tianjin-eye",
    texts={"zh-Hans": Text("天津之眼", summary="摩天轮"), "th": Text("กขคง", body="กขค")},
)
TOWER = replace(EYE, id="attractions/tower", slug="tower")


class Drawer:
    """A shelf in memory that counts what is put there."""

    def __init__(self) -> None:
        self.kept: dict[str, Kept] = {}
        self.put_ids: list[str] = []

    def take(self, keys: Mapping[str, str]) -> Mapping[str, bytes]:
        return {id: self.kept[id].fields for id, key in keys.items() if id in self.kept and self.kept[id].key == key}

    def put(self, made: Sequence[Kept]) -> None:
        self.kept |= {one.id: one for one in made}
        self.put_ids += [one.id for one in made]


@pytest.fixture
def drawer() -> Drawer:
    return Drawer()


@pytest.mark.parametrize("make", [lambda drawer: None, lambda drawer: drawer], ids=["without a shelf", "with a shelf"])
def test_a_ready_document_has_its_digest_and_fields_each_time(
    drawer: Drawer, make: Callable[[Drawer], Drawer | None]
) -> None:
    preparer = Preparer(ANALYSIS, make(drawer))
    for _ in range(2):
        (ready,) = preparer.ready([EYE])
        assert (ready.document, ready.digest, ready.fields) == (EYE, digest(EYE), searchable(EYE, ANALYSIS))


def test_what_is_kept_is_not_made_again_for_another_engine(drawer: Drawer) -> None:
    for _ in range(2):
        assert [one.document.id for one in Preparer(ANALYSIS, drawer).ready([EYE, TOWER])] == [EYE.id, TOWER.id]
    assert drawer.put_ids == [EYE.id, TOWER.id]


def test_what_changed_is_made_again(drawer: Drawer) -> None:
    list(Preparer(ANALYSIS, drawer).ready([EYE, TOWER]))
    changed = replace(EYE, texts={"zh-Hans": Text("天津")})
    (ready,) = Preparer(ANALYSIS, drawer).ready([changed])
    assert ready.fields == searchable(changed, ANALYSIS)
    assert drawer.put_ids == [EYE.id, TOWER.id, EYE.id]


@pytest.mark.parametrize(
    "other",
    [
        replace(ANALYSIS, languages=(*ANALYSIS.languages, "fr")),
        replace(ANALYSIS, normalisers=replace(ANALYSIS.normalisers, version=lambda: "another dictionary")),
    ],
    ids=["another language", "another dictionary"],
)
def test_another_analysis_makes_everything_again(drawer: Drawer, other: Analysis) -> None:
    list(Preparer(ANALYSIS, drawer).ready([EYE]))
    list(Preparer(other, drawer).ready([EYE]))
    assert drawer.put_ids == [EYE.id, EYE.id]
    assert other.fingerprint != ANALYSIS.fingerprint


def test_a_language_that_the_site_does_not_have_is_an_error() -> None:
    with pytest.raises(ValueError, match="xx"):
        list(Preparer(ANALYSIS).ready([replace(EYE, texts={"xx": Text("?")})]))
