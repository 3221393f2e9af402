"""Which pages an export has, and the file that each goes into. Runs in the application's context."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from portal.catalog.facts import KINDS, PLACES
from portal.catalog.selection import Selection
from portal.languages.model import Language
from portal.web.context import languages, services
from portal.web.pagination import Page as ListPage
from portal.web.visitors import MAP_SIZE, PAGE_SIZE

CHUNK = 96
"""How many pages are one piece of work, about: what a killed export has to do again at most, in each process."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page by the path and the query string that the portal serves it under, and its file in the export."""

    path: str
    file: str
    query: str = ""


@dataclass(frozen=True, slots=True)
class ListingPage:
    """A listing's page in a language, or the card for its driver: most of an export."""

    language: Language
    kind: str
    slug: str
    driver: bool = False

    @property
    def below(self) -> str:
        """Its path below the language."""
        return f"{self.kind}/{self.slug}/driver" if self.driver else f"{self.kind}/{self.slug}/"

    @property
    def file(self) -> str:
        """Its file in the export."""
        return f"{self.language.path}/{self.kind}/{self.slug}/{'driver/' if self.driver else ''}index.html"


AnyPage = Page | ListingPage


def chunks() -> Iterator[list[AnyPage]]:
    """Yield all pages in pieces of work; those of a listing in all languages together, as much is the same in each."""
    for pages in (_listings(), _others()):
        while chunk := list(islice(pages, CHUNK)):
            yield chunk


def count() -> int:
    """Return how many pages `chunks` yields, roughly: the further pages of lists are left out."""
    listings = services().catalog.ids()
    drivers = sum(identity.partition("/")[0] in PLACES for identity in listings)
    others = 3 + len(KINDS) + len(services().catalog.districts())
    return len(languages().tags) * (len(listings) + drivers + others)


def _listings() -> Iterator[AnyPage]:
    for identity in services().catalog.ids():
        kind, _, slug = identity.partition("/")
        for language in languages():
            yield ListingPage(language, kind, slug)
            if kind in PLACES:
                yield ListingPage(language, kind, slug, driver=True)


def _others() -> Iterator[AnyPage]:
    for language in languages():
        home = f"/{language.path}/"
        yield _page(home)
        for kind in KINDS:
            yield from _list(f"{home}{kind}/", Selection(kind=kind), PAGE_SIZE)
        yield from _list(f"{home}map/", Selection(mapped=True), MAP_SIZE)
        yield _page(f"{home}districts/")
        for slug in services().catalog.districts():
            yield from _list(f"{home}districts/{slug}/", Selection(district=slug), PAGE_SIZE)


def _list(path: str, selection: Selection, size: int) -> Iterator[Page]:
    yield _page(path)
    last = ListPage(1, size, services().catalog.count(selection)).last
    for number in range(2, last + 1):
        yield Page(path, f"{path[1:]}page/{number}/index.html", f"page={number}")


def _page(path: str) -> Page:
    return Page(path, f"{path[1:]}index.html")
