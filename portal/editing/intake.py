"""Content edited on disk into everything made from it: catalog, products, search index."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import structlog
from pydantic import JsonValue

from portal.bookings.errors import ProductConflict
from portal.catalog.catalog import Catalog
from portal.catalog.compiler import Compiler, Report
from portal.catalog.search_document import Documents
from search.backend import Progress, SearchBackend, SearchError, SearchUnavailable
from search.model import IndexStatus

log = structlog.get_logger()

PublishProducts = Callable[[str, list[dict[str, JsonValue]]], None]
"""Makes a listing's `booking` list the one that is sold: listing id, products (empty when it has none any more)."""


class Intake:
    """Takes in what changed on disk. One thread of one process at a time; others would only do the same again."""

    def __init__(
        self, compiler: Compiler, catalog: Catalog, search: SearchBackend, publish_products: PublishProducts
    ) -> None:
        self._compiler = compiler
        self._catalog = catalog
        self._search = search
        self._publish_products = publish_products

    def refresh(self) -> Report:
        """Compile what changed, then pass it on. Pages show it as soon as it is compiled, whatever search does."""
        report = self._compiler.compile()
        self.pass_on()
        return report

    def pass_on(self) -> bool:
        """Publish products of and index what is pending; return whether nothing is left to try again."""
        pending = self._compiler.pending()
        if not pending:
            return True
        documents = list(Documents(self._catalog, pending))
        gone = set(pending) - {document.id for document in documents}
        self._publish(pending)
        try:
            self._search.update(documents, gone)
        except SearchUnavailable as error:
            log.warning("search index not updated, will try again", listings=pending, reason=str(error))
            return False
        self._compiler.passed_on(pending)
        return True

    def _publish(self, listings: Iterable[str]) -> None:
        for identity in listings:
            source = self._catalog.source_of(identity)
            try:
                self._publish_products(identity, list(source[0].booking) if source else [])
            except ProductConflict as error:  # what is sold stays on sale as it was
                log.error("products not published", listing=identity, reason=str(error))

    def ensure_index(self, progress: Progress | None = None) -> IndexStatus:
        """Build the search index when there is none, or one that this code would build differently."""
        try:
            status = self._search.status()
            if not status.stale and status.documents == len(self._catalog.ids()):
                return status
        except SearchError as error:
            log.info("building the search index", reason=str(error))
        return self.rebuild_index(progress)

    def rebuild_index(self, progress: Progress | None = None) -> IndexStatus:
        """Build the search index anew beside the one that serves, then swap."""
        return self._search.rebuild(Documents(self._catalog), progress)
