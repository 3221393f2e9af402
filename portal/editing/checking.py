"""Files that are to be published, checked as the compiler will check them, and made into the page they become."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import cast

from portal.catalog import files, units
from portal.catalog.catalog import Catalog
from portal.catalog.facts import Facts
from portal.catalog.model import Listing
from portal.catalog.problems import ContentError, Problem
from portal.catalog.schema import Text
from portal.editing.document import FACTS_FILE, Files
from portal.editing.intake import PRODUCTS
from portal.languages.model import Language
from portal.languages.scripts import CONVERTIBLE


def known(catalog: Catalog, content: Path, listing: str) -> files.Known:
    """Return what the files of a listing may refer to."""
    pictures = (file.name for file in (content / listing).glob("*") if file.suffix in files.PICTURES)
    return files.Known(
        products=PRODUCTS,
        languages=frozenset(catalog.languages.tags),
        districts=frozenset(catalog.districts()),
        tags=frozenset(catalog.tags()),
        pictures=frozenset(f"{listing}/{name}" for name in pictures),
        listings=frozenset(catalog.ids()),
    )


def problems(listing: str, texts: Files, may_name: files.Known, source: str) -> list[Problem]:
    """Return every mistake in a listing's files; that one is missing which there must be is one too."""
    found = []
    for name in dict.fromkeys([FACTS_FILE, f"{source}.md", *texts]):
        if name not in texts:
            found.append(Problem(f"{listing}/{name}", 1, "", "is missing"))
            continue
        try:
            files.parse(f"{listing}/{name}", texts[name].encode(), may_name)
        except ContentError as error:
            found += error.problems
    return found


def as_page(listing: str, texts: Files, may_name: files.Known, catalog: Catalog, language: Language) -> Listing:
    """Return the listing as its page in a language would show it.

    :raises ContentError: when the files have a mistake.
    """
    kind, _, slug = listing.partition("/")
    parsed = {name: files.parse(f"{listing}/{name}", text.encode(), may_name) for name, text in texts.items()}
    own = {name.removesuffix(".md"): cast(Text, value) for name, value in parsed.items() if name.endswith(".md")}
    spoken = catalog.languages
    shown = own | _converted(own, spoken.tags)
    best = next((tag for tag in spoken.fallback_tags(language) if tag in shown), None) or next(iter(shown))
    local = spoken.source.tag if spoken.source.tag in shown else best
    return Listing(
        id=listing,
        kind=kind,
        slug=slug,
        facts=cast(Facts, parsed[FACTS_FILE]),
        text=shown[best],
        language=best,
        converted=best not in own,
        local=shown[local],
        local_language=local,
        translations=tuple(tag for tag in spoken.tags if tag in shown),
        modified=catalog_day(catalog, listing),
        media_version=catalog.media_version(listing) or "",
    )


def catalog_day(catalog: Catalog, listing: str) -> str:
    """Return the day the live listing was changed last; the epoch of one that is not live."""
    return next((day for known, day, _ in catalog.addresses() if known == listing), "1970-01-01")


def _converted(own: Mapping[str, Text], spoken: tuple[str, ...]) -> dict[str, Text]:
    return {
        target: units.converted(own[source])
        for target, source in CONVERTIBLE.items()
        if source in own and target not in own and target in spoken
    }
