"""Patterns for what is typed in part, or with a slip."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.spelling import SLIP_MAX, begun_with_a_slip, mixed_pinyin

MUSEUM = "tian'jin'bo'wu'guan"


@pytest.mark.parametrize("letters", ["tjbowuguan", "tianjbwg", "tjbw", "tianjinbowug", "tjbwguan", "tiajbowg"])
def test_syllables_may_be_begun_only(letters: str) -> None:
    pattern = mixed_pinyin(letters)
    assert pattern
    assert re.fullmatch(pattern, MUSEUM)


@pytest.mark.parametrize("letters", ["tjx", "tjbowuguanx", "jtbowuguan", "tjguan", "tianguan"])
def test_syllables_are_neither_skipped_nor_swapped(letters: str) -> None:
    pattern = mixed_pinyin(letters)
    assert not (pattern and re.fullmatch(pattern, MUSEUM))


@pytest.mark.parametrize("word", ["museum", "church", "with", "river", "park", "restaurant", "tjb"])
def test_most_words_of_other_languages_are_no_pinyin(word: str) -> None:
    pattern = mixed_pinyin(word)
    assert pattern is None or not re.fullmatch(pattern, MUSEUM)


def test_words_that_pinyin_cannot_be_are_not_looked_for() -> None:
    assert [mixed_pinyin(word) for word in ("museum", "river", "virtual", "abc")] == [None] * 4


@pytest.mark.parametrize("typed", ["gouboli", "goubli", "gouubuli", "guobuli", "goubulib"])
def test_one_slip_is_forgiven(typed: str) -> None:
    pattern = begun_with_a_slip(typed)
    assert pattern
    assert re.fullmatch(pattern, "goubulibaozi")


@pytest.mark.parametrize("typed", ["goabali", "xoubuli", "gbuli"])
def test_two_slips_or_a_wrong_beginning_are_not(typed: str) -> None:
    assert not re.fullmatch(str(begun_with_a_slip(typed)), "goubulibaozi")


def test_short_beginnings_are_taken_as_they_are() -> None:
    assert begun_with_a_slip("gou") is None
    assert begun_with_a_slip("天津") is None
    assert re.fullmatch(str(begun_with_a_slip("天京之")), "天津之眼")


@given(st.text("abč天ก1", min_size=4, max_size=40), st.data())
def test_a_slip_anywhere_but_at_the_beginning_is_forgiven(name: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(1, min(len(name), SLIP_MAX) - 1))
    typed = name[:at] + data.draw(st.sampled_from("xy")) + name[at + 1 :]
    if pattern := begun_with_a_slip(typed):
        assert re.fullmatch(pattern, name)
