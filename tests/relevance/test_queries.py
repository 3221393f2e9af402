"""What people type finds what they mean, on both engines; prints the measures and every query that misses."""

from __future__ import annotations

import pytest

from portal.catalog.near_places import NearPlaces
from portal.services import Services
from search.backend import SearchBackend
from search.model import Query
from tests.relevance.judged import (
    DEPTH,
    Score,
    by_language,
    by_sort,
    mean_ndcg,
    missed,
    read,
    success_at_3,
    table,
)

SUCCESS_LEAST = 0.97
NDCG_LEAST = 0.9
ENOUGH = 25
"""Queries of a language or sort from which on it is held to the measures by itself."""


def ask(engine: SearchBackend, content: Services) -> list[Score]:
    """Return how every judged query goes, asked as the portal asks it."""
    near = NearPlaces(content.catalog, engine, content.analysis, content.everyday_words.lexicon)
    return [
        Score(one, tuple(hit.id for hit in engine.search(query).hits))
        for one in read()
        for query in [near.understood(Query(one.text, one.page, limit=DEPTH)).query]
    ]


def test_judged_listings_exist(content: Services) -> None:
    known = set(content.catalog.ids())
    assert [(one.text, id) for one in read() for id in one.wanted if id not in known] == []


@pytest.mark.timeout(900)
def test_what_is_meant_is_among_the_first_three(
    engine: SearchBackend, content: Services, capsys: pytest.CaptureFixture[str]
) -> None:
    scores = ask(engine, content)
    with capsys.disabled():
        print("", engine.name, table(scores), *missed(scores), sep="\n")
    below = {}
    for name, group in {"all": scores, **by_language(scores), **by_sort(scores)}.items():
        if len(group) >= ENOUGH and success_at_3(group) < SUCCESS_LEAST:
            below[name] = success_at_3(group)
    assert below == {}
    poor = {name: mean_ndcg(group) for name, group in {"all": scores, **by_language(scores)}.items()}
    assert {name: measure for name, measure in poor.items() if measure < NDCG_LEAST} == {}
