"""Search without a server: an index in a folder, in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import tantivy

from search.analysis import Analysis
from search.backend import IndexMissing, Progress, SearchError, SearchUnavailable
from search.documents import each_once
from search.drift import compare, digests
from search.embedded.generations import Generations
from search.embedded.queries import Queries
from search.embedded.reader import Reader
from search.embedded.schema import EmbeddedSchema
from search.embedded.searching import Searching
from search.lexicon import Lexicon
from search.model import BackendName, Document, IndexStatus, Query, Results, Suggestion
from search.ready import Preparer

WRITER_BYTES = 50_000_000
BUILDER_BYTES = 250_000_000
"""The more documents are written as one segment, the quicker are searches: each begins anew in every segment."""
PROGRESS_EVERY = 100


class EmbeddedSearch:
    """The embedded engine.

    :param folder: where the index lives; made on the first rebuild.
    :param lexicon: gives the everyday words that hold now; asked for every query.
    :param preparer: makes documents ready; by default one that keeps nothing.
    :param writer_timeout_s: how long to wait while another process writes.
    """

    name: BackendName = "embedded"

    def __init__(
        self,
        folder: Path,
        analysis: Analysis,
        *,
        lexicon: Callable[[], Lexicon] | None = None,
        preparer: Preparer | None = None,
        writer_timeout_s: float = 60.0,
    ) -> None:
        self._analysis = analysis
        self._lexicon = lexicon or partial(Lexicon, {}, analysis)
        self._preparer = preparer or Preparer(analysis)
        self._schema = EmbeddedSchema.of(analysis)
        self._queries = Queries(self._schema.schema, analysis)
        self._generations = Generations(folder)
        self._reader = Reader(self._generations, self._schema)
        self._writer_timeout_s = writer_timeout_s

    def search(self, query: Query) -> Results:
        """Return one page of what matches the query."""
        return self._searching().search(query)

    def suggest(self, prefix: str, language: str, limit: int = 8) -> list[Suggestion]:
        """Return listings whose name goes on from `prefix`; best first."""
        return self._searching().suggest(prefix, language, limit)

    def rebuild(self, documents: Iterable[Document], progress: Progress | None = None) -> IndexStatus:
        """Index all documents into a new folder, then let every process go over to it."""
        with self._generations.writing(self._writer_timeout_s), self._generations.building() as folder:
            count = self._build(folder, documents, progress)
            if (indexed := tantivy.Index.open(str(folder)).searcher().num_docs) != count:
                raise SearchError(f"{count} documents were given, but {indexed} are in the index")
            self._generations.serve(folder, self._schema.fingerprint)
        return self.status()

    def update(self, changed: Iterable[Document], deleted: Iterable[str] = ()) -> None:
        """Index what changed and drop what is gone, in one commit."""
        with self._generations.writing(self._writer_timeout_s):
            generation = self._generations.current()
            if generation.fingerprint != self._schema.fingerprint:
                raise SearchUnavailable("the embedded index was built by another version and waits for a rebuild")
            self._write(generation.path, changed, deleted)

    def indexed(self) -> dict[str, str]:
        """Return the digest of every document in the index that serves, by id."""
        return self._searching().digests()

    def rollback(self, documents: Iterable[Document]) -> IndexStatus:
        """Bring the older index that was kept up to `documents`, then let every process go back to it.

        :param documents: gone through twice.
        """
        with self._generations.writing(self._writer_timeout_s):
            older = self._generations.older()
            if older is None or older.fingerprint != self._schema.fingerprint:
                raise IndexMissing("no older embedded index was kept that this version of the portal can search")
            index = self._opened(older.path)
            drift = compare(digests(documents), self._searching_in(index.searcher()).digests())
            self._write(older.path, (one for one in documents if one.id in drift.ids), drift.extra)
            self._generations.put_back(older)
        return self.status()

    def status(self) -> IndexStatus:
        """Return what serves now."""
        generation, documents = self._reader.generation()
        return IndexStatus(
            backend=self.name,
            documents=documents,
            index=generation.path.name,
            built_at=generation.built_at,
            fingerprint=generation.fingerprint,
            stale=generation.fingerprint != self._schema.fingerprint,
        )

    def close(self) -> None:
        """Let go of the files."""
        self._reader.close()

    def _searching(self) -> Searching:
        return self._searching_in(self._reader.searcher())

    def _searching_in(self, searcher: tantivy.Searcher) -> Searching:
        return Searching(searcher, self._queries, self._analysis, self._lexicon())

    def _opened(self, path: Path) -> tantivy.Index:
        return self._schema.prepare(tantivy.Index.open(str(path)))

    def _write(self, path: Path, changed: Iterable[Document], deleted: Iterable[str]) -> None:
        writer = self._opened(path).writer(WRITER_BYTES, num_threads=1)
        for id in deleted:
            writer.delete_documents_by_term("id", id)
        for ready in self._preparer.ready(changed):
            writer.delete_documents_by_term("id", ready.document.id)
            writer.add_document(self._schema.document(ready))
        writer.commit()
        writer.wait_merging_threads()  # or small segments pile up, one an update

    def _build(self, folder: Path, documents: Iterable[Document], progress: Progress | None) -> int:
        index = self._schema.prepare(tantivy.Index(self._schema.schema, str(folder), reuse=False))
        writer = index.writer(BUILDER_BYTES, num_threads=1)
        count = 0
        for ready in self._preparer.ready(each_once(documents)):
            writer.add_document(self._schema.document(ready))
            count += 1
            if progress and count % PROGRESS_EVERY == 0:
                progress(count)
        writer.commit()
        writer.wait_merging_threads()
        if progress:
            progress(count)
        return count
