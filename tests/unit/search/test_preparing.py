"""Texts for indexes are cut in a pass of their own, into the same tokens."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.unit.search.test_text import ANALYSIS


@given(st.text() | st.text(alphabet="aé_ ال والم天観ー톈ก็ข๎1", max_size=80))
@example("a_b-c V1汽车 _x_ q\u0303 กขคงจ المتحف للمتحف لل الله بال")
@example(" ".join("x" * length for length in (63, 64, 65, 1000)))
@example("ก" * 200)
@settings(deadline=None)
def test_a_text_for_an_index_has_the_tokens_of_a_query(text: str) -> None:
    assert ANALYSIS.prepare(text) == " ".join(token.text for token in ANALYSIS.tokens(text))
