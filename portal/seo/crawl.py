"""Walks a running site: every page of its sitemaps, every link and part they name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED as FIRST
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from urllib.parse import urlsplit

import urllib3

from portal.seo.page import Page, read
from portal.seo.rules import Site

LOCATION = re.compile(r"<loc>([^<]+)</loc>")
SITEMAPS = 1000
WORKERS = 4
TIMEOUT_S = 30.0

Progress = Callable[[int, int], None]
"""Called with the number of addresses asked for and known so far."""


class NoSite(Exception):
    """Nothing answers at the address."""


@dataclass(frozen=True)
class Answer:
    """A status, 0 when nothing answered, and the page where there is one."""

    status: int
    page: Page | None = None


def crawl(base: str, progress: Progress = lambda _done, _known: None) -> Site:
    """Return the site at `base`. Pages with a query string are asked for, but their links are not followed.

    :raises NoSite: when nothing answers there.
    """
    with urllib3.PoolManager(maxsize=WORKERS, timeout=TIMEOUT_S, retries=False) as http:
        sitemap = list(_sitemap(http, base))
        pages: dict[str, Page] = {}
        refused: dict[str, int] = {}
        named_by: dict[str, str] = {}
        for url, answer in _walk(http, base, [f"{base}/", *sitemap], named_by, progress):
            if answer.page is not None:
                pages[url] = answer.page
            elif not 200 <= answer.status < 400:
                refused[url] = answer.status
    return Site(pages, refused, named_by, sitemap)


def _walk(
    http: urllib3.PoolManager, base: str, first: Iterable[str], named_by: dict[str, str], progress: Progress
) -> Iterator[tuple[str, Answer]]:
    known = dict.fromkeys(first)
    with ThreadPoolExecutor(WORKERS) as pool:
        asked: dict[Future[Answer], str] = {pool.submit(_ask, http, url): url for url in known}
        done = 0
        while asked:
            for future in wait(asked, return_when=FIRST).done:
                url, answer = asked.pop(future), future.result()
                done += 1
                yield url, answer
                for other in _named(answer.page, base) if answer.page and not urlsplit(url).query else ():
                    if other not in known:
                        known[other] = None
                        named_by[other] = url
                        asked[pool.submit(_ask, http, other)] = other
            progress(done, len(known))


def _named(page: Page, base: str) -> Iterator[str]:
    for url in (*page.links, *page.parts, *page.alternates.values(), *page.canonicals):
        if url == base or url.startswith(f"{base}/"):
            yield url


def _ask(http: urllib3.PoolManager, url: str) -> Answer:
    try:
        answer = http.request("GET", url, redirect=False)
    except urllib3.exceptions.HTTPError:
        return Answer(0)
    if answer.status == 200 and answer.headers.get("Content-Type", "").startswith("text/html"):
        return Answer(answer.status, read(url, answer.data.decode("utf-8", "replace")))
    return Answer(answer.status)


def _sitemap(http: urllib3.PoolManager, base: str) -> Iterator[str]:
    try:
        index = http.request("GET", f"{base}/sitemap.xml", redirect=False)
    except urllib3.exceptions.HTTPError as error:
        raise NoSite(f"{base} does not answer: {error}") from error
    for sitemap in LOCATION.findall(index.data.decode("utf-8", "replace"))[:SITEMAPS]:
        yield from LOCATION.findall(http.request("GET", sitemap, redirect=False).data.decode("utf-8", "replace"))
