from __future__ import annotations

import pytest

from search.lexicon import Lexicon, Vocabulary
from search.near import sides
from tests.integration.search.listings import ANALYSIS

LEXICON = Lexicon(
    {
        "en": Vocabulary(
            asking=("the", "a", "of", "what", "is", "there", "me"),
            near=("near", "close to"),
            kinds={"dining": ("restaurants", "places to eat")},
            implied=("Tianjin",),
        ),
        "ru": Vocabulary(asking=("с",), near=("рядом с",)),
        "ar": Vocabulary(asking=("من",), near=("بالقرب من",)),
        "th": Vocabulary(near=("ใกล้",)),
        "zh-Hans": Vocabulary(
            asking=("的", "有什么"), near=("附近", "附近的"), kinds={"dining": ("餐厅",)}, implied=("天津",)
        ),
        "ja": Vocabulary(near=("近く",), kinds={"dining": ("レストラン",)}),
    },
    ANALYSIS,
)


def understood(text: str, language: str, *names: str) -> tuple[str, str | None] | None:
    """Return what is left of a text beside a place of these names, and the kind it asks for; None without a place."""
    for side in sides(text, language, ANALYSIS, LEXICON):
        if taken := side.named(names):
            return side.without(taken)
    return None


@pytest.mark.parametrize(
    ("text", "language", "name", "left"),
    [
        ("temples near the Drum Tower", "en", "Drum Tower", ("temples", None)),
        ("Old temples close to drum tower with children", "en", "The Drum Tower", ("Old temples with children", None)),
        ("Drum Tower near temples", "en", "Drum Tower", ("temples", None)),
        ("restaurants near the zoo", "en", "Tianjin Zoo", ("", "dining")),
        ("what is there near the zoo", "en", "Tianjin Zoo", ("", None)),
        ("places to eat near the zoo", "en", "Tianjin Zoo", ("", "dining")),
        ("鼓楼附近的寺庙", "zh-Hans", "鼓楼", ("寺庙", None)),
        ("鼓樓附近的餐廳", "zh-Hans", "鼓楼", ("", "dining")),
        ("天津鼓楼附近有什么", "zh-Hans", "鼓楼", ("", None)),
        ("鼓楼の近くのレストラン", "ja", "鼓楼", ("", "dining")),
        ("鼓楼の近くのお寺", "ja", "鼓楼", ("のお寺", None)),
        ("музеи рядом с Итальянским кварталом", "ru", "Итальянский квартал", ("музеи", None)),
        ("مطاعم بالقرب من برج الطبل", "ar", "برج الطبل", ("مطاعم", None)),
        ("ร้านอาหารใกล้หอกลอง", "th", "หอกลอง", ("ร้านอาหาร", None)),
        ("鼓楼附近的餐厅", "en", "鼓楼", ("", "dining")),
    ],
)
def test_a_place_beside_a_word_for_near_is_told_from_the_rest(
    text: str, language: str, name: str, left: tuple[str, str | None]
) -> None:
    assert understood(text, language, name) == left


def test_the_longest_name_counts() -> None:
    assert understood("tea near Drum Tower Square", "en", "Drum Tower", "Drum Tower Square") == ("tea", None)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("restaurants near me", "Drum Tower"),
        ("restaurants near the station", "Drum Tower"),
        ("near", "Drum Tower"),
        ("nearby Drum Tower", "Drum Tower"),
        ("restaurants near the old Drum Tower", "Drum Tower"),
        ("Drum Tower", "Drum Tower"),
        ("", "Drum Tower"),
        ("near a", "A"),
        ("附近", "近"),
    ],
)
def test_without_a_known_place_there_is_none(text: str, name: str) -> None:
    assert understood(text, "en", name) is None
