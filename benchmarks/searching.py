"""Both search engines over a large catalog: what indexing costs, and how long readers wait for answers.

Times are given twice where it says so: as a reader waits, and of the processor alone, which other work on the machine
does not touch.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import quantiles
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.helpers import streaming_bulk
from rich.progress import Progress

from benchmarks import corpus, search_corpus
from benchmarks.queries import prefixes, texts
from portal.catalog import store
from portal.catalog.catalog import Catalog
from portal.catalog.everyday_words import EverydayWords
from portal.catalog.search_document import Documents
from portal.catalog.shelf import CatalogShelf
from portal.config import Settings
from portal.services import NORMALISERS, Services
from search.analysis import Analysis, Normalisers
from search.backend import IndexMissing, SearchBackend
from search.elasticsearch.backend import ElasticsearchSearch
from search.elasticsearch.lifecycle import IndexDefinition, Lifecycle
from search.elasticsearch.mapping import analysis_settings, fingerprint, mappings, source
from search.embedded.backend import EmbeddedSearch
from search.model import Document, Query
from search.ready import Preparer
from tests.elasticsearch_node.node import running
from tools.console import ROOT, say

SAMPLE = 1_000
"""Documents that indexing is compared with."""
ROUNDS = 3
WARM_UP = 40
BUDGET_S = 30.0
"""Not that of readers: what is measured is how long an answer takes, not whether it is given up."""


class Counting(Elasticsearch):
    """A client that adds up what the server says its searches took, in milliseconds."""

    took_ms = 0

    def perform_request(self, *args: Any, **kwargs: Any) -> Any:
        answer = super().perform_request(*args, **kwargs)
        if isinstance(answer.body, dict):
            Counting.took_ms += answer.body.get("took", 0)
        return answer


@dataclass(frozen=True)
class Took:
    """One answer, in milliseconds: as a reader waits, of this process' processor, and as the server says."""

    wall: float
    processor: float
    server: float


def measure(listings: int) -> str:
    """Measure catalogs of so many listings in every language."""
    with _services() as (catalog, shelf):
        analysis = Analysis(catalog.languages.tags, NORMALISERS)
        words = EverydayWords(catalog, analysis).lexicon()
        lines = [*_analysis(analysis), *_kept(catalog, Preparer(analysis, shelf))]
        folder = ROOT / "build" / f"search-{corpus.VERSION}-{listings}"
        folder.mkdir(parents=True, exist_ok=True)
        with _node(folder) as url:
            client = Counting([url], request_timeout=120)
            lines += _indexing(client, analysis)
            embedded = EmbeddedSearch(folder / "search", analysis, lexicon=lambda: words)
            elastic = ElasticsearchSearch(
                client, analysis, index=f"bench-{listings}", lexicon=lambda: words, search_timeout_s=BUDGET_S
            )
            for engine in (embedded, elastic):
                lines.append(_built(engine, listings, folder / f"{engine.name}.txt"))
                lines += _answers(engine)
    return "\n".join(lines)


@contextmanager
def _services() -> Iterator[tuple[Catalog, CatalogShelf]]:
    """Give the catalog of our own content, where languages and everyday words come from, and what it keeps."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        services = Services(Settings.from_environment({"PORTAL_STATE": folder}))
        services.compiler().compile()
        yield services.catalog, CatalogShelf(store.path_in(services.settings.state))
        services.close()


@contextmanager
def _node(folder: Path) -> Iterator[str]:
    """Give the address of an Elasticsearch: ours if it is named, else the tests' own."""
    if url := os.environ.get("PORTAL_ELASTICSEARCH_URL"):
        yield url
        return
    with running(folder) as node:
        yield node.url


def _analysis(analysis: Analysis) -> list[str]:
    """Return what making a document costs, and what each dictionary has of it."""
    documents = list(search_corpus.documents(200))
    spent: dict[str, float] = dict.fromkeys(("script folding", "pinyin", "Thai words"), 0.0)

    def timed(name: str, function: Callable[[str], Any]) -> Callable[[str], Any]:
        def call(text: str) -> Any:
            began = time.process_time()
            try:
                return function(text)
            finally:
                spent[name] += time.process_time() - began

        return call

    known = analysis.normalisers
    watched = Normalisers(
        simplify=timed("script folding", known.simplify),
        pinyin=timed("pinyin", known.pinyin),
        segment_thai=timed("Thai words", known.segment_thai),
        version=known.version,
    )
    _sources(documents[:20], Preparer(analysis))  # dictionaries are loaded
    began = time.process_time()
    _sources(documents, Preparer(replace(analysis, normalisers=watched)))
    whole = time.process_time() - began
    lines = [f"making a document of 12 languages            {1000 * whole / len(documents):7.2f} ms of processor"]
    return lines + [f"  of it {name:36} {1000 * cost / len(documents):7.2f} ms" for name, cost in spent.items()]


def _sources(documents: Iterable[Document], preparer: Preparer) -> list[tuple[str, dict[str, Any]]]:
    """Return documents as Elasticsearch takes them, by id."""
    return [(ready.document.id, source(ready)) for ready in preparer.ready(documents)]


def _kept(catalog: Catalog, preparer: Preparer) -> list[str]:
    """Return what the documents of our own content cost: made anew and kept, and as the next build has them."""
    lines = []
    for name in ("made anew and kept in the catalog", "as kept, by the next build or engine"):
        began = time.process_time()
        made = len(_sources(Documents(catalog), preparer))
        spent = time.process_time() - began
        lines.append(f"a document from the catalog, {name:37} {1000 * spent / made:7.2f} ms of processor")
    return lines


def _indexing(client: Elasticsearch, analysis: Analysis) -> list[str]:
    """Index the same ready-made documents by a bare `streaming_bulk` and as a rebuild does, in turn."""
    ready = _sources(search_corpus.documents(SAMPLE), Preparer(analysis))
    lifecycle = Lifecycle(client, "bench-bulk")
    definition = IndexDefinition(
        {"number_of_shards": 1, "analysis": analysis_settings(analysis)}, mappings(analysis), fingerprint(analysis), 0
    )

    def bare() -> None:
        name = lifecycle.begin(definition)
        actions = ({"_op_type": "create", "_index": name, "_id": id, "_source": body} for id, body in ready)
        for _ in streaming_bulk(client, actions):
            pass
        client.indices.refresh(index=name)
        lifecycle.drop(name)

    def ours() -> None:
        name = lifecycle.begin(definition)
        lifecycle.fill(name, ready, lambda _done: None)
        lifecycle.drop(name)

    bare()
    rates: dict[str, list[float]] = {"bare": [], "ours": []}
    for _ in range(ROUNDS):
        for name, work in (("bare", bare), ("ours", ours)):
            began = time.perf_counter()
            work()
            rates[name].append(SAMPLE / (time.perf_counter() - began))
    best = {name: max(found) for name, found in rates.items()}
    return [
        f"bulk indexing of ready-made documents        {best['ours']:7.0f}/s, bare streaming_bulk {best['bare']:.0f}/s,"
        f" ratio {best['ours'] / best['bare']:.2f} (best of {ROUNDS})"
    ]


def _built(engine: SearchBackend, listings: int, note: Path) -> str:
    """Build the index unless an earlier measurement left one that still serves; return what that took, now or then."""
    if note.exists() and _serves(engine, listings):
        return note.read_text()
    began, processor = time.perf_counter(), time.process_time()
    with Progress() as progress:
        task = progress.add_task(f"Indexing into {engine.name}", total=listings)
        engine.rebuild(search_corpus.documents(listings), lambda done: progress.update(task, completed=done))
    took, own = time.perf_counter() - began, time.process_time() - processor
    line = f"{engine.name}: built from {listings} listings in {took:.0f} s, {own:.0f} s of processor in the portal"
    note.write_text(line)
    return line


def _serves(engine: SearchBackend, listings: int) -> bool:
    try:
        status = engine.status()
    except IndexMissing:
        return False
    return status.documents == listings and not status.stale


def _answers(engine: SearchBackend) -> list[str]:
    """Return how long searches and suggestions take."""
    asked = texts()
    begun = prefixes()
    searches = _timed([lambda q=q: engine.search(Query(*q)) for q in asked])
    suggestions = _timed([lambda p=p: engine.suggest(*p) for p in begun])
    say(f"  {engine.name}: {len(asked)} searches, {len(begun)} suggestions")
    return [*_lines("search", searches), *_lines("suggestions", suggestions)]


def _timed(asks: Sequence[Callable[[], object]]) -> list[Took]:
    for ask in asks[:WARM_UP]:
        ask()
    found = []
    for ask in asks:
        Counting.took_ms = 0
        began, processor = time.perf_counter(), time.thread_time()
        ask()
        wall, own = time.perf_counter() - began, time.thread_time() - processor
        found.append(Took(1000 * wall, 1000 * own, Counting.took_ms))
    return found


def _lines(what: str, found: Sequence[Took]) -> list[str]:
    lines = [
        f"  {what:12} {name:26} p50 {_percentile(values, 50):7.2f} ms  p99 {_percentile(values, 99):7.2f} ms"
        for name, values in (
            ("as a reader waits", [one.wall for one in found]),
            ("of our processor", [one.processor for one in found]),
        )
    ]
    took = [one.server for one in found]
    if any(took):
        own = [one.wall for one in found]
        p50, p99 = _percentile(took, 50), _percentile(took, 99)
        lines.append(
            f"  {what:12} {'Elasticsearch’s took':26} p50 {p50:7.2f} ms  p99 {p99:7.2f} ms;"
            f" ours at p50 {_percentile(own, 50):.1f} of {1.3 * p50 + 5:.1f} allowed,"
            f" at p99 {_percentile(own, 99):.1f} of {2 * p99:.1f}"
        )
    return lines


def _percentile(values: Sequence[float], percent: int) -> float:
    return quantiles(values, n=100, method="inclusive")[percent - 1]
