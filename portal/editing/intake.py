"""Content edited on disk into everything made from it: catalog, products on sale, search indexes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from portal.catalog.catalog import Catalog
from portal.catalog.changes import Changes
from portal.catalog.compilation import Progress as Compiling
from portal.catalog.compiler import Compiler, Report
from portal.editing.lag import Lag
from portal.editing.takers import ProductsOnSale, SearchIndex, Shop, Taker
from search.backend import SearchBackend


class Intake:
    """Takes in what changed on disk. One thread of one process at a time; others would only do the same again.

    :param engines: gives every search engine that is to be kept current, the one that should answer first. Asked only
        after a compilation, since engines are built for the languages the content declares.
    :param lag: gives what keeps whether an engine, by its name, is behind.
    """

    def __init__(
        self,
        compiler: Compiler,
        catalog: Catalog,
        changes: Changes,
        engines: Callable[[], Sequence[SearchBackend]],
        shop: Shop,
        lag: Callable[[str], Lag],
    ) -> None:
        self._compiler = compiler
        self._catalog = catalog
        self._changes = changes
        self._engines = engines
        self._shop = shop
        self._lag = lag

    def close(self) -> None:
        """Close the compiler."""
        self._compiler.close()

    def lost(self) -> bool:
        """Tell whether the catalog was deleted, so that it has to be compiled anew."""
        return self._compiler.lost()

    def compile(self, paths: Collection[str] | None = None, compiling: Compiling | None = None) -> Report:
        """Compile what changed; pages show it when this returns, and it is pending for all who take it further.

        :param paths: where alone something changed, relative to the content directory; None to look everywhere.
        :param compiling: is told how far the compilation is.
        """
        return self._compiler.compile(paths, compiling or (lambda _done, _total: None))

    def refresh(self, paths: Collection[str] | None = None) -> Report:
        """Compile what changed, then pass it on."""
        report = self.compile(paths)
        for taker in self.takers():
            taker.catch_up()
        return report

    def takers(self) -> tuple[Taker, ...]:
        """Return who takes what changed.

        :raises CatalogUnavailable: when nothing has been compiled yet.
        """
        # The one that stands in comes first: it shows an edit at once, even while the other is slow.
        return (ProductsOnSale(self._catalog, self._changes, self._shop), *reversed(self.indexes()))

    def indexes(self) -> tuple[SearchIndex, ...]:
        """Return the search indexes, that of the engine that should answer first."""
        return tuple(
            SearchIndex(engine, self._catalog, self._changes, self._lag(engine.name)) for engine in self._engines()
        )
