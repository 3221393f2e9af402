from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.languages.model import Language, Languages
from portal.languages.negotiation import negotiate

TAGS = ["zh-Hans", "zh-Hant", "en", "ja", "ko", "ru", "fr", "de", "es", "pt", "ar", "th"]
LANGUAGES = Languages(tuple(Language(tag, tag) for tag in TAGS), Language("zh-Hans", "zh-Hans"))


HEADERS = [line.split("\t") for line in Path(__file__).with_name("headers.tsv").read_text("utf-8").splitlines()]
HEADERS = [row for row in HEADERS if not row[0].startswith("#")]


@pytest.mark.parametrize(("header", "tag"), HEADERS)
def test_a_reader_gets_the_nearest_language(header: str, tag: str) -> None:
    assert negotiate(header, LANGUAGES).tag == tag


def test_the_table_has_a_hundred_headers_and_each_once() -> None:
    assert len(HEADERS) >= 100
    assert len({header for header, _ in HEADERS}) == len(HEADERS)


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
