"""How a reader's text is taken apart."""

import pytest

from search.elasticsearch import queries
from search.model import BadQuery, Near, Query
from search.plan import TEXT_MAX, TOKENS_MAX, CloseTerm, Term, plan_completion, plan_text
from tests.unit.search.test_text import ANALYSIS


def test_blank_text_has_no_plan() -> None:
    assert plan_text(" \n", "en", ANALYSIS) is None


def test_terms_of_a_text() -> None:
    plan = plan_text("Tianjin 天津 眼", "de", ANALYSIS)
    assert plan is not None
    assert plan.terms == (Term("tianjin"), Term("天津"), Term("眼", prefix=True))
    assert plan.required == 3
    assert plan.groups[0] == ("de", 2.0)
    assert dict(plan.groups[1:]) == {"zh": 1.0, "en": 1.0, "th": 1.0, "eo": 1.0}
    assert plan.letters == ""


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("tian jin", "tianjin"),
        ("tiān jīn", "tianjin"),
        ("tian1jin1", "tianjin"),
        ("lü", "lu"),
        ("天", ""),
        ("1921", ""),
    ],
)
def test_pinyin_is_read_without_spaces_and_tones(text: str, letters: str) -> None:
    plan = plan_text(text, "en", ANALYSIS)
    assert plan is not None
    assert plan.letters == letters


def test_a_long_query_need_not_match_word_by_word() -> None:
    plan = plan_text("where can I see the old city", "en", ANALYSIS)
    assert plan is not None
    assert (len(plan.terms), plan.required) == (7, 6)


def test_typos_are_allowed_by_length() -> None:
    plan = plan_text("to the theatre", "en", ANALYSIS)
    assert plan is not None
    assert plan.close == (CloseTerm("to", 0), CloseTerm("the", 1), CloseTerm("theatre", 2))


@pytest.mark.parametrize("text", ["天" * 10_000, "ab " * 10_000, "".join(map(chr, range(0x4E00, 0x5E00)))])
def test_a_plan_has_bounds(text: str) -> None:
    plan = plan_text(text, "en", ANALYSIS)
    assert plan is not None
    assert len(plan.terms) <= TOKENS_MAX
    assert len(plan.name) <= 3 * TEXT_MAX


def test_what_is_typed_is_completed_without_spaces() -> None:
    completion = plan_completion("Tiān j", "zh-Hant", ANALYSIS)
    assert completion is not None
    assert (completion.typed, completion.letters, completion.group) == ("tianj", "tianj", "zh")
    assert plan_completion("?!", "en", ANALYSIS) is None


def test_filters_stand_apart_from_the_text_and_facets_leave_their_own_out() -> None:
    query = Query("", "en", kind="dining", district="heping", tags=("snacks",), near=Near(39, 117, 500))
    body = queries.search_body(query, None, ["languages"])
    assert body["post_filter"] == {"bool": {"filter": [{"term": {"kind": "dining"}}, {"term": {"district": "heping"}}]}}
    assert body["aggs"]["kind"]["filter"] == {"bool": {"filter": [{"term": {"district": "heping"}}]}}
    assert body["aggs"]["district"]["filter"] == {"bool": {"filter": [{"term": {"kind": "dining"}}]}}
    assert body["query"]["bool"]["filter"] == [
        {"term": {"tags": "snacks"}},
        {"geo_distance": {"distance": "500.000m", "location": {"lat": 39, "lon": 117}}},
    ]


@pytest.mark.parametrize(
    ("field", "values"),
    [("limit", {"limit": 0}), ("limit", {"limit": 101}), ("offset", {"offset": -1}), ("offset", {"offset": 10_000})],
)
def test_pages_out_of_bounds_are_refused(field: str, values: dict[str, int]) -> None:
    with pytest.raises(BadQuery) as caught:
        Query("", "en", **values)
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("field", "place"),
    [
        ("near", (91, 0, None)),
        ("near", (0, 181, None)),
        ("near", (float("nan"), 0, None)),
        ("radius", (0, 0, 0)),
        ("radius", (0, 0, float("nan"))),
        ("radius", (0, 0, 1e9)),
    ],
)
def test_places_off_the_earth_are_refused(field: str, place: tuple[float, float, float | None]) -> None:
    with pytest.raises(BadQuery) as caught:
        Near(*place)
    assert caught.value.field == field
