"""Names that are typed in part, or with a slip."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.spelling import SLIP_MAX, MixedPinyin, begun_with_a_slip, heard, may_have_a_slip, mixed_pinyin


@pytest.mark.parametrize(
    ("letters", "initials", "runs"),
    [
        ("tjbowuguan", "tjbwg", ("bowuguan",)),
        ("tianjbwg", "tjbwg", ("tian",)),
        ("shijiady", "sjdy", ("shijia",)),
        ("tianjbowuguan", "tjbwg", ("tian", "bowuguan")),
        ("tjbwguan", "tjbwg", ("guan",)),
        ("gwenhj", "gwhj", ("wen",)),
    ],
)
def test_syllables_and_initials_may_be_mixed(letters: str, initials: str, runs: tuple[str, ...]) -> None:
    assert MixedPinyin(initials, runs) in mixed_pinyin(letters)


def test_a_text_may_be_read_in_several_ways() -> None:
    assert {mixed.initials for mixed in mixed_pinyin("xianbwg")} == {"xbwg", "xnbwg", "xabwg"}
    assert not mixed_pinyin("an" * 11 + "uv")  # and in so many that it must not look at all of them


@pytest.mark.parametrize("letters", ["tianjin", "tjbwg", "museum", "river", "tjb", "x" * 30, ""])
def test_what_is_all_syllables_all_initials_or_no_pinyin_is_not_mixed(letters: str) -> None:
    assert mixed_pinyin(letters) == ()


@pytest.mark.parametrize("typed", ["gouboli", "goubli", "gouubuli", "guobuli", "goubulib", "xoubuli", "oubuli"])
def test_one_slip_is_forgiven(typed: str) -> None:
    assert may_have_a_slip(typed)
    assert re.fullmatch(begun_with_a_slip(typed), "goubulibaozi")


@pytest.mark.parametrize("typed", ["goabali", "xoubali", "gbuli"])
def test_two_slips_are_not(typed: str) -> None:
    assert not re.fullmatch(begun_with_a_slip(typed), "goubulibaozi")


def test_short_beginnings_are_taken_as_they_are() -> None:
    assert [may_have_a_slip(typed) for typed in ("goub", "天津", "goubu", "天津之")] == [False, False, True, True]


@settings(deadline=None)
@given(st.text("abč天ก1", min_size=4, max_size=SLIP_MAX), st.data())
def test_a_slip_anywhere_is_forgiven(name: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(name) - 1))
    typed = name[:at] + data.draw(st.sampled_from("xy")) + name[at + 1 :]
    assert re.fullmatch(begun_with_a_slip(typed), name)
    assert len(begun_with_a_slip(typed)) < 1000  # more than that Elasticsearch does not take


@pytest.mark.parametrize(
    ("typed", "together"),
    [
        ("yang liu ching old town", "yangliuqing old town"),
        ("Yang Liu Qing", "yangliuqing"),
        ("hsi kai church", "xikai church"),
        ("shiao wu tao street", "xiaowutao street"),
        ("big wheel", "big wheel"),
        ("la de", "la de"),
        ("yang", "yang"),
    ],
)
def test_syllables_that_stand_apart_are_put_together_as_they_are_heard(typed: str, together: str) -> None:
    assert heard(typed.split()) == together.split()
