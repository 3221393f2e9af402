"""What people type finds what they mean, on both engines; `-s` prints the measures and every query that misses."""

from __future__ import annotations

import pytest

from portal.services import Services
from search.backend import SearchBackend
from search.model import Query
from tests.relevance.judged import DEPTH, Score, mean_ndcg, read, success_at_3, table

SUCCESS_LEAST = 0.97
NDCG_LEAST = 0.9


def ask(engine: SearchBackend) -> list[Score]:
    """Return how every judged query goes."""
    return [
        Score(one, tuple(hit.id for hit in engine.search(Query(one.text, one.page, limit=DEPTH)).hits))
        for one in read()
    ]


def test_judged_listings_exist(content: Services) -> None:
    known = set(content.catalog.ids())
    assert [(one.text, id) for one in read() for id in one.wanted if id not in known] == []


@pytest.mark.timeout(900)
def test_what_is_meant_is_among_the_first_three(engine: SearchBackend, capsys: pytest.CaptureFixture[str]) -> None:
    scores = ask(engine)
    with capsys.disabled():
        print(f"\n{engine.name}\n{table(scores)}")
    missed = [f"{s.judged.page} {s.judged.text!r}: {', '.join(s.found[:3])}" for s in scores if not s.success]
    assert success_at_3(scores) >= SUCCESS_LEAST, missed
    assert mean_ndcg(scores) >= NDCG_LEAST
