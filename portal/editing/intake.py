"""Content edited on disk into everything made from it: catalog, products on sale, search indexes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from pydantic import TypeAdapter

from portal.bookings import products
from portal.bookings.errors import ProductConflict
from portal.bookings.terms import ProductTerms
from portal.catalog.catalog import Catalog
from portal.catalog.compilation import Progress as Compiling
from portal.catalog.compiler import Compiler, Report
from portal.catalog.search_document import Documents
from portal.database import Database
from portal.editing import announcing
from search.backend import Progress, SearchBackend, SearchError, SearchUnavailable
from search.model import IndexStatus

log = structlog.get_logger()

PRODUCTS: TypeAdapter[list[ProductTerms]] = TypeAdapter(list[ProductTerms])
"""Checks the `booking` list of a listing.yaml."""


@dataclass(frozen=True)
class Shop:
    """Where products are sold. `website` is the portal's own address, told to partners."""

    database: Database
    clock: Callable[[], datetime]
    website: str


class Intake:
    """Takes in what changed on disk. One thread of one process at a time; others would only do the same again.

    :param engines: gives every search engine that is to be kept current, each by itself: one that is down holds up no
        other. Asked only after a compilation, since engines are built for the languages the content declares.
    """

    def __init__(
        self, compiler: Compiler, catalog: Catalog, engines: Callable[[], Sequence[SearchBackend]], shop: Shop
    ) -> None:
        self._compiler = compiler
        self._catalog = catalog
        self._engines = engines
        self._shop = shop

    def close(self) -> None:
        """Close the compiler."""
        self._compiler.close()

    def lost(self) -> bool:
        """Tell whether the catalog was deleted, so that it has to be compiled anew."""
        return self._compiler.lost()

    def refresh(self, paths: Collection[str] | None = None, compiling: Compiling | None = None) -> Report:
        """Compile what changed, then pass it on. Pages show it once it is compiled, whatever the rest does.

        :param paths: where alone something changed, relative to the content directory; None to look everywhere.
        :param compiling: is told how far the compilation is.
        """
        report = self._compiler.compile(paths, compiling or (lambda _done, _total: None))
        self.catch_up()
        return report

    def catch_up(self, progress: Progress | None = None) -> list[IndexStatus]:
        """Pass on what is pending, build indexes that are missing; return what the engines within reach serve."""
        pending = self._compiler.pending()
        if pending:
            self._publish(pending)
        # The one that stands in comes first: it shows an edit at once, even while the other is slow.
        states = [self._bring_up(engine, pending, progress) for engine in reversed(self._engines())]
        if pending and None not in states:
            self._compiler.passed_on(pending)
        return [state for state in states if state is not None]

    def _bring_up(self, engine: SearchBackend, pending: Sequence[str], progress: Progress | None) -> IndexStatus | None:
        """Bring one engine up to the catalog; None when it is out of reach and has to be tried again."""
        try:
            if not self._serves(engine):
                return engine.rebuild(Documents(self._catalog), progress)
            if pending:
                documents = list(Documents(self._catalog, pending))
                engine.update(documents, set(pending) - {document.id for document in documents})
            return engine.status()
        except SearchUnavailable as error:
            log.warning("search index not brought up, will try again", engine=engine.name, reason=str(error))
            return None

    def _serves(self, engine: SearchBackend) -> bool:
        """Tell whether an engine has an index that this code would build alike."""
        try:
            return not engine.status().stale
        except SearchError as error:
            log.info("search index to be built", engine=engine.name, reason=str(error))
            return False

    def rebuild_indexes(self, progress: Progress | None = None) -> list[IndexStatus]:
        """Build every index anew beside the one that serves, then swap.

        :raises SearchError: when an engine could not.
        """
        return [engine.rebuild(Documents(self._catalog), progress) for engine in self._engines()]

    def _publish(self, listings: Iterable[str]) -> None:
        house = products.Supplier(products.HOUSE, self._catalog.site().names, {"website": self._shop.website})
        products.publish_supplier(self._shop.database, house)
        states: dict[str, str | None] = {}
        for identity in listings:
            source = self._catalog.source_of(identity)
            states[identity] = announcing.digest(*source, self._catalog.media_version(identity)) if source else None
            terms = PRODUCTS.validate_python(source[0].booking if source else [])
            slug = identity.rpartition("/")[2]
            if source and any(product.supplier == slug for product in terms):  # a listing that sells for itself
                names = {tag: text.name for tag, text in source[1].items()}
                products.publish_supplier(self._shop.database, products.Supplier(slug, names, {}))
            try:
                products.publish(self._shop.database, identity, terms, self._shop.clock())
            except ProductConflict as error:  # what is on sale stays as it was
                log.error("products not published", listing=identity, reason=str(error))
        announcing.announce(self._shop.database, states, self._shop.clock())
