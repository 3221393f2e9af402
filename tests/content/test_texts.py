"""The texts of content/ keep to their language: its script, its punctuation, its quotation marks, its words."""

from __future__ import annotations

import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import opencc
import pytest

from portal.catalog import files, pins, yaml
from portal.catalog.facts import PLACES
from portal.config import ROOT

CONTENT = Path(os.environ.get("CONTENT_UNDER_TEST", ROOT / "content"))
LANGUAGES = ("zh-Hans", "zh-Hant", "en", "ja", "ko", "ru", "fr", "de", "es", "pt", "ar", "th")
FIELDS = ("name", "summary", "address", "directions", "tips", "alt")
SCRIPTS = {"ru": "CYRILLIC", "ar": "ARABIC", "th": "THAI", "ko": "HANGUL", "zh-Hans": "CJK", "zh-Hant": "CJK"}
COMMON = {
    "en": "the and of to in with from that its where",
    "fr": "le la les des du une dans pour est avec",
    "de": "der die das und ist mit den von nicht ein",
    "es": "el los las del una con para es y al",
    "pt": "o os as do da um uma com não em",
}
QUOTES = {
    "zh-Hans": "“”‘’《》（）",
    "zh-Hant": "「」『』《》（）",
    "ja": "「」『』（）",
    "en": "“”‘’",
    "ko": "“”‘’《》「」",
    "ru": "«»„“",
    "fr": "«»’“”",
    "de": "„“‚‘’",
    "es": "«»“”‘’",
    "pt": "“”‘’",
    "ar": "«»“”",
    "th": "“”‘’",
}
ANY_QUOTE = set('"“”„«»「」『』')


@cache
def texts(language: str) -> dict[str, dict[str, str]]:
    """Return every text of a language by file and field."""
    found = {}
    for path in sorted(CONTENT.glob(f"*/*/{language}.md")):
        match = files.FRONT_MATTER.match(path.read_text("utf-8"))
        assert match is not None, path
        head = yaml.load(match["head"], str(path))
        values = {field: _plain(head.get(field, "")) for field in FIELDS} | {"body": match["body"]}
        found[path.relative_to(CONTENT).as_posix()] = {field: text for field, text in values.items() if text}
    return found


def _plain(value: object) -> str:
    if isinstance(value, dict):
        return "\n".join(map(str, value.values()))
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value)


@cache
def districts(language: str) -> dict[str, dict[str, str]]:
    """Return what is said of each district in a language, by file and field."""
    found = {}
    for path in sorted(CONTENT.glob("districts/*.yaml")):
        said = yaml.load(path.read_text("utf-8"), str(path))
        fields = {field: said[field].get(language, "") for field in ("names", "summary", "description")}
        found[path.relative_to(CONTENT).as_posix()] = fields
    return found


def each(language: str) -> Iterator[tuple[str, str]]:
    for path, fields in (texts(language) | districts(language)).items():
        for field, text in fields.items():
            yield f"{path} {field}", text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_district_has_its_name_a_line_and_a_paragraph(language: str) -> None:
    lacking = [
        f"{path} {field}" for path, fields in districts(language).items() for field in fields if not fields[field]
    ]
    assert len(districts(language)) == 16
    assert lacking == []


def test_every_listing_is_written_in_every_language() -> None:
    folders = {path.parent for path in CONTENT.glob("*/*/listing.yaml")}
    missing = [
        f"{folder.name}/{tag}.md" for folder in folders for tag in LANGUAGES if not (folder / f"{tag}.md").exists()
    ]
    assert missing == []


def test_every_translation_stands_on_the_present_source() -> None:
    assert [str(problem) for problem in pins.stale_translations(CONTENT, "zh-Hans")] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_body_has_three_paragraphs_or_more(language: str) -> None:
    for path, fields in texts(language).items():
        blocks = [block for block in re.split(r"\n\s*\n", fields["body"].strip()) if not block.startswith("#")]
        assert len(blocks) >= 3, path


@pytest.mark.parametrize("language", SCRIPTS)
def test_a_text_is_in_its_own_script(language: str) -> None:
    for path, fields in texts(language).items():
        letters = [char for char in fields["body"] if char.isalpha()]
        own = sum(unicodedata.name(char, "").startswith(SCRIPTS[language]) for char in letters)
        assert own / len(letters) > 0.75, path


def test_japanese_is_written_with_kana() -> None:
    for path, fields in texts("ja").items():
        kana = len(re.findall(r"[\u3040-\u30ff]", fields["body"]))
        assert kana / len(fields["body"]) > 0.3, path


@pytest.mark.parametrize("language", COMMON)
def test_a_text_in_latin_script_is_in_its_own_language(language: str) -> None:
    for path, fields in texts(language).items():
        words = Counter(re.findall(r"\w+", fields["body"].lower()))
        scores = {tag: sum(words[word] for word in common.split()) for tag, common in COMMON.items()}
        assert max(scores, key=scores.__getitem__) == language, f"{path}: {scores}"


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "ja"])
def test_chinese_and_japanese_have_full_width_punctuation(language: str) -> None:
    han = r"[\u3040-\u30ff\u4e00-\u9fff]"
    wrong = re.compile(rf"{han}\s*[,;:?!()]|[,;?!(]\s*{han}|{han}\.(\s|$)")
    assert [f"{where}: {match[0]}" for where, text in each(language) for match in [wrong.search(text)] if match] == []


def test_traditional_chinese_has_no_simplified_character() -> None:
    """Big5 has no simplified character, and what it lacks besides, rare ones, the conversion leaves alone."""
    to_traditional = opencc.OpenCC("s2t")
    found = [
        f"{where}: {char}"
        for where, text in each("zh-Hant")
        for char in re.findall(r"[\u4e00-\u9fff]", text)
        if not char.encode("big5", "ignore") and to_traditional.convert(char) != char
    ]
    assert found == []


@pytest.mark.parametrize("language", QUOTES)
def test_quotation_marks_are_those_of_the_language(language: str) -> None:
    foreign = ANY_QUOTE - set(QUOTES[language])
    assert [f"{where}: {char}" for where, text in each(language) for char in sorted(foreign & set(text))] == []


def test_french_has_its_spaces_before_double_punctuation_and_within_quotation_marks() -> None:
    wrong = re.compile(r"\w[;!?»]|\w:(?=\s)|«\w|[^\u202f\u00a0]»| [;!?:»]")
    found = [
        f"{where}: {text[max(0, m.start() - 15) : m.end() + 5]!r}"
        for where, text in each("fr")
        for m in wrong.finditer(text)
    ]
    assert found == []


def test_arabic_has_its_own_comma_semicolon_and_question_mark() -> None:
    wrong = re.compile(r"[\u0600-\u06ff]\s*[,;?]")
    assert [f"{where}: {match[0]}" for where, text in each("ar") for match in [wrong.search(text)] if match] == []


def test_each_name_is_one_in_every_language() -> None:
    """Two listings never share a name: a reader could not tell them apart."""
    for language in LANGUAGES:
        names = Counter(fields["name"] for fields in texts(language).values())
        assert [name for name, count in names.items() if count > 1] == []


def test_every_place_has_an_illustration_and_a_picture_for_shared_links() -> None:
    for folder in places():
        facts = yaml.load((folder / "listing.yaml").read_text("utf-8"), str(folder))
        assert [image["file"] for image in facts["images"]] == [f"{folder.name}.svg"]
        assert facts["share_image"] == f"{folder.name}.jpg"
        assert jpeg_size((folder / f"{folder.name}.jpg").read_bytes()) == (1200, 630), folder


def places() -> list[Path]:
    return sorted(path.parent for kind in PLACES for path in CONTENT.glob(f"{kind}/*/listing.yaml"))


def jpeg_size(data: bytes) -> tuple[int, int]:
    """Return width and height out of a JPEG's first frame header (ITU-T T.81, B.2.2)."""
    assert len(data) < 200_000
    at = 2
    while data[at + 1] not in {0xC0, 0xC1, 0xC2}:
        at += 2 + int.from_bytes(data[at + 2 : at + 4])
    return int.from_bytes(data[at + 7 : at + 9]), int.from_bytes(data[at + 5 : at + 7])


def test_every_picture_is_small_and_has_no_text_script_or_outside_reference() -> None:
    pictures = sorted(Path(CONTENT).glob("*/*/*.svg"))
    assert pictures
    for path in pictures:
        svg = path.read_text("utf-8")
        assert len(svg.encode()) < 25_000, path
        for forbidden in (
            "<script",
            "<text",
            "<style",
            " style=",
            "<image",
            'href="http',
            "<foreignObject",
            "<!ENTITY",
        ):
            assert forbidden not in svg, f"{path}: {forbidden}"
