"""Builds the real adapters, in one place. Nothing is opened until it is used, so this may run before a fork."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING
from uuid import uuid4

from portal.accounts import audit
from portal.bookings.checkout import Checkout, OnArrival
from portal.catalog import store
from portal.catalog.catalog import Catalog
from portal.catalog.changes import Changes
from portal.catalog.compiler import Compiler
from portal.catalog.everyday_words import EverydayWords
from portal.catalog.near_places import NearPlaces
from portal.catalog.shelf import CatalogShelf
from portal.config import ElasticsearchSettings, Settings, keep_secret
from portal.database import Database
from portal.editing.errands import Daily, Errands
from portal.editing.follower import Follower, leadership
from portal.editing.intake import Intake
from portal.editing.lag import Lag
from portal.editing.process import run_beside
from portal.editing.publishing import Publisher
from portal.editing.takers import PRODUCTS, Shop
from portal.jobs.worker import Handlers, Worker
from portal.languages.scripts import load_for_searching, simplified, syllables, thai_words, versions
from portal.mail.outbox import LETTER, carrier
from portal.mail.transports import transport
from portal.outbox import outbox
from portal.pictures.renditions import Renditions
from portal.sealing.seal import Seal
from portal.traffic.counting import Traffic
from portal.webhooks import log as webhook_log
from portal.webhooks.endpoints import Endpoints
from portal.webhooks.fanout import WEBHOOK, Fanout
from search.analysis import Analysis, Normalisers
from search.backend import SearchBackend
from search.embedded.backend import EmbeddedSearch
from search.fallback import FallbackSearch
from search.lexicon import Lexicon
from search.ready import Preparer

if TYPE_CHECKING:
    from search.elasticsearch.backend import ElasticsearchSearch

WARM_UP_S = 10.0
"""After so long a new worker loads dictionaries, which the first search in Thai would wait for. Pages come first."""

NORMALISERS = Normalisers(simplify=simplified, pinyin=syllables, segment_thai=thai_words, version=versions)

TOGETHER = 50
"""How many jobs that only write to the database are done in one transaction."""


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
    def analysis(self) -> Analysis:
        """How texts of the site's languages are read by its search."""
        return Analysis(languages=self.catalog.languages.tags, normalisers=NORMALISERS)

    @cached_property
    def everyday_words(self) -> EverydayWords:
        """The words of searches."""
        return EverydayWords(self.catalog, self.analysis)

    @cached_property
    def near_places(self) -> NearPlaces:
        """What understands searches for what is near to a place."""
        return NearPlaces(self.catalog, self.search, self.analysis, self.everyday_words.lexicon)

    @cached_property
    def search(self) -> SearchBackend:
        """The search engine: embedded, or Elasticsearch with the embedded one standing in."""
        analysis, lexicon = self.analysis, self.everyday_words.lexicon
        preparer = Preparer(analysis, CatalogShelf(store.path_in(self.settings.state)))
        embedded = EmbeddedSearch(self.settings.state / "search", analysis, lexicon=lexicon, preparer=preparer)
        cluster = self.settings.elasticsearch
        if not cluster:
            return embedded
        primary = _elasticsearch(cluster, analysis, lexicon, preparer)
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
    def checkout(self) -> Checkout:
        """How visitors pay."""
        return OnArrival()

    @cached_property
    def renditions(self) -> Renditions:
        """Photographs in the sizes that pages ask for."""
        return Renditions(self.settings.state / "pictures")

    @cached_property
    def draft_renditions(self) -> Renditions:
        """The same for those who edit: of pictures that may not be published yet."""
        return Renditions(self.settings.state / "draft-pictures")

    @cached_property
    def traffic(self) -> Traffic:
        """How many requests come from whom."""
        return Traffic(self.settings.state / "traffic.sqlite", self.settings.redis_url)

    @cached_property
    def webhooks(self) -> Endpoints:
        """Where partners want to be told what happens."""
        return Endpoints(self.database, self.settings.webhooks_allow_private, self.seal)

    @cached_property
    def seal(self) -> Seal:
        """What secrets in the database are kept under."""
        return Seal(self.settings.sealing_keys)

    def worker(self, name: str | None = None) -> Worker:
        """Return what does the jobs that wait in the database.

        :param name: of this worker alone; without one, that of this machine's.
        """
        from portal.webhooks.delivery import Courier  # noqa: PLC0415 - its HTTP client takes its time to load
        from portal.webhooks.sending import Sender  # noqa: PLC0415

        settings = self.settings
        letters = transport(settings.mail_url, settings.state / "mail", settings.mail_from)
        courier = Courier(self.database, Sender(settings.webhooks_allow_private), self.seal)
        fanout = Fanout(settings.base_url)
        handlers = Handlers(
            errands={LETTER: carrier(letters), WEBHOOK: courier.deliver},
            entries={
                outbox.EVENT: (fanout.event, TOGETHER),
                outbox.PLACES: (fanout.places, TOGETHER),
                # It locks bookings: two at once could wait for one another.
                outbox.HOLD: (fanout.hold, 1),
                outbox.UNDECIDED: (fanout.undecided, 1),
                webhook_log.TIDY.kind: (webhook_log.tidy, 1),
            },
            standing=(webhook_log.TIDY,),
        )
        machine = keep_secret(settings.state / "machine", uuid4().hex)
        return Worker(self.database, self.clock, name or machine, handlers)

    def work(self, stop: threading.Event | None = None) -> None:
        """Do jobs until told to stop, once no other process of this machine does."""
        stop = stop or threading.Event()
        with leadership(self.settings.state / "worker.lock", stop) as leads:
            if leads:
                self.worker().run(stop)

    def forget_old_entries(self) -> int:
        """Delete what the log of who did what holds for longer than it is to; return how many entries went."""
        return audit.forget(self.database, self.clock() - timedelta(days=self.settings.audit_days))

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
        """Take in content as it changes from now on, and do jobs, each in a process beside this one.

        Called in each worker after the fork, when nothing is open yet; one of them does it.
        """
        if self.settings.worker:
            run_beside(self.work)
        run_beside(Follower(self.settings.content, self.settings.state / "follower.lock", self.intake).run)
        warm_up = threading.Timer(WARM_UP_S, load_for_searching)
        warm_up.daemon = True
        warm_up.start()
        daily = Daily(self.forget_old_entries, self.clock)
        Errands(self.settings.state / "errands.lock", (self.carry_on_publishing, daily)).start()


def _elasticsearch(
    cluster: ElasticsearchSettings, analysis: Analysis, lexicon: Callable[[], Lexicon], preparer: Preparer
) -> ElasticsearchSearch:
    from search.elasticsearch.backend import ElasticsearchSearch  # noqa: PLC0415 - its client takes its time to load
    from search.elasticsearch.client import connect  # noqa: PLC0415
    from search.elasticsearch.lifecycle import Spread  # noqa: PLC0415

    client = connect(urls=cluster.urls, api_key=cluster.api_key, ca=cluster.ca)
    return ElasticsearchSearch(
        client,
        analysis,
        index=cluster.index,
        spread=Spread(cluster.shards, cluster.replicas),
        lexicon=lexicon,
        preparer=preparer,
    )
