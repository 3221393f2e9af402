"""What is wrong with a site that was crawled; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from portal.seo.page import Page


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, where it was found."""

    url: str
    rule: str
    detail: str

    def __str__(self) -> str:
        return f"{self.url}: {self.rule}: {self.detail}"


@dataclass(frozen=True)
class Site:
    """What was crawled.

    :ivar pages: those that answered 200, by address.
    :ivar refused: the others and their status; 0 for no answer.
    :ivar named_by: for each address, a page that names it.
    :ivar sitemap: the addresses of all sitemaps.
    """

    pages: Mapping[str, Page]
    refused: Mapping[str, int]
    named_by: Mapping[str, str]
    sitemap: Sequence[str]


def findings(site: Site) -> Iterator[Finding]:
    """Yield everything that is wrong."""
    for url, status in site.refused.items():
        said = f"answers {status}" if status else "does not answer"
        yield Finding(site.named_by.get(url, url), "broken link", f"{url} {said}")
    for page in site.pages.values():
        yield from _of_page(page)
        yield from _of_alternates(page, site)
    yield from _of_sitemap(site)


def _of_page(page: Page) -> Iterator[Finding]:
    if len(page.canonicals) != 1 and not (page.noindex and not page.canonicals):
        yield Finding(page.url, "canonical", f"expected one, found {len(page.canonicals)}")
    if not page.title.strip():
        yield Finding(page.url, "title", "missing")
    if not page.description.strip() and not page.noindex:
        yield Finding(page.url, "description", "missing")
    for text in page.broken_data:
        yield Finding(page.url, "JSON-LD", f"does not parse: {text.strip()[:80]}")


def _of_alternates(page: Page, site: Site) -> Iterator[Finding]:
    if not page.alternates or page.noindex:
        return
    if page.url not in page.alternates.values():
        yield Finding(page.url, "hreflang", "does not name the page itself")
    if "x-default" not in page.alternates:
        yield Finding(page.url, "hreflang", "has no x-default")
    for tag, address in page.alternates.items():
        other = site.pages.get(address)
        if other is None:
            yield Finding(page.url, "hreflang", f"{tag}: {address} was not found")
        elif page.url not in other.alternates.values():
            yield Finding(page.url, "hreflang", f"{tag}: {address} does not name it in turn")


def _of_sitemap(site: Site) -> Iterator[Finding]:
    for url in site.sitemap:
        page = site.pages.get(url)
        if page is None:
            yield Finding(url, "sitemap", "lists an address that does not answer 200")
        elif page.noindex:
            yield Finding(url, "sitemap", "lists a page that says noindex")
        elif page.canonicals and page.canonicals[0] != url:
            yield Finding(url, "sitemap", f"lists a page whose canonical address is {page.canonicals[0]}")
