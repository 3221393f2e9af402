"""Listing files into fields and back: nothing else moves."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.catalog import pins
from portal.config import ROOT
from portal.editing import disk, document
from portal.editing.merge import three_way
from portal.editing.states import State, made_from, pinned, states
from portal.editing.words import Change, difference

YAML = """\
# who says so: the owner
subtype: Restaurant
district: hebei
phones: ["+862212345678"]  # answered until nine
images:
  - file: a.svg
    width: 1
    height: 1
    credit: 'Somebody'
    licence: CC0
sources: []
"""
TEXT = "---\nname: 茶馆\nsummary: 好茶。\ntips:\n  - 早到。\n---\n\n一。\n"
FILES = {"listing.yaml": YAML, "zh-Hans.md": TEXT}


def listings() -> list[str]:
    return [str(file.parent.relative_to(ROOT / "content")) for file in sorted(ROOT.glob("content/*/*/listing.yaml"))]


@pytest.mark.parametrize("listing", listings()[::6])
def test_what_no_change_touches_stays_to_the_byte(listing: str) -> None:
    texts = disk.read(ROOT / "content", listing)
    fields = document.read(texts)
    assert document.write(texts, fields, "zh-Hans") == texts
    after = document.write(texts, {"facts/opening_hours": "Mo-Su 09:00-17:00", "en/name": "Another"}, "zh-Hans")
    for name in ("listing.yaml", "en.md"):
        lines = set(after[name].splitlines()) ^ set(texts[name].splitlines())
        assert len(lines) <= 2, lines


def test_comments_and_order_are_kept_and_new_fields_come_in_their_place() -> None:
    changes = {"facts/phones": ["+862287654321"], "facts/opening_hours": "Mo-Su 09:00-17:00", "facts/tags": ["river"]}
    after = document.write(FILES, changes, "zh-Hans")
    assert after["listing.yaml"] == YAML.replace(
        'phones: ["+862212345678"]  # answered until nine',
        'opening_hours: Mo-Su 09:00-17:00\nphones: ["+862287654321"]  # answered until nine\ntags: [river]',
    )
    assert after["zh-Hans.md"] is TEXT


def test_a_field_is_taken_away_and_a_language_begun() -> None:
    pins_ = pinned(document.read(FILES), "zh-Hans", "en", ["name"])
    new = {"facts/phones": None, "en/name": "no: teahouse", "en/summary": "Tea.", "en/body": "One.\n\nTwo.", **pins_}
    after = document.write(FILES, new, "zh-Hans")
    assert "phones" not in after["listing.yaml"]
    fields = document.read(after)
    assert (fields["en/name"], fields["en/body"]) == ("no: teahouse", "One.\n\nTwo.")
    assert fields["en@name"] == pins.digest("茶馆")
    assert list(pins.revision(TEXT)) == ["name", "summary", "tips", "body"]


@pytest.mark.parametrize(
    "words", ["no", "- a", "a: b", "# x", "'q'", '"', "{{7*7}}", "2026-01-01", "+86", "~", "a\u2028b", " x"]
)
def test_whatever_words_are_written_are_read_again(words: str) -> None:
    after = document.write(FILES, {"zh-Hans/summary": words, "zh-Hans/tips": [words]}, "zh-Hans")
    fields = document.read(after)
    assert (fields["zh-Hans/summary"], fields["zh-Hans/tips"]) == (words, [words])


def test_two_changes_go_together_unless_they_are_to_the_same_field() -> None:
    ancestor = {"a": 1, "b": 1, "c": 1}
    merged = three_way(ancestor, {"a": 1, "b": 2, "c": 3}, {"a": 9, "b": 1, "c": 4, "d": None})
    assert merged.taken == {"a": 9}
    assert merged.conflicts == {"c": 3}
    assert three_way(ancestor, {"a": 2}, {"a": 2}).conflicts == {}


def test_a_translation_is_missing_stale_or_current_and_white_space_makes_nothing_stale() -> None:
    fields = document.read(FILES)
    fields |= {"en/name": "Teahouse", "en/summary": "Good tea.", **pinned(fields, "zh-Hans", "en", ["name"])}
    fields["zh-Hans/name"] = " 茶馆  "
    found = states(fields, "zh-Hans", "en")
    assert found == {"name": State.CURRENT, "summary": State.STALE, "tips": State.MISSING, "body": State.MISSING}


def test_the_source_a_stale_field_was_made_from_is_found_in_earlier_versions() -> None:
    old = {"zh-Hans.md": TEXT.replace("好茶", "好茶好水")}
    pin = pins.digest("好茶好水。")
    assert made_from(pin, "summary", "zh-Hans", [FILES, old]) == "好茶好水。"
    assert made_from("0" * 12, "summary", "zh-Hans", [FILES, old]) is None


def test_what_changed_is_shown_word_by_word_and_in_chinese_by_character() -> None:
    assert difference("a red door", "a blue door") == [
        (Change.SAME, "a "),
        (Change.REMOVED, "red"),
        (Change.ADDED, "blue"),
        (Change.SAME, " door"),
    ]
    assert (Change.ADDED, "11:45") in difference("08:00-12:15", "08:00-11:45")
    assert (Change.ADDED, "绿") in difference("喝茶", "喝绿茶")


def test_a_file_that_is_written_leaves_nothing_beside_it(tmp_path: Path) -> None:
    disk.write(tmp_path, "dining/new", "listing.yaml", "a: 1\n")
    assert disk.read(tmp_path, "dining/new") == {"listing.yaml": "a: 1\n"}
    assert [file.name for file in (tmp_path / "dining/new").iterdir()] == ["listing.yaml"]
