"""How a reader's text is taken apart."""

import pytest

from search.elasticsearch import requests
from search.lexicon import Lexicon, Vocabulary
from search.model import BadQuery, Near, Query
from search.plan import TEXT_MAX, UNITS_MAX, CloseTerm, plan_completion, plan_text, required
from search.units import CHOICES_MAX, Unit
from tests.integration.search.listings import ANALYSIS as ALL_LANGUAGES
from tests.unit.search.test_text import ANALYSIS


def test_blank_text_has_no_plan() -> None:
    assert plan_text(" \n", "en", ANALYSIS) is None


def units(text: str, group: str, language: str = "en", lexicon: Lexicon | None = None) -> list[tuple[list[str], bool]]:
    """Return the choices of each unit, a term with a * when it is a prefix, and whether the unit is needed."""
    plan = plan_text(text, language, ANALYSIS, lexicon)
    assert plan is not None
    found = next((one for one in plan.groups if one.group == group), None)
    return [
        ([" ".join(term.text + "*" * term.prefix for term in choice.terms) for choice in unit.choices], unit.needed)
        for unit in (found.units if found else ())
    ]


LEXICON = Lexicon(
    {
        "en": Vocabulary(
            synonyms=(("ferris wheel", "big wheel", "wheel of the sky"), ("pagoda", "tower")),
            asking=("where can i", "see", "the", "of"),
            implied=("tianjin",),
            districts={"heping": ("Heping District", "Heping")},
        ),
        "de": Vocabulary(
            synonyms=(("rad", "kreis"), ("turm", "pagode"), ("Ente", "Pekingente")),
            asking=("die", "wo ist"),
        ),
        "zh-Hans": Vocabulary(
            synonyms=(("小吃", "零食"),),
            asking=("去哪里", "吃", "的"),
            implied=("天津",),
            districts={"heping": ("和平区", "和平")},
        ),
    },
    ANALYSIS,
)


def test_the_readers_language_comes_first_and_counts_more() -> None:
    plan = plan_text("Tianjin 天津 眼", "de", ANALYSIS)
    assert plan is not None
    assert [(one.group, one.weight) for one in plan.groups] == [
        ("de", 2.0), ("zh", 1.0), ("en", 1.0), ("th", 1.0), ("eo", 1.0)
    ]  # fmt: skip
    assert units("Tianjin 天津 眼", "de") == [(["tianjin"], True), (["天津"], True), (["眼*"], True)]
    assert plan.letters == ()


def test_synonyms_stand_beside_what_was_typed() -> None:
    choices = ["big wheel", "ferris wheel", "wheel sky"]
    assert units("where can I see the big wheel", "en", lexicon=LEXICON) == [(choices, True)]
    assert units("Big Wheels", "en", lexicon=LEXICON) == [(["big wheels", "ferris wheel", "wheel sky"], True)]


def test_words_that_only_ask_are_looked_for_when_there_is_nothing_else() -> None:
    assert units("where can I see", "en", lexicon=LEXICON) == [
        (["where"], True), (["can"], True), (["i"], True), (["see"], True)
    ]  # fmt: skip


def test_asking_words_of_the_reader_are_left_out_in_every_language() -> None:
    assert units("where can I see die Pagode", "de", lexicon=LEXICON) == [(["pagode", "turm"], True)]


def test_what_is_implied_need_not_match() -> None:
    assert units("tianjin tower", "en", lexicon=LEXICON) == [(["tianjin"], False), (["tower", "pagoda"], True)]
    assert units("tianjin", "en", lexicon=LEXICON) == [(["tianjin"], True)]


def test_characters_are_pairs_and_those_that_bridge_known_words_need_not_match() -> None:
    assert units("天津之眼", "zh", lexicon=LEXICON) == [(["天津"], False), (["津之"], False), (["之眼"], True)]
    assert units("去哪里吃小吃", "zh", lexicon=LEXICON) == [
        (["里吃"], False), (["吃小"], False), (["小吃", "零食"], True)
    ]  # fmt: skip


def test_parts_of_compounds_are_known() -> None:
    assert units("Fernsehturm", "de", lexicon=LEXICON) == [(["fernsehturm", "turm", "pagode"], True)]


def test_a_part_is_known_in_the_ending_it_has_in_a_compound() -> None:
    assert units("Entenbraten", "de", "de", LEXICON) == [(["entenbraten", "ente", "pekingente"], True)]


@pytest.mark.parametrize(
    ("text", "language", "found", "districts"),
    [
        ("pagoda in Heping District", "en", [(["pagoda", "tower"], True), (["in"], True)], ("heping",)),
        ("heping", "en", [(["heping"], True)], ("heping",)),
        ("where can I see heping", "en", [(["heping"], True)], ("heping",)),
        ("和平区的小吃", "zh-Hans", [(["小吃", "零食"], True)], ("heping",)),
        ("和平区", "zh-Hans", [(["和平"], True), (["平区"], True)], ("heping",)),
        ("和平路", "zh-Hans", [(["和平"], True), (["平路"], True)], ()),
    ],
)
def test_a_district_is_where_and_what_is_looked_for_only_when_there_is_nothing_else(
    text: str, language: str, found: list[tuple[list[str], bool]], districts: tuple[str, ...]
) -> None:
    plan = plan_text(text, language, ANALYSIS, LEXICON)
    assert plan is not None
    assert plan.districts == districts
    needed = [unit for unit in units(text, "zh" if language == "zh-Hans" else language, language, LEXICON) if unit[1]]
    assert needed == found


def test_umlauts_may_be_written_out() -> None:
    assert units("Gaerten", "de") == [(["gaerten", "garten"], True)]
    assert units("Gaerten", "en") == [(["gaerten"], True)]


@pytest.mark.parametrize(
    ("slip", "word"), [("pagdoa", "pagoda"), ("pagod", "pagoda"), ("towerr", "tower"), ("ferrs", "ferris")]
)
def test_slips_in_everyday_words_are_put_right(slip: str, word: str) -> None:
    plan = plan_text(f"old {slip}", "en", ANALYSIS, LEXICON)
    assert plan is not None
    assert plan.other is not None
    assert plan.other.names[0] == f"old {word}"


def test_known_and_far_words_are_left_alone() -> None:
    assert LEXICON.corrected("tower") is None
    assert LEXICON.corrected("trowel") is None
    assert LEXICON.corrected("ta") is None


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("tian jin", "tianjin"),
        ("tiān jīn", "tianjin"),
        ("tian1jin1", "tianjin"),
        ("lü", "lu"),
    ],
)
def test_pinyin_is_read_without_spaces_and_tones(text: str, letters: str) -> None:
    plan = plan_text(text, "en", ANALYSIS)
    assert plan is not None
    assert plan.letters == (letters,)


def test_a_long_query_need_not_match_word_by_word() -> None:
    assert [required(needed) for needed in range(7)] == [0, 1, 2, 2, 3, 3, 4]


def test_typos_are_allowed_by_length() -> None:
    plan = plan_text("to the theatre", "en", ANALYSIS)
    assert plan is not None
    assert plan.close == ((CloseTerm("to", 0), CloseTerm("the", 1), CloseTerm("theatre", 2)),)


@pytest.mark.parametrize("text", ["天" * 10_000, "ab " * 10_000, "".join(map(chr, range(0x4E00, 0x5E00)))])
def test_a_plan_has_bounds(text: str) -> None:
    plan = plan_text(text, "en", ANALYSIS)
    assert plan is not None
    assert all(len(group.units) <= UNITS_MAX for group in plan.groups)
    assert all(len(name) <= 3 * TEXT_MAX for name in plan.names)


def test_what_is_typed_is_completed_without_spaces() -> None:
    completion = plan_completion("Tiān j", "zh-Hant", ANALYSIS)
    assert completion is not None
    assert (completion.typed, completion.letters, completion.group) == ("tianj", "tianj", "zh")
    assert plan_completion("?!", "en", ANALYSIS) is None


def test_filters_stand_apart_from_the_text_and_facets_leave_their_own_out() -> None:
    query = Query("", "en", kind="dining", district="heping", tags=("snacks",), near=Near(39, 117, 500))
    body = requests.search_body(query, None, None, ["languages"])
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


def test_every_word_of_a_long_group_is_looked_for() -> None:
    words = tuple(f"word{chr(97 + n)}" for n in range(26)) + tuple(f"other{chr(97 + n)}" for n in range(26))
    lexicon = Lexicon({"en": Vocabulary(synonyms=(words,))}, ANALYSIS)
    plan = plan_text("worda", "en", ANALYSIS, lexicon)
    assert plan is not None
    (unit,) = plan.groups[0].units
    assert len(unit.choices) == len(words)


def test_a_query_of_many_words_for_much_else_costs_no_more_than_a_few_of_them() -> None:
    groups = tuple(tuple(f"{chr(97 + n)}{chr(97 + m)}word" for m in range(26)) for n in range(20))
    lexicon = Lexicon({"en": Vocabulary(synonyms=groups)}, ANALYSIS)
    plan = plan_text(" ".join(group[0] for group in groups), "en", ANALYSIS, lexicon)
    assert plan is not None
    units = plan.groups[0].units
    assert len(units) == len(groups)
    assert sum(len(unit.choices) - 1 for unit in units) <= CHOICES_MAX


def test_japanese_words_are_known_with_any_ending() -> None:
    lexicon = Lexicon({"ja": Vocabulary(synonyms=(("プール", "泳ぐ"),))}, ALL_LANGUAGES)
    for typed in ("泳ぐ", "泳げる", "泳ぎたい"):
        (unit,) = [one for one in lexicon_units(typed, lexicon) if one.needed]
        assert len(unit.choices) >= 2
    assert all(len(one.choices) == 1 for one in lexicon_units("水泳げる", lexicon))
    assert all(len(one.choices) == 1 for one in lexicon_units("泳", lexicon))


def lexicon_units(text: str, lexicon: Lexicon) -> tuple[Unit, ...]:
    plan = plan_text(text, "ja", ALL_LANGUAGES, lexicon)
    assert plan is not None
    return plan.groups[0].units
