"""What every search engine promises; each test runs against the embedded engine and a real Elasticsearch."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from search.backend import SearchBackend
from search.elasticsearch.backend import ElasticsearchSearch
from search.embedded.backend import EmbeddedSearch
from search.geo import distance_m
from search.model import BadQuery, Near, Query, Results
from tests.integration.search.listings import LISTINGS, TIANJIN_EYE

EYE, AVENUES, CULTURE = "tianjin-eye", "five-great-avenues", "ancient-culture-street"
MUSEUM, PORCELAIN, WALL = "tianjin-museum", "porcelain-house", "huangyaguan-great-wall"
GOUBULI, MAHUA, JIANBING = "goubuli", "guifaxiang-mahua", "jianbing-guozi"
CRUISE, TEAHOUSE, THEATRE = "haihe-cruise", "mingliu-teahouse", "tianjin-grand-theatre"
EVENING = "evening-lights"

# What is typed, the reader's language, and all that is to be found, the best first.
FOUND = [
    # names, in the reader's language and in others
    ("The Tianjin Eye", "en", [EYE, CRUISE]),
    ("tianjin eye", "en", [EYE, CRUISE]),
    ("TIANJIN MUSEUM", "en", [MUSEUM, PORCELAIN, AVENUES]),
    ("五大道", "en", [AVENUES]),
    ("古文化街", "ja", [CULTURE]),
    ("Porzellanhaus", "zh-Hans", [PORCELAIN]),
    ("Tientsin Eye", "fr", [EYE]),
    # either Chinese script finds both
    ("摩天輪", "zh-Hans", [EYE]),
    ("摩天轮", "zh-Hant", [EYE]),
    ("黃崖關長城", "zh-Hans", [WALL]),
    ("天津大剧院", "zh-Hant", [THEATRE]),
    # single characters and Japanese and Korean words
    ("眼", "zh-Hans", [EYE, CRUISE]),
    ("观", "zh-Hans", []),
    ("観覧車", "ja", [EYE]),
    ("クルーズ", "ja", [CRUISE]),
    ("ｸﾙｰｽﾞ", "ja", [CRUISE]),
    ("くるーず", "ja", [CRUISE]),
    ("찻집", "ko", [TEAHOUSE]),
    ("톈진의 눈", "ko", [EYE]),
    # Thai words
    ("พิพิธภัณฑ์", "th", [MUSEUM]),
    ("ชิงช้าสวรรค์", "th", [EYE, CRUISE]),
    # inflected words
    ("museums", "en", [MUSEUM, PORCELAIN, AVENUES]),
    ("bridge", "en", [CRUISE, EYE]),
    ("Häuser", "de", [AVENUES]),
    ("музея", "ru", [MUSEUM]),
    ("колеса", "ru", [EYE]),
    ("noches nocturna", "es", [EYE]),  # some of its words
    ("entrada", "es", [THEATRE]),
    # accents, marks and width
    ("musee", "fr", [MUSEUM, AVENUES]),
    ("creperie crepe", "en", [JIANBING]),
    ("crepe", "pt", [JIANBING]),
    ("CRÊPE", "en", [JIANBING]),
    ("еще", "ru", [JIANBING]),
    ("تضاء", "ar", [EYE]),
    ("متحف", "ar", [MUSEUM]),
    ("الجسور", "ar", [CRUISE]),
    ("Ｇｏｕｂｕｌｉ", "en", [GOUBULI]),
    ("L'Œil", "fr", [EYE]),
    # pinyin: spaced, not spaced, with tones, in part, initials
    ("tianjin zhi yan", "en", [EYE]),
    ("tianjinzhiyan", "zh-Hans", [EYE]),
    ("tiānjīn zhī yǎn", "en", [EYE]),
    ("tian1 jin1 zhi1 yan3", "en", [EYE]),
    ("tjzy", "zh-Hans", [EYE]),
    ("tjbwg", "en", [MUSEUM]),
    ("bowuguan", "en", [MUSEUM]),
    ("tjbowuguan", "zh-Hans", [MUSEUM]),
    ("tianjinbwg", "en", [MUSEUM]),
    # tags, districts, summaries and bodies
    ("Hexi District", "en", [THEATRE, MUSEUM, MAHUA]),
    ("早点", "zh-Hans", [JIANBING]),
    ("dough twists", "en", [MAHUA]),
    ("plane trees", "en", [AVENUES]),
    # typos, when nothing is written that way
    ("musuem", "en", [MUSEUM, PORCELAIN]),
    ("tianjn eye", "en", [EYE]),
    ("porcelian hosue", "en", [PORCELAIN, EVENING]),
    ("goubulli", "en", [GOUBULI]),
    ("tianjinziyan", "zh-Hans", [EYE]),
    # everyday words, and words that only ask
    ("big wheel", "en", [EYE]),
    ("where can I see dumplings", "en", [GOUBULI]),
    ("playhouse", "en", [THEATRE]),
    ("Aussichtsrad", "de", [EYE]),
    ("去哪里听相声", "zh-Hans", [TEAHOUSE]),
    ("戏院", "zh-Hans", [THEATRE]),
    ("観覧車はどこ", "ja", [EYE]),
    ("야경을 볼 수 있는 곳", "ko", [EYE]),
    ("Tianjin Aussichtsrad", "en", [EYE]),
    # umlauts written out, letters spelt either way
    ("Fuenf grosse Alleen", "de", [AVENUES]),
    ("Haeuser", "de", [AVENUES]),
    # characters that sound alike, and slips in whole names of any script
    ("天津之言", "zh-Hans", [EYE]),
    # a place before what only tells of it
    ("Porcelain House", "en", [PORCELAIN, EVENING]),
    # nothing
    ("submarine", "en", []),
    ("!!!", "en", []),
    ("🎡", "en", []),
]


def slugs(results: Results) -> list[str]:
    return [hit.id.rpartition("/")[2] for hit in results.hits]


@pytest.mark.parametrize(("text", "language", "found"), FOUND)
def test_finds(backend: SearchBackend, text: str, language: str, found: list[str]) -> None:
    results = backend.search(Query(text, language))
    assert set(slugs(results)) == set(found)
    assert slugs(results)[:1] == found[:1]
    assert results.total == len(found)


def test_answer_names_its_engine(backend: SearchBackend) -> None:
    results = backend.search(Query("eye", "en"))
    assert results.backend == backend.name
    assert not results.degraded


@pytest.mark.parametrize("text", ["", "  \n\t\u3000"])
def test_blank_text_asks_for_everything_in_the_order_of_ids(backend: SearchBackend, text: str) -> None:
    results = backend.search(Query(text, "en"))
    assert [hit.id for hit in results.hits] == sorted(listing.id for listing in LISTINGS)
    assert results.suggestions == ()


def test_filters_narrow_what_is_found(backend: SearchBackend) -> None:
    query = Query("", "en")
    assert set(slugs(backend.search(replace(query, kind="dining")))) == {GOUBULI, MAHUA, JIANBING}
    assert set(slugs(backend.search(replace(query, district="nankai")))) == {CULTURE, JIANBING, TEAHOUSE}
    assert set(slugs(backend.search(replace(query, kind="dining", district="nankai")))) == {JIANBING}
    assert set(slugs(backend.search(replace(query, tags=("snacks",))))) == {GOUBULI, MAHUA, JIANBING}
    assert set(slugs(backend.search(replace(query, tags=("snacks", "crafts"))))) == {MAHUA}
    assert set(slugs(backend.search(replace(query, bookable=True)))) == {EYE, CRUISE}
    assert backend.search(replace(query, bookable=False)).total == 11
    assert slugs(backend.search(Query("museum", "en", district="heping"))) == [PORCELAIN, AVENUES]
    assert backend.search(replace(query, kind="nothing")).total == 0


def test_facets_count_what_each_value_would_give(backend: SearchBackend) -> None:
    facets = backend.search(Query("", "en", kind="dining")).facets
    assert facets.kind == {"attractions": 6, "dining": 3, "entertainment": 3, "itineraries": 1}
    assert facets.district == {"heping": 1, "hexi": 1, "nankai": 1}
    assert facets.tags == {"snacks": 3, "crafts": 1, "breakfast": 1}
    facets = backend.search(Query("museum", "en", district="heping")).facets
    assert facets.district == {"hexi": 1, "heping": 2}
    assert facets.kind == {"attractions": 2}
    assert facets.tags == {"architecture": 2, "museum": 1, "walking": 1}


def test_pages_go_on_where_the_one_before_ended(backend: SearchBackend) -> None:
    whole = backend.search(Query("tianjin", "en"))
    paged = [backend.search(Query("tianjin", "en", limit=1, offset=offset)) for offset in range(whole.total)]
    assert [hit.id for page in paged for hit in page.hits] == [hit.id for hit in whole.hits]
    assert all(page.total == whole.total and page.facets == whole.facets for page in paged)
    beyond = backend.search(Query("tianjin", "en", offset=1000))
    assert (beyond.total, beyond.hits) == (whole.total, ())


def test_results_near_a_place_come_by_distance(backend: SearchBackend) -> None:
    place = TIANJIN_EYE.location
    assert place is not None
    results = backend.search(Query("", "en", near=Near(*place)))
    assert results.total == len(LISTINGS)
    assert slugs(results)[0] == EYE
    assert slugs(results)[-2:] == [JIANBING, EVENING]  # those without a location
    distances = [hit.distance_m for hit in results.hits]
    assert distances[0] == pytest.approx(0, abs=0.01)
    assert distances[-1] is None
    assert all(a <= b for a, b in pairwise(distance for distance in distances if distance is not None))


def test_radius_leaves_out_what_is_further_away(backend: SearchBackend) -> None:
    center = TIANJIN_EYE.location
    assert center is not None
    away = {one.id: distance_m(center, one.location) for one in LISTINGS if one.location}
    for radius in sorted(away.values())[1:]:  # just within and just outside each listing
        for reach in (radius - 1, radius + 1):
            results = backend.search(Query("", "en", near=Near(*center, radius_m=reach)))
            assert {hit.id for hit in results.hits} == {id for id, distance in away.items() if distance <= reach}
            assert sum(results.facets.kind.values()) == results.total


HOURS = ("09:30-21:30",)


def test_price_opening_and_booking_narrow_and_are_counted(backend: SearchBackend) -> None:
    query = Query("", "en", open_hours=HOURS)
    facets = backend.search(query).facets
    assert (facets.price, facets.open_now, facets.bookable) == ({1: 1, 2: 2}, 2, 2)
    assert set(slugs(backend.search(replace(query, price=2)))) == {EYE, GOUBULI}
    assert set(slugs(backend.search(replace(query, open_now=True)))) == {EYE, GOUBULI}
    narrowed = backend.search(replace(query, price=1, open_now=True))
    assert narrowed.total == 0
    assert narrowed.facets.price == {2: 2}
    assert narrowed.facets.open_now == 0
    assert backend.search(replace(query, open_now=True, bookable=True)).facets.bookable == 1
    assert backend.search(Query("", "en", open_now=True)).total == 0  # nothing is known to be open


def test_any_results_can_be_sorted_by_distance(backend: SearchBackend) -> None:
    place = TIANJIN_EYE.location
    assert place is not None
    results = backend.search(Query("tianjin", "en", near=Near(*place), order="distance"))
    away = [hit.distance_m for hit in results.hits if hit.distance_m is not None]
    assert away == sorted(away)
    assert slugs(results)[0] == EYE
    with pytest.raises(BadQuery):
        Query("tianjin", "en", order="distance")


def test_what_is_nearer_comes_before_what_fits_as_well(backend: SearchBackend) -> None:
    far = backend.search(Query("museum", "en", tags=("architecture",)))
    near = backend.search(Query("museum", "en", tags=("architecture",), near=Near(39.1105, 117.2030)))
    assert {hit.id for hit in far.hits} == {hit.id for hit in near.hits}
    gained = {hit.id: hit.score for hit in near.hits}["attractions/five-great-avenues"]
    assert gained > {hit.id: hit.score for hit in far.hits}["attractions/five-great-avenues"]


def test_what_is_near_comes_first_when_the_text_asks_for_that(backend: SearchBackend) -> None:
    for place in (TIANJIN_EYE.location, (39.1105, 117.2030)):
        assert place is not None
        results = backend.search(Query("tianjin", "en", near=Near(*place, asked=True)))
        away = [hit.distance_m for hit in results.hits if hit.distance_m is not None]
        assert away[0] <= 2 * min(away)
        weakly = backend.search(Query("tianjin", "en", near=Near(*place)))
        assert {hit.id for hit in results.hits} == {hit.id for hit in weakly.hits}


def test_one_document_can_be_left_out(backend: SearchBackend) -> None:
    for query in (Query("", "en"), Query("tianjin", "en"), Query("", "en", near=Near(39.1, 117.2))):
        whole, without = backend.search(query), backend.search(replace(query, but=TIANJIN_EYE.id))
        assert [hit.id for hit in without.hits] == [hit.id for hit in whole.hits if hit.id != TIANJIN_EYE.id]
        assert without.total == sum(without.facets.kind.values()) == whole.total - 1


@pytest.mark.parametrize(
    "query",
    [
        Query("", "en"),
        Query("tianjin", "en"),
        Query("porcelian", "en"),
        Query("noches nocturna", "es"),
        Query("", "en", near=Near(39.1, 117.2)),
        Query("tianjin", "en", near=Near(39.1, 117.2), order="distance"),
    ],
    ids=repr,
)
def test_cursors_lead_through_every_result_once(backend: SearchBackend, query: Query) -> None:
    whole = [hit.id for hit in backend.search(replace(query, limit=100)).hits]
    seen: list[str] = []
    page = backend.search(replace(query, limit=2))
    while True:
        seen += [hit.id for hit in page.hits]
        assert page.total == len(whole)
        if page.next is None:
            break
        page = backend.search(replace(query, limit=2, after=page.next))
    assert seen == whole


def test_a_cursor_of_one_engine_is_understood_by_the_other(
    embedded: EmbeddedSearch, elastic: ElasticsearchSearch
) -> None:
    query = Query("", "en", limit=4)
    for one, other in ((embedded, elastic), (elastic, embedded)):
        first = one.search(query)
        second = other.search(replace(query, after=first.next))
        assert [hit.id for hit in second.hits] == sorted(listing.id for listing in LISTINGS)[4:8]


@pytest.mark.parametrize("after", ["", "x", "é", "a" * 1000, "W10", "WyJlbWJlZGRlZCIsLTFd", "bnVsbA"])
def test_a_cursor_that_no_page_gave_is_refused(backend: SearchBackend, after: str) -> None:
    with pytest.raises(BadQuery) as caught:
        backend.search(Query("tianjin", "en", after=after))
    assert caught.value.field == "cursor"


def test_a_cursor_of_another_query_is_refused(backend: SearchBackend) -> None:
    after = backend.search(Query("", "en", limit=1)).next
    with pytest.raises(BadQuery):
        backend.search(Query("", "en", kind="dining", after=after))


def test_it_is_told_how_results_fit(backend: SearchBackend) -> None:
    assert backend.search(Query("museum", "en")).match == "exact"
    assert backend.search(Query("porcelian", "en")).match == "close"
    assert backend.search(Query("museum submarine", "en")).match == "partial"


def test_with_a_text_distance_is_told_but_relevance_orders(backend: SearchBackend) -> None:
    results = backend.search(Query("museum", "en", near=Near(39.1205, 117.2003)))
    assert slugs(results) == [MUSEUM, PORCELAIN, AVENUES]
    assert results.hits[1].distance_m == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize(
    ("text", "language", "slug", "marked", "shown_in"),
    [
        ("bridges lights", "en", CRUISE, ["bridges", "lights"], "en"),
        ("plane trees", "en", AVENUES, ["plane", "trees"], "en"),  # in the body
        ("Bridge", "en", EYE, ["bridge"], "en"),
        ("摩天輪", "zh-Hans", EYE, ["摩天轮"], "zh-Hans"),
        ("摩天轮", "zh-Hant", EYE, ["摩天輪"], "zh-Hant"),
        ("観覧車", "en", EYE, ["観覧車"], "ja"),  # in no text of the reader's language
        ("чай", "ru", TEAHOUSE, [], "ru"),
        ("завтрак", "en", JIANBING, ["Завтрак"], "ru"),
        ("تضاء", "ar", EYE, ["تُضاء"], "ar"),
        ("ชิงช้าสวรรค์", "th", CRUISE, ["ชิงช้าสวรรค์"], "th"),
        ("相声", "zh-Hant", TEAHOUSE, ["相声"], "zh-Hans"),  # has no text in Traditional Chinese
    ],
)
def test_highlights_show_why(
    backend: SearchBackend, text: str, language: str, slug: str, marked: list[str], shown_in: str
) -> None:
    hits = {hit.id.rpartition("/")[2]: hit for hit in backend.search(Query(text, language)).hits}
    if not marked:
        assert slug not in hits
        return
    assert hits[slug].language == shown_in
    highlight = hits[slug].highlight
    assert highlight is not None
    assert [segment.text for segment in highlight if segment.marked] == marked


def test_close_spellings_are_offered_only_when_nothing_matches_as_typed(backend: SearchBackend) -> None:
    assert backend.search(Query("porcelian", "en")).suggestions == ("Porcelain House",)
    assert backend.search(Query("porcelian", "de")).suggestions == ("Porzellanhaus",)
    assert backend.search(Query("porcelain", "en")).suggestions == ()
    assert backend.search(Query("submarine", "en")).suggestions == ()


@pytest.mark.parametrize(
    ("prefix", "language", "names"),
    [
        ("t", "en", {"The Tianjin Eye", "Tianjin Museum", "Tianjin Grand Theatre", "Mingliu Teahouse"}),
        ("tianjin m", "en", {"Tianjin Museum"}),
        ("天", "zh-Hant", {"天津之眼", "天津博物館", "天津大劇院"}),
        ("博物", "zh-Hans", {"天津博物馆"}),
        ("tjb", "ja", {"天津博物館"}),
        ("gouw", "en", set()),
        ("goub", "en", {"Goubuli Baozi"}),
        ("พิพิธ", "th", {"พิพิธภัณฑ์เทียนจิน"}),
        ("عين", "en", {"The Tianjin Eye"}),
        ("Œi", "fr", {"L’Œil de Tianjin"}),
        ("", "en", set()),
        ("?!", "en", set()),
        ("en:tian", "en", set()),
    ],
)
def test_suggests(backend: SearchBackend, prefix: str, language: str, names: set[str]) -> None:
    suggestions = backend.suggest(prefix, language, 20)
    assert names <= {suggestion.name for suggestion in suggestions}
    assert bool(names) == bool(suggestions)


@pytest.mark.parametrize(
    ("prefix", "language", "id"),
    [
        # one letter wrong, too few, too many, swapped, in the middle of typing
        ("tianjon mus", "en", "attractions/tianjin-museum"),
        ("tinjin mus", "en", "attractions/tianjin-museum"),
        ("tianjjin mus", "en", "attractions/tianjin-museum"),
        ("taoist", "en", None),
        ("porcelian", "en", "attractions/porcelain-house"),
        ("porzelan", "de", "attractions/porcelain-house"),
        ("tianjinbowug", "zh-Hans", "attractions/tianjin-museum"),
        ("tianjinbwoug", "zh-Hans", "attractions/tianjin-museum"),
        # syllables and initials mixed
        ("tjbowuguan", "zh-Hans", "attractions/tianjin-museum"),
        ("tianjbwg", "zh-Hans", "attractions/tianjin-museum"),
        ("tianjinbwg", "en", "attractions/tianjin-museum"),
        ("tjzhiy", "zh-Hans", "attractions/tianjin-eye"),
        # characters that sound alike
        ("天津之言", "zh-Hans", "attractions/tianjin-eye"),
        ("天津搏物馆", "zh-Hans", "attractions/tianjin-museum"),
        ("qqzz", "en", None),
        ("xy", "en", None),
    ],
)
def test_suggests_although_there_is_a_slip(backend: SearchBackend, prefix: str, language: str, id: str | None) -> None:
    assert [one.id for one in backend.suggest(prefix, language)][:1] == ([id] if id else [])


def test_suggestions_in_the_readers_language_come_first_and_shown_names_before_others(backend: SearchBackend) -> None:
    assert [one.id for one in backend.suggest("tianjin", "en", 2)] == [
        "attractions/tianjin-museum",
        "entertainment/tianjin-grand-theatre",
    ]
    assert backend.suggest("m", "en", 1)[0].name == "Mingliu Teahouse"


@pytest.mark.parametrize(
    "text",
    [
        "*", "?", "kind:dining", "_exists_:name_en", "name_en:*", "/.*/", "museum OR submarine",
        '{"match_all": {}}',
        "[* TO *]", "zh^天", "tian*", "NOT eye", '"', "\\", "(((", "a:b:c", "%", "<script>alert(1)</script>", "\x00",
    ],
)  # fmt: skip
def test_nothing_in_a_text_is_query_syntax(backend: SearchBackend, text: str) -> None:
    assert backend.search(Query(text, "en")).total < len(LISTINGS)
    backend.suggest(text, "en")


ANYTHING = st.text(max_size=60) | st.text(
    st.sampled_from("天津之眼博物館ーのアけ톈진ทะเลี่ёйéÅßœةعَ\u0301\u200d🎡0٣🇨🇳 \"'*?:^~/\\()[]{}-+&|!<>ab"), max_size=40
)


@given(text=ANYTHING, language=st.sampled_from(["zh-Hans", "en", "ar", "th", "ja"]))
@example(text="ﷺ" * 50, language="ar")
@example(text="天" * 5000, language="zh-Hans")
@example(text=" ".join(chr(0x4E00 + number) for number in range(3000)), language="ja")
@example(text="a" * 100_000, language="en")
@example(text="\ud800x", language="en")
@example(text="ก" * 3000, language="th")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_is_answered_alike_by_both(
    embedded: EmbeddedSearch, elastic: ElasticsearchSearch, text: str, language: str
) -> None:
    query = Query(text, language)
    one, other = embedded.search(query), elastic.search(query)
    assert {hit.id: (hit.language, hit.highlight) for hit in one.hits} == {
        hit.id: (hit.language, hit.highlight) for hit in other.hits
    }
    assert (one.total, one.facets) == (other.total, other.facets)
    assert embedded.suggest(text, language) == elastic.suggest(text, language)


@given(
    pieces=st.lists(st.sampled_from([word for listing in LISTINGS for text in listing.texts.values()
                                     for word in (text.name, *text.summary.split(), *text.body.split())]),
                    min_size=1, max_size=5),
    language=st.sampled_from(["zh-Hant", "en", "ru", "ko"]),
)  # fmt: skip
@example(pieces=["The Tianjin Eye", "Ferris"], language="ru")  # which another keyboard's layout would write in Cyrillic
@settings(max_examples=60, deadline=None)
def test_words_of_the_listings_are_answered_alike_by_both(
    embedded: EmbeddedSearch, elastic: ElasticsearchSearch, pieces: list[str], language: str
) -> None:
    query = Query(" ".join(pieces), language)
    one, other = embedded.search(query), elastic.search(query)
    assert {(hit.id, hit.language, hit.highlight) for hit in one.hits} == {
        (hit.id, hit.language, hit.highlight) for hit in other.hits
    }
    assert one.facets == other.facets
