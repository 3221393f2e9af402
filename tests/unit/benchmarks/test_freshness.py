from __future__ import annotations

import pytest

from benchmarks import freshness


@pytest.mark.parametrize("quote", ["", "'", '"'])
def test_the_word_is_put_into_the_summary_once(quote: str) -> None:
    text = f"---\nname: Eye\nsummary: {quote}A wheel.{quote}\n---\nThe summary: none.\n"
    first = freshness.with_word(text, "Freshness0001")
    assert f"\nsummary: {quote}Freshness0001 A wheel.{quote}\n" in first
    second = freshness.with_word(first, "Freshness0002")
    assert second == first.replace("0001", "0002")
