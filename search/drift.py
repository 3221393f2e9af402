"""How an index differs from what it was made of; pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from search.backend import Progress
from search.model import Document

PROGRESS_EVERY = 100


@dataclass(frozen=True, slots=True)
class Drift:
    """Ids of documents that an index lacks, has too many, or has in another state; each in order."""

    missing: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    different: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.ids)

    @property
    def ids(self) -> frozenset[str]:
        """All of them."""
        return frozenset((*self.missing, *self.extra, *self.different))

    def only(self, ids: Iterable[str]) -> Drift:
        """Return what of this concerns some documents."""
        kept = set(ids)
        parts = (self.missing, self.extra, self.different)
        return Drift(*(tuple(one for one in part if one in kept) for part in parts))


def digest(document: Document) -> str:
    """Return 16 hexadecimal digits that change with anything in a document."""
    fields = json.dumps(asdict(document), ensure_ascii=False, sort_keys=True)
    return hashlib.blake2b(fields.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def digests(documents: Iterable[Document], progress: Progress | None = None) -> dict[str, str]:
    """Return the digest of each document by its id."""
    found: dict[str, str] = {}
    for document in documents:
        found[document.id] = digest(document)
        if progress and len(found) % PROGRESS_EVERY == 0:
            progress(len(found))
    return found


def compare(given: Mapping[str, str], indexed: Mapping[str, str]) -> Drift:
    """Return how the digests of an index differ from those it should have."""
    return Drift(
        missing=tuple(sorted(given.keys() - indexed.keys())),
        extra=tuple(sorted(indexed.keys() - given.keys())),
        different=tuple(sorted(id for id in given.keys() & indexed.keys() if given[id] != indexed[id])),
    )
