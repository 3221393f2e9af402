"""Builds the real adapters, in one place. Nothing is opened until it is used, so this may run before a fork."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from portal.catalog import store
from portal.catalog.catalog import Catalog
from portal.catalog.changes import Changes
from portal.catalog.compiler import Compiler
from portal.catalog.everyday_words import EverydayWords
from portal.config import ElasticsearchSettings, Settings
from portal.database import Database
from portal.editing.errands import Errands
from portal.editing.follower import Follower
from portal.editing.intake import Intake
from portal.editing.lag import Lag
from portal.editing.process import run_beside
from portal.editing.publishing import Publisher
from portal.editing.takers import PRODUCTS, Shop
from portal.languages.scripts import load_dictionaries, simplified, syllables, thai_words
from portal.mail.outbox import deliver
from portal.mail.transports import transport
from portal.pictures.renditions import Renditions
from search.analysis import Analysis, Normalisers
from search.backend import SearchBackend
from search.elasticsearch.backend import ElasticsearchSearch
from search.elasticsearch.client import connect
from search.embedded.backend import EmbeddedSearch
from search.fallback import FallbackSearch
from search.lexicon import Lexicon

WARM_UP_S = 2.0
"""After so long a new worker loads dictionaries, which the first search in Thai would wait for. Pages come first."""

NORMALISERS = Normalisers(simplify=simplified, pinyin=syllables, segment_thai=thai_words)


def now() -> datetime:
    """Return the time, in UTC."""
    return datetime.now(UTC)


@dataclass
class Services:
    """What the application works with."""

    settings: Settings
    clock: Callable[[], datetime] = now

    @cached_property
    def database(self) -> Database:
        """Accounts, products, bookings."""
        return Database(self.settings.database_url)

    @cached_property
    def catalog(self) -> Catalog:
        """Listings as pages show them."""
        return Catalog(store.path_in(self.settings.state))

    @cached_property
    def search(self) -> SearchBackend:
        """The search engine: embedded, or Elasticsearch with the embedded one standing in."""
        analysis = Analysis(languages=self.catalog.languages.tags, normalisers=NORMALISERS)
        lexicon = EverydayWords(self.catalog, analysis).lexicon
        embedded = EmbeddedSearch(self.settings.state / "search", analysis, lexicon=lexicon)
        cluster = self.settings.elasticsearch
        if not cluster:
            return embedded
        primary = _elasticsearch(cluster, analysis, lexicon)
        return FallbackSearch(primary, embedded, behind=self.lag(primary.name).known)

    def search_engines(self) -> tuple[SearchBackend, ...]:
        """Return the engines behind `search`, the one that should answer first."""
        return self.search.engines if isinstance(self.search, FallbackSearch) else (self.search,)

    def lag(self, engine: str) -> Lag:
        """Return what keeps whether a search engine, by its name, is behind."""
        return Lag(self.settings.state, engine)

    def close(self) -> None:
        """Close what was opened."""
        for name in ("search", "catalog", "database"):
            if name in vars(self):
                vars(self).pop(name).close()

    @cached_property
    def renditions(self) -> Renditions:
        """Photographs in the sizes that pages ask for."""
        return Renditions(self.settings.state / "pictures")

    def send_letters(self) -> int:
        """Send the letters that are due; return how many went."""
        settings = self.settings
        carrier = transport(settings.mail_url, settings.state / "mail", settings.mail_from)
        return deliver(self.database, carrier, self.clock())

    def publisher(self) -> Publisher:
        """Return what publishes listings on this machine."""
        return Publisher(self.database, self.settings.content, self.settings.state)

    def carry_on_publishing(self) -> None:
        """Write what was published and is not on this machine yet."""
        self.publisher().carry_on()

    def compiler(self) -> Compiler:
        """Return a compiler of the content directory into the catalog."""
        return Compiler(self.settings.content, store.path_in(self.settings.state), PRODUCTS)

    def intake(self) -> Intake:
        """Return what takes in content edited on disk."""
        shop = Shop(self.database, self.clock, self.settings.base_url)
        changes = Changes(store.path_in(self.settings.state))
        return Intake(self.compiler(), self.catalog, changes, self.search_engines, shop, self.lag)

    def start_following(self) -> None:
        """Take in content as it changes from now on, in a process beside this one; run errands in a thread.

        Called in each worker after the fork, when nothing is open yet; one of them does it.
        """
        run_beside(Follower(self.settings.content, self.settings.state / "follower.lock", self.intake).run)
        warm_up = threading.Timer(WARM_UP_S, load_dictionaries)
        warm_up.daemon = True
        warm_up.start()
        Errands(self.settings.state / "errands.lock", (self.carry_on_publishing, self.send_letters)).start()


def _elasticsearch(
    cluster: ElasticsearchSettings, analysis: Analysis, lexicon: Callable[[], Lexicon]
) -> ElasticsearchSearch:
    client = connect(urls=cluster.urls, api_key=cluster.api_key, ca=cluster.ca)
    return ElasticsearchSearch(
        client,
        analysis,
        index=cluster.index,
        shards=cluster.shards,
        replicas=cluster.replicas,
        lexicon=lexicon,
    )
