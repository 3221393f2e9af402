import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.languages.model import Language, Languages
from portal.languages.negotiation import negotiate

TAGS = ["zh-Hans", "zh-Hant", "en", "ja", "ko", "ru", "fr", "de", "es", "pt", "ar", "th"]
LANGUAGES = Languages(tuple(Language(tag, tag) for tag in TAGS), Language("zh-Hans", "zh-Hans"))


@pytest.mark.parametrize(
    ("header", "tag"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"),
        ("zh-TW,zh;q=0.9,en-US;q=0.8,en;q=0.7", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("zh-MO", "zh-Hant"),
        ("zh-SG", "zh-Hans"),
        ("yue-HK", "zh-Hant"),
        ("zh-Hans-HK", "zh-Hans"),
        ("zh", "zh-Hans"),
        ("en-GB,en;q=0.9", "en"),
        ("pt-PT", "pt"),
        ("de-AT;q=0.5, ja;q=0.7", "ja"),
        ("arz", "ar"),
        ("en;q=0,fr;q=0.1", "fr"),
        ("uk,en;q=0.8", "en"),
        ("uk", "ru"),
        ("ca, es;q=0.5", "es"),
        ("vi,th;q=0.3", "th"),
        ("*", "en"),
        ("", "en"),
        ("vi", "en"),
        ("junk;;;,,=,fr;q=abc", "en"),
    ],
)
def test_a_reader_gets_the_nearest_language(header: str, tag: str) -> None:
    assert negotiate(header, LANGUAGES).tag == tag


@given(st.text(max_size=300))
def test_no_header_breaks_negotiation(header: str) -> None:
    assert negotiate(header, LANGUAGES) in LANGUAGES.all


@pytest.mark.parametrize("spelling", ["zh-hans", "zh_Hans", "ZH-HANS", "zh-Hans"])
def test_a_tag_is_found_in_any_spelling(spelling: str) -> None:
    found = LANGUAGES.get(spelling)
    assert found is not None
    assert found.tag == "zh-Hans"


def test_fallbacks_go_to_english_and_then_to_the_source() -> None:
    assert [step.tag for step in LANGUAGES.fallbacks(Language("ar", "ar"))] == ["ar", "en", "zh-Hans"]
    assert [step.tag for step in LANGUAGES.fallbacks(Language("en", "en"))] == ["en", "zh-Hans"]


def test_only_arabic_reads_from_the_right() -> None:
    assert [language.tag for language in LANGUAGES if language.direction == "rtl"] == ["ar"]
