"""How indexes come, change and go, in each engine."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from search.backend import IndexMissing, SearchBackend, SearchError, SearchUnavailable
from search.drift import Drift, compare, digests
from search.elasticsearch.backend import ElasticsearchSearch
from search.elasticsearch.client import connect
from search.elasticsearch.lifecycle import TIME, IndexDefinition, Lifecycle
from search.embedded.backend import EmbeddedSearch
from search.model import Document, Query, Text
from tests.integration.search.conftest import MakeEngine
from tests.integration.search.listings import ANALYSIS, LISTINGS, TEAHOUSE, TIANJIN_EYE

EVERYTHING = Query("", "en")


def found(engine: SearchBackend, text: str) -> set[str]:
    return {hit.id for hit in engine.search(Query(text, "en")).hits}


def renamed(listing: Document, name: str) -> Document:
    return replace(listing, texts={**listing.texts, "en": Text(name)})


def test_an_engine_without_an_index_is_unavailable(make_engine: MakeEngine) -> None:
    engine = make_engine()
    for ask in (
        lambda: engine.search(EVERYTHING),
        lambda: engine.suggest("t", "en"),
        lambda: engine.update([TIANJIN_EYE]),
        engine.status,
    ):
        with pytest.raises(SearchUnavailable):
            ask()


def test_rebuild_tells_what_serves(make_engine: MakeEngine) -> None:
    engine, progress = make_engine(), []
    before = datetime.now(UTC).replace(microsecond=0)
    status = engine.rebuild(iter(LISTINGS), progress.append)
    assert status == engine.status() == make_engine().status()
    assert (status.backend, status.documents, status.stale) == (engine.name, len(LISTINGS), False)
    assert before <= datetime.fromisoformat(status.built_at) <= datetime.now(UTC)
    assert progress[-1] == len(LISTINGS)


def test_rebuild_replaces_everything(make_engine: MakeEngine) -> None:
    engine = make_engine()
    first = engine.rebuild(LISTINGS)
    second = engine.rebuild(LISTINGS[:3])
    assert second.index != first.index
    assert engine.search(EVERYTHING).total == 3
    assert engine.rebuild([]).documents == 0
    assert engine.search(EVERYTHING).total == 0


def test_failed_rebuild_leaves_the_old_index_serving(make_engine: MakeEngine) -> None:
    def breaking() -> Iterator[Document]:
        yield from LISTINGS[:5]
        raise RuntimeError("content went away")

    engine = make_engine()
    before = engine.rebuild(LISTINGS)
    with pytest.raises(RuntimeError, match="content went away"):
        engine.rebuild(breaking())
    with pytest.raises(SearchError):
        engine.rebuild([TIANJIN_EYE, TIANJIN_EYE])
    with pytest.raises(ValueError, match="xx"):
        engine.rebuild([replace(TIANJIN_EYE, texts={"xx": Text("?")})])
    assert engine.status() == before
    assert engine.search(EVERYTHING).total == len(LISTINGS)


def test_searches_go_on_while_indexes_are_swapped(make_engine: MakeEngine) -> None:
    engine = make_engine()
    engine.rebuild(LISTINGS)
    stop = threading.Event()

    def read() -> list[int]:
        totals = []
        while not stop.is_set():
            totals.append(engine.search(EVERYTHING).total)
        return totals

    with ThreadPoolExecutor(2) as pool:
        readers = [pool.submit(read) for _ in range(2)]
        try:
            for _ in range(3):
                engine.rebuild(LISTINGS)
        finally:
            stop.set()
        for reader in readers:
            assert set(reader.result()) == {len(LISTINGS)}


def test_two_rebuilds_at_once_end_well(make_engine: MakeEngine) -> None:
    make_engine().rebuild(LISTINGS)
    with ThreadPoolExecutor(2) as pool:
        rebuilds = [pool.submit(make_engine().rebuild, LISTINGS) for _ in range(2)]
        for rebuild in rebuilds:
            assert rebuild.result().documents == len(LISTINGS)
    assert make_engine().search(EVERYTHING).total == len(LISTINGS)


def rebuild_in_process(kind: str, where: str, alias: str, slow: bool, pipe: Connection) -> None:
    engine: SearchBackend = (
        EmbeddedSearch(Path(where), ANALYSIS)
        if kind == "embedded"
        else ElasticsearchSearch(connect([where]), ANALYSIS, index=alias, search_timeout_s=10)
    )

    def documents() -> Iterator[Document]:
        for listing in LISTINGS:
            yield listing
            if slow and listing is LISTINGS[3]:
                pipe.send("half way")
                pipe.poll(60)

    pipe.send(engine.rebuild(documents()).documents)


@pytest.mark.parametrize("kind", ["embedded", "elasticsearch"])
def test_rebuilds_in_several_processes_at_once_end_well_even_when_one_is_killed(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    alias = request.getfixturevalue("alias")() if kind == "elasticsearch" else ""
    where = str(tmp_path) if kind == "embedded" else request.getfixturevalue("elasticsearch_url")
    context = multiprocessing.get_context("spawn")
    runs = []
    for slow in (True, False, False):
        ours, theirs = context.Pipe()
        process = context.Process(target=rebuild_in_process, args=(kind, where, alias, slow, theirs))
        process.start()
        runs.append((process, ours))
        if slow:
            assert ours.poll(60)
            assert ours.recv() == "half way"
    runs[0][0].kill()
    for process, ours in runs[1:]:
        assert ours.poll(60)
        assert ours.recv() == len(LISTINGS)
        process.join(30)
    for process, ours in runs:
        process.join(30)
        ours.close()
    engine: SearchBackend = (
        EmbeddedSearch(tmp_path, ANALYSIS)
        if kind == "embedded"
        else ElasticsearchSearch(connect([where]), ANALYSIS, index=alias, search_timeout_s=10)
    )
    assert not compare(digests(LISTINGS), engine.indexed())
    engine.update([renamed(TIANJIN_EYE, "After all that")])  # an index that was left half built holds up nothing
    assert found(engine, "after all that") == {TIANJIN_EYE.id}
    engine.close()


def test_what_differs_from_the_index_is_named(make_engine: MakeEngine) -> None:
    engine = make_engine()
    engine.rebuild(LISTINGS)
    assert not compare(digests(LISTINGS), engine.indexed())
    changed = [replace(TIANJIN_EYE, price=4), TEAHOUSE]
    assert compare(digests(changed), engine.indexed()) == Drift(
        extra=tuple(sorted({one.id for one in LISTINGS} - {TIANJIN_EYE.id, TEAHOUSE.id})), different=(TIANJIN_EYE.id,)
    )
    engine.update([], deleted=[TEAHOUSE.id])
    assert compare(digests(LISTINGS), engine.indexed()) == Drift(missing=(TEAHOUSE.id,))


def test_the_older_index_comes_back_as_it_should_be_now(make_engine: MakeEngine) -> None:
    engine, other = make_engine(), make_engine()
    with pytest.raises(SearchUnavailable):
        engine.rollback(LISTINGS)
    first = engine.rebuild(LISTINGS)
    with pytest.raises(IndexMissing):
        engine.rollback(LISTINGS)
    second = engine.rebuild(LISTINGS)
    now = [renamed(TIANJIN_EYE, "Zephyrglass") if one is TIANJIN_EYE else one for one in LISTINGS if one != TEAHOUSE]
    engine.update([now[LISTINGS.index(TIANJIN_EYE)]], deleted=[TEAHOUSE.id])
    assert engine.rollback(now).index == first.index
    assert not compare(digests(now), other.indexed())
    assert found(other, "zephyrglass") == {TIANJIN_EYE.id}
    assert engine.rollback(LISTINGS).index == second.index  # and back again
    assert not compare(digests(LISTINGS), other.indexed())
    third = engine.rebuild(LISTINGS)
    assert engine.rollback(LISTINGS).index == second.index != third.index


def test_an_older_index_that_was_built_otherwise_does_not_come_back(make_engine: MakeEngine) -> None:
    make_engine(replace(ANALYSIS, languages=(*ANALYSIS.languages, "it"))).rebuild(LISTINGS)
    engine = make_engine()
    serving = engine.rebuild(LISTINGS)
    with pytest.raises(IndexMissing, match="this version"):
        engine.rollback(LISTINGS)
    assert engine.status() == serving


def test_update_changes_adds_and_deletes(make_engine: MakeEngine) -> None:
    engine, other = make_engine(), make_engine()
    engine.rebuild(LISTINGS[:6])
    assert found(other, "zephyrglass") == set()
    engine.update([renamed(TIANJIN_EYE, "Zephyrglass"), TEAHOUSE], deleted=["attractions/tianjin-museum", "no/such"])
    assert found(other, "zephyrglass") == {TIANJIN_EYE.id}
    assert found(other, "crosstalk") == {TEAHOUSE.id}
    assert "attractions/tianjin-museum" not in found(other, "")
    assert other.status().documents == 6
    engine.update([], deleted=[TEAHOUSE.id])
    assert found(other, "crosstalk") == set()


def test_many_updates_one_after_another(make_engine: MakeEngine) -> None:
    engine = make_engine()
    engine.rebuild(LISTINGS)
    for number in range(12):
        engine.update([renamed(TIANJIN_EYE, f"Wheel number{number}")])
        assert found(engine, f"number{number}") == {TIANJIN_EYE.id}
    assert engine.status().documents == len(LISTINGS)


def test_an_index_built_otherwise_is_stale(make_engine: MakeEngine) -> None:
    make_engine().rebuild(LISTINGS)
    engine = make_engine(replace(ANALYSIS, languages=(*ANALYSIS.languages, "it")))
    assert engine.status().stale
    assert not engine.rebuild(LISTINGS).stale


def answer_in_child(engine: SearchBackend, pipe: Connection) -> None:
    """Answer searches by their total, and take `update` and `quit`."""
    while (message := pipe.recv()) != "quit":
        if message == "update":
            engine.update([renamed(TIANJIN_EYE, "Changed by the child")])
        pipe.send(found(engine, "changed") if message == "update" else found(engine, message))
    engine.close()


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_every_process_sees_what_another_wrote(tmp_path: Path, method: str) -> None:
    engine = EmbeddedSearch(tmp_path, ANALYSIS)
    engine.rebuild(LISTINGS)
    assert len(found(engine, "eye")) == 2  # open before the fork
    context = multiprocessing.get_context(method)
    ours, theirs = context.Pipe()
    opened = engine if method == "fork" else None
    child = context.Process(target=child_main, args=(opened, tmp_path, theirs))
    child.start()
    try:
        for message, expected in (("tianjin zhi yan", {TIANJIN_EYE.id}), ("update", {TIANJIN_EYE.id})):
            ours.send(message)
            assert ours.poll(30)
            assert ours.recv() == expected
        assert found(engine, "changed child") == {TIANJIN_EYE.id}
        engine.update([renamed(TIANJIN_EYE, "Written by the parent")])
        ours.send("written parent")
        assert ours.poll(30)
        assert ours.recv() == {TIANJIN_EYE.id}
        engine.rebuild(LISTINGS[1:])
        ours.send("written parent")
        assert ours.poll(30)
        assert ours.recv() == set()
        ours.send("quit")
        child.join(30)
    finally:
        child.kill()
        child.join()
        ours.close()
        theirs.close()


def child_main(engine: SearchBackend | None, folder: Path, pipe: Connection) -> None:
    answer_in_child(engine or EmbeddedSearch(folder, ANALYSIS), pipe)


def test_embedded_keeps_one_older_generation_and_no_rubbish(tmp_path: Path) -> None:
    engine = EmbeddedSearch(tmp_path, ANALYSIS)
    (tmp_path / "20200101t000000-left-by-a-crash").mkdir()
    names = [engine.rebuild(LISTINGS[:1]).index for _ in range(3)]
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == sorted(names[1:])


def test_embedded_writer_waits_only_so_long_for_another(tmp_path: Path) -> None:
    engine = EmbeddedSearch(tmp_path, ANALYSIS)
    engine.rebuild(LISTINGS[:1])
    impatient = EmbeddedSearch(tmp_path, ANALYSIS, writer_timeout_s=0.1)

    def slow() -> Iterator[Document]:
        with pytest.raises(SearchUnavailable, match="another process"):
            impatient.update([TEAHOUSE])
        yield TIANJIN_EYE

    assert engine.rebuild(slow()).documents == 1


def test_embedded_does_not_search_an_index_that_was_built_otherwise(tmp_path: Path) -> None:
    EmbeddedSearch(tmp_path, ANALYSIS).rebuild(LISTINGS)
    other = EmbeddedSearch(tmp_path, replace(ANALYSIS, languages=("en", "zh-Hans")))
    with pytest.raises(SearchUnavailable, match="rebuild"):
        other.search(EVERYTHING)
    with pytest.raises(SearchUnavailable, match="rebuild"):
        other.update([])


def test_elasticsearch_keeps_one_older_index_and_drops_the_rest(
    elasticsearch_url: str, elasticsearch_client: Elasticsearch, alias: Callable[[], str]
) -> None:
    name = alias()
    engine = ElasticsearchSearch(connect([elasticsearch_url]), ANALYSIS, index=name, search_timeout_s=10)
    lost = f"{name}-{datetime.now(UTC) - timedelta(days=2):{TIME}}-00000000"
    foreign = f"{name}-staging"
    for other in (lost, foreign):
        elasticsearch_client.indices.create(index=other)
    names = [engine.rebuild(LISTINGS[:1]).index for _ in range(3)]
    assert set(elasticsearch_client.indices.get(index=f"{name}-*")) == {*names[1:], foreign}
    assert set(elasticsearch_client.indices.get_alias(name=name)) == {names[2]}
    engine.close()


def test_elasticsearch_failed_rebuild_leaves_no_half_built_index(
    elasticsearch_url: str, elasticsearch_client: Elasticsearch, alias: Callable[[], str]
) -> None:
    name = alias()
    engine = ElasticsearchSearch(connect([elasticsearch_url]), ANALYSIS, index=name, search_timeout_s=10)
    served = engine.rebuild(LISTINGS).index
    with pytest.raises(SearchError):
        engine.rebuild([TIANJIN_EYE, TIANJIN_EYE])
    assert set(elasticsearch_client.indices.get(index=f"{name}-*")) == {served}
    engine.close()


def test_elasticsearch_rebuild_that_was_begun_earlier_gives_way(
    elasticsearch_client: Elasticsearch, alias: Callable[[], str]
) -> None:
    lifecycle = Lifecycle(elasticsearch_client, alias())
    definition = IndexDefinition({"number_of_shards": 1}, {"properties": {"id": {"type": "keyword"}}}, "x", 0)
    early, late = lifecycle.begin(definition), lifecycle.begin(definition)
    assert lifecycle.swap(late)
    assert not lifecycle.swap(early)
    assert lifecycle.serving() == late


def test_elasticsearch_update_during_a_rebuild_is_not_lost(elasticsearch_url: str, alias: Callable[[], str]) -> None:
    engine = ElasticsearchSearch(connect([elasticsearch_url]), ANALYSIS, index=alias(), search_timeout_s=10)
    engine.rebuild(LISTINGS)

    def changing() -> Iterator[Document]:
        engine.update([renamed(TIANJIN_EYE, "Changed meanwhile")])
        assert found(engine, "changed meanwhile") == {TIANJIN_EYE.id}
        yield from LISTINGS

    engine.rebuild(changing())
    assert found(engine, "changed meanwhile") == {TIANJIN_EYE.id}
    engine.close()


def test_elasticsearch_listings_that_come_and_go_during_a_rebuild_are_there_and_gone(
    elasticsearch_url: str, alias: Callable[[], str]
) -> None:
    engine = ElasticsearchSearch(connect([elasticsearch_url]), ANALYSIS, index=alias(), search_timeout_s=10)
    engine.rebuild(LISTINGS)
    new, gone = replace(TIANJIN_EYE, id="attractions/new", slug="new"), LISTINGS[-1]

    def changing() -> Iterator[Document]:
        engine.update([new], deleted=[gone.id])
        yield from LISTINGS  # as the catalog was when the rebuild began

    engine.rebuild(changing())
    assert not compare(digests([new, *(one for one in LISTINGS if one is not gone)]), engine.indexed())
    assert engine.search(EVERYTHING).total == len(LISTINGS)
    engine.close()


def test_elasticsearch_read_only_takes_no_update_but_answers(
    elasticsearch_url: str, elasticsearch_client: Elasticsearch, alias: Callable[[], str]
) -> None:
    engine = ElasticsearchSearch(connect([elasticsearch_url]), ANALYSIS, index=alias(), search_timeout_s=10)
    index = engine.rebuild(LISTINGS).index
    # not `read_only_allow_delete`, which the server itself takes back as soon as it looks at its disk
    elasticsearch_client.indices.put_settings(index=index, settings={"index.blocks.read_only": True})
    with pytest.raises(SearchUnavailable):
        engine.update([TIANJIN_EYE])
    assert engine.search(EVERYTHING).total == len(LISTINGS)
    elasticsearch_client.indices.put_settings(index=index, settings={"index.blocks.read_only": None})
    engine.update([TIANJIN_EYE])
    engine.close()
