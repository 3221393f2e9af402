"""Documents made ready for an index. What is dear about it, each language's tokens, is made once and can be kept."""

from __future__ import annotations

import hashlib
import json
import threading
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from search.analysis import Analysis
from search.documents import TEXT_FIELDS, TOKEN_FIELDS, searchable
from search.drift import digest
from search.model import Document

TOGETHER = 50
"""Documents looked up, made and kept at a time."""

COMPRESSION = 1
"""The quickest: it makes a third of them."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A document, its digest, and the fields that both engines find it by."""

    document: Document
    digest: str
    fields: Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class Kept:
    """The fields of a document as they are kept.

    :param id: of the document; only one of each is kept.
    :param key: changes with the document, and with how fields are made of it.
    """

    id: str
    key: str
    fields: bytes


class Shelf(Protocol):
    """Where fields are kept between builds. It may forget any of them at any time."""

    def take(self, keys: Mapping[str, str]) -> Mapping[str, bytes]:
        """Return what is kept of documents under these keys, by id."""
        ...

    def put(self, made: Sequence[Kept]) -> None:
        """Keep fields in the place of what was kept of the same documents."""
        ...


class Preparer:
    """Makes documents ready, for all engines of a site; for use by many threads.

    :param shelf: None to make everything anew each time.
    """

    def __init__(self, analysis: Analysis, shelf: Shelf | None = None) -> None:
        self._analysis = analysis
        self._shelf = shelf
        self._lock = threading.Lock()
        parts = [analysis.fingerprint, TEXT_FIELDS, TOKEN_FIELDS]
        self._way = hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:12]

    def ready(self, documents: Iterable[Document]) -> Iterator[Ready]:
        """Yield documents as indexes take them, some at a time.

        :raises ValueError: for a text in a language that the site does not have.
        """
        left = iter(documents)
        while together := [(document, digest(document)) for document in islice(left, TOGETHER)]:
            yield from self._shelved(self._shelf, together) if self._shelf else map(self._made, together)

    def _shelved(self, shelf: Shelf, together: Sequence[tuple[Document, str]]) -> Sequence[Ready]:
        keys = {document.id: f"{digest}-{self._way}" for document, digest in together}
        with self._lock:  # two engines that are built at once make each document once
            kept = shelf.take(keys)
            found = [
                Ready(document, digest, _read(kept[document.id]))
                if document.id in kept
                else self._made((document, digest))
                for document, digest in together
            ]
            new = (one for one in found if one.document.id not in kept)
            shelf.put([Kept(one.document.id, keys[one.document.id], _written(one.fields)) for one in new])
        return found

    def _made(self, one: tuple[Document, str]) -> Ready:
        document, digest = one
        return Ready(document, digest, searchable(document, self._analysis))


def _written(fields: Mapping[str, list[str]]) -> bytes:
    return zlib.compress(json.dumps(fields, ensure_ascii=False).encode(), COMPRESSION)


def _read(kept: bytes) -> Mapping[str, list[str]]:
    fields: Mapping[str, list[str]] = json.loads(zlib.decompress(kept))
    return fields
