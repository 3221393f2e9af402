"""How texts become tokens."""

import pytest

from search import text as cutting
from search.analysis import Analysis, Normalisers
from search.documents import searchable
from search.model import Document, Text

SIMPLE = str.maketrans("觀覽車輪館", "观览车轮馆")
SYLLABLES = {"天": "tian", "津": "jin", "之": "zhi", "眼": "yan", "绿": "lv"}
ANALYSIS = Analysis(
    languages=("zh-Hans", "zh-Hant", "en", "de", "th", "eo"),
    normalisers=Normalisers(
        simplify=lambda text: text.translate(SIMPLE),
        pinyin=lambda han: [SYLLABLES.get(character, "") for character in han],
        segment_thai=lambda run: [run[:3], run[3:]] if len(run) > 3 else [run],
    ),
)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("The Tianjin Eye!", "the tianjin eye"),
        ("天津之眼", "天津 津之 之眼 眼"),
        ("眼", "眼"),
        ("摩天輪 Eye", "摩天 天轮 轮 eye"),
        ("タワー", "たわ わー ー"),
        ("ﾀﾜｰ", "たわ わー ー"),
        ("톈진의 눈", "톈진 진의 의 눈"),
        ("Straße ЁЛКА İ", "strasse елка i"),
        ("cafe\u0301 q\u0303", "café q"),
        ("مُتْحَف ٣ ﷺ", "متحف 3 صلي الله عليه وسلم"),
        ("المتحف والمتحف للمتحف", "متحف متحف متحف"),
        ("أحمد إسلام على", "احمد اسلام علي"),
        ("กขคง", "กขค ง"),
        ("V1汽车", "v1 汽车 车"),
        ("1,000 ½", "1 000 1 2"),
        ("a_b-c", "a b c"),
        ("\ud800 \x00 🎡", ""),
    ],
)
def test_texts_are_cut_script_by_script(text: str, tokens: str) -> None:
    assert ANALYSIS.prepare(text) == tokens


def test_an_endless_word_is_cut_off() -> None:
    assert [len(token.text) for token in ANALYSIS.tokens("x" * 1000)] == [cutting.TOKEN_MAX]


def test_spans_stand_where_the_text_as_written_has_them() -> None:
    text = "Das 觀覽車 ﷺ, cafe\u0301s"
    spans = {span.text: text[span.start : span.end] for span in ANALYSIS.spans(text)}
    assert spans == {
        "das": "Das", "观览": "觀覽", "览车": "覽車", "车": "車", "cafés": "cafe\u0301s",
        "صلي": "ﷺ", "الله": "ﷺ", "عليه": "ﷺ", "وسلم": "ﷺ",
    }  # fmt: skip


def test_stems_fold_accents_first() -> None:
    assert ANALYSIS.stems("en", ["museums", "cafés"]) == ANALYSIS.stems("en", ["museum", "cafe"])
    assert ANALYSIS.stems("zh", ["museums"]) == ["museums"]


def test_languages_of_a_group_share_fields_and_unknown_ones_have_their_own() -> None:
    assert ANALYSIS.groups == {
        "zh": ("zh-Hans", "zh-Hant"), "en": ("en",), "de": ("de",), "th": ("th",), "eo": ("eo",),
    }  # fmt: skip
    assert ANALYSIS.stemmer("eo") is None


def test_fingerprint_depends_on_the_languages() -> None:
    assert ANALYSIS.fingerprint == Analysis(ANALYSIS.languages, ANALYSIS.normalisers).fingerprint
    assert ANALYSIS.fingerprint != Analysis(("en",), ANALYSIS.normalisers).fingerprint


def test_a_listing_becomes_fields() -> None:
    texts = {"zh-Hans": Text("天津之眼"), "zh-Hant": Text("天津之眼"), "en": Text("The Eye", tags=("Night view",))}
    fields = searchable(Document("a/eye", "a", "eye", texts), ANALYSIS)
    assert fields["name_zh"] == ["天津 津之 之眼 眼"]  # both scripts, once
    assert fields["name_en"] == ["the eye"]
    assert fields["about_en"] == ["night view"]
    assert fields["names"] == ["天津 津之 之眼 眼", "the eye"]
    assert fields["tag_words"] == ["night", "view"]
    assert fields["pinyin"] == ["tianjinzhiyan", "tjzy", "jinzhiyan", "jzy", "zhiyan", "zy", "yan", "y"]
    assert {"theeye", "en::theeye", "en^^theeye", "eye", "en::eye", "zh^^天津之眼", "眼"} <= set(fields["completions"])
    assert "en^^eye" not in fields["completions"]


def test_u_umlaut_is_found_either_way() -> None:
    fields = searchable(Document("a/b", "a", "b", {"zh-Hans": Text("绿")}), ANALYSIS)
    assert fields["pinyin"] == ["lv", "lu", "l"]
