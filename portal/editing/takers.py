"""Who takes what changed in the catalog: the products on sale, and each search index. Each by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import structlog
from pydantic import TypeAdapter

from portal.bookings import products
from portal.bookings.errors import ProductConflict
from portal.bookings.terms import ProductTerms
from portal.catalog.catalog import Catalog
from portal.catalog.changes import Changes
from portal.catalog.search_document import Documents
from portal.database import Database
from portal.editing import announcing
from portal.editing.lag import Lag
from search.backend import IndexMissing, Progress, SearchBackend, SearchError, SearchUnavailable
from search.model import IndexStatus

log = structlog.get_logger()

PRODUCTS: TypeAdapter[list[ProductTerms]] = TypeAdapter(list[ProductTerms])
"""Checks the `booking` list of a listing.yaml."""

BATCH = 500
"""Listings passed on at a time, so that any number takes a bounded amount of memory."""


class Taker(Protocol):
    """Somebody who takes changes, as often as asked; what he could not take stays pending."""

    @property
    def name(self) -> str:
        """By what name his place in the sequence of changes is kept."""
        ...

    def catch_up(self, progress: Progress | None = None) -> IndexStatus | None:
        """Take what is pending; return what an index then serves, or None when that is out of reach."""
        ...


@dataclass(frozen=True)
class Shop:
    """Where products are sold. `website` is the portal's own address, told to partners."""

    database: Database
    clock: Callable[[], datetime]
    website: str


class ProductsOnSale:
    """Publishes the products of listings that changed."""

    name = "products"

    def __init__(self, catalog: Catalog, changes: Changes, shop: Shop) -> None:
        self._catalog = catalog
        self._changes = changes
        self._shop = shop

    def catch_up(self, progress: Progress | None = None) -> None:
        """Publish what is pending."""
        pending = self._changes.since(self.name)
        if pending.listings:
            self._publish(pending.listings)
            self._changes.taken(self.name, pending.number)

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


class SearchIndex:
    """Keeps the index of one search engine current, and builds it when there is none that this code can use."""

    def __init__(self, engine: SearchBackend, catalog: Catalog, changes: Changes, lag: Lag) -> None:
        self.name = engine.name
        self._engine = engine
        self._catalog = catalog
        self._changes = changes
        self._lag = lag

    def catch_up(self, progress: Progress | None = None) -> IndexStatus | None:
        """Index what is pending; None when the engine cannot take it now and has to be asked again.

        :raises SearchError: when it refuses what it is given.
        """
        try:
            status = self._brought_up(progress)
        except SearchError as error:
            if self._lag.note(str(error)):
                log.warning("search index behind, will try again", engine=self.name, reason=str(error))
            if not isinstance(error, SearchUnavailable):
                raise
            return None
        if self._lag.clear():
            log.info("search index current again", engine=self.name)
        return status

    def rebuild(self, progress: Progress | None = None) -> IndexStatus:
        """Build the index anew beside the one that serves, then swap.

        :raises SearchError: when the engine could not.
        """
        pending = self._changes.since(self.name)
        status = self._engine.rebuild(Documents(self._catalog), progress)
        self._changes.taken(self.name, pending.number)
        return status

    def update(self, listings: Sequence[str]) -> None:
        """Index listings as the catalog has them now; drop those it no longer has."""
        for start in range(0, len(listings), BATCH):
            batch = listings[start : start + BATCH]
            documents = list(Documents(self._catalog, batch))
            self._engine.update(documents, set(batch) - {document.id for document in documents})

    def _brought_up(self, progress: Progress | None) -> IndexStatus:
        pending = self._changes.since(self.name)
        status = self._serving()
        if status is None or status.stale:
            return self.rebuild(progress)
        if pending.listings:
            self.update(pending.listings)
            self._changes.taken(self.name, pending.number)
            status = self._engine.status()
        return status

    def _serving(self) -> IndexStatus | None:
        """Return what serves, or None when nothing is there, which is not the same as out of reach."""
        try:
            return self._engine.status()
        except IndexMissing as error:
            log.info("search index to be built", engine=self.name, reason=str(error))
            return None
