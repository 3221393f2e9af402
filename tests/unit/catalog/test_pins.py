from __future__ import annotations

from portal.catalog import pins
from tests.sample_content import text

SOURCE = text("样", "一。\n\n二。")


def test_a_pinned_translation_is_current() -> None:
    pinned = pins.pinned(text("Sample"), "zh-Hans", SOURCE)
    assert pins.stale(pinned, SOURCE) == []
    assert pins.pinned(pinned, "zh-Hans", SOURCE) == pinned


def test_a_translation_never_pinned_is_stale_in_every_field() -> None:
    assert pins.stale(text("Sample"), SOURCE) == ["name", "summary", "address", "directions", "alt", "body"]


def test_only_the_field_that_moved_on_is_stale() -> None:
    pinned = pins.pinned(text("Sample"), "zh-Hans", SOURCE)
    assert pins.stale(pinned, SOURCE.replace("一。", "一、")) == ["body"]


def test_white_space_makes_nothing_stale() -> None:
    pinned = pins.pinned(text("Sample"), "zh-Hans", SOURCE)
    assert pins.stale(pinned, SOURCE.replace("一。\n\n二。", "一。\n\n\n二。  \n")) == []
