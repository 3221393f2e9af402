"""Extracts that show why a listing was found."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search import text as cutting
from search.characters import cluster_end, cluster_start
from search.highlight import LEAD, WIDTH, extract
from search.marking import Marker
from search.model import Segment
from search.plan import Plan, plan_text
from tests.unit.search.test_text import ANALYSIS


def marked(summary: str, query: str, group: str = "en", body: str = "") -> tuple[Segment, ...] | None:
    plan = plan_text(query, "en", ANALYSIS)
    return extract({"summary": summary, "body": body}, group, Marker(plan, ANALYSIS))


def test_words_are_marked_in_every_form() -> None:
    assert marked("Museums and a museum.", "museum") == (
        Segment("Museums", True), Segment(" and a ", False), Segment("museum", True), Segment(".", False),
    )  # fmt: skip


def test_neighbouring_pairs_are_one_mark() -> None:
    assert marked("坐摩天輪。", "摩天轮", "zh") == (
        Segment("坐", False), Segment("摩天輪", True), Segment("。", False),
    )  # fmt: skip


def test_a_single_character_is_marked_alone() -> None:
    assert marked("天津之眼", "之", "zh") == (Segment("天津", False), Segment("之", True), Segment("眼", False))
    assert marked("天津之眼", "眼", "zh") == (Segment("天津之", False), Segment("眼", True))


def test_without_a_match_the_summary_begins() -> None:
    assert marked("A summary.", "museum", body="A body.") == (Segment("A summary.", False),)
    assert extract({"summary": "A summary."}, "en", Marker(None, ANALYSIS)) == (Segment("A summary.", False),)


def test_the_body_is_shown_when_only_it_matches() -> None:
    assert marked("A summary.", "body", body="A\n\n body.") == (
        Segment("A ", False), Segment("body", True), Segment(".", False),
    )  # fmt: skip


def test_nothing_to_show() -> None:
    assert marked("", "museum", body=" \n") is None


def test_a_long_text_is_cut_between_words_around_what_was_found() -> None:
    segments = marked("word " * 100 + "needle" + " word" * 100, "needle")
    assert segments is not None
    assert segments[0] == segments[-1] == Segment("…", False)
    assert Segment("needle", True) in segments
    shown = "".join(segment.text for segment in segments).strip("…")
    assert set(shown.split()) == {"word", "needle"}
    assert len(shown) <= WIDTH


def test_the_stretch_with_most_of_the_words_is_shown() -> None:
    segments = marked("red " + "filler " * 60 + "red green blue", "red green blue")
    assert segments is not None
    assert [segment.text for segment in segments if segment.marked] == ["red", "green", "blue"]


def test_wide_characters_take_two_columns() -> None:
    segments = marked("長" * 500, "museum", "zh")
    assert segments == (Segment("長" * (WIDTH // 2), False), Segment("…", False))


@pytest.mark.parametrize(
    ("unit"),
    ["👩‍👩‍👧", "🇨🇳", "é̂", "กำ", "नि", "👍🏽", "각", "ع\u064e"],
)
def test_no_character_is_split_at_an_edge(unit: str) -> None:
    for lead in range(4):
        segments = marked("x" * lead + unit * 300, "museum")
        assert segments is not None
        shown = segments[0].text[lead:]
        assert shown == unit * (len(shown) // len(unit))


ANY_TEXT = st.text(
    st.sampled_from("ab é́\u0301天輪之กำทะ👩\u200d👧🇨🇳👍🏽가각\u1100\u1161عَ\n,。") | st.characters(codec="utf-8"),
    max_size=400,
)


@given(text=ANY_TEXT, query=ANY_TEXT)
def test_segments_joined_are_a_stretch_of_the_text(text: str, query: str) -> None:
    segments = marked(text, query or "a")
    flat = " ".join(text.split())
    if segments is None:
        assert not flat
        return
    joined = "".join(segment.text for segment in segments)
    inner = joined[1 if segments[0] == Segment("…", False) else 0 :]
    inner = inner[:-1] if inner.endswith("…") and not flat.endswith(inner) else inner
    assert inner in flat
    for segment in segments[1:]:
        assert unicodedata.category(segment.text[0]) not in {"Mn", "Me", "Mc"}
    assert len(inner) <= 20 * (WIDTH + LEAD)


FORMS = "Museum museums museo Straße strasse œuvre oeuvre cafés cafe\u0301 المتحف متاحف والكتب كتاب музей Музеи"
WORDS = st.lists(st.sampled_from([*FORMS.split(), "天津博物馆", "½", "…", "พิพิธภัณฑ์", "น้ำ", "V1汽车"]), max_size=12)


@given(words=WORDS, query=WORDS, more=ANY_TEXT)
@settings(deadline=None)
def test_what_is_found_quickly_is_what_the_tokens_say(words: list[str], query: list[str], more: str) -> None:
    text, plan = " ".join(words) + more, plan_text(" ".join(query) or "a", "en", ANALYSIS)
    assert plan is not None
    for group in ("en", "zh", "th", "de"):
        quick = {index for mark in Marker(plan, ANALYSIS).marks(text, group) for index in range(mark.start, mark.end)}
        assert quick == thorough(text, group, plan)


def thorough(text: str, group: str, plan: Plan) -> set[int]:
    """Return the places of terms as all the tokens of a text have them."""
    terms = plan.terms_in(group)
    whole = set(ANALYSIS.stems(group, (term.text for term in terms if not term.prefix)))
    heads = tuple(term.text for term in terms if term.prefix)
    found: set[int] = set()
    spans = ANALYSIS.spans(text)
    for span, stem in zip(spans, ANALYSIS.stems(group, (span.text for span in spans)), strict=True):
        if stem in whole and span.kind != "tail":
            found.update(range(cluster_start(text, span.start), cluster_end(text, span.end)))
        elif heads and stem.startswith(heads):
            end = span.end if text[span.start : span.end] != normalised(text[span.start : span.end]) else span.start + 1
            found.update(range(cluster_start(text, span.start), cluster_end(text, end)))
    return found


def normalised(text: str) -> str:
    return cutting.normalise(text, ANALYSIS.normalisers.simplify)
