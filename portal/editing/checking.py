"""Files that are to be published, checked as the compiler will check them, and made into the page they become."""

from __future__ import annotations

from collections.abc import Mapping, Set
from pathlib import Path
from typing import cast

from portal.catalog import files, units
from portal.catalog.catalog import Catalog
from portal.catalog.facts import Facts
from portal.catalog.model import Listing
from portal.catalog.problems import ContentError, Problem
from portal.catalog.schema import Text
from portal.editing.document import FACTS_FILE, Files
from portal.editing.takers import PRODUCTS
from portal.languages.model import Language
from portal.languages.scripts import CONVERTIBLE

NEVER = "1970-01-01"
"""The day of change of what is not published yet."""


def known(catalog: Catalog, content: Path, uploaded: Set[str] = frozenset()) -> files.Known:
    """Return what the files of a listing may refer to: what is on disk, and the paths of pictures that will be."""
    spoken = frozenset(catalog.languages.tags)
    return files.Known(PRODUCTS, spoken, lambda path: path in uploaded or (content / path).is_file())


def problems(listing: str, texts: Files, may_name: files.Known, source: str) -> list[Problem]:
    """Return every mistake in a listing's files: what is missing that there must be is one too, such as the words in
    the source language that say what a picture shows.
    """
    found, good = [], {}
    for name in dict.fromkeys([FACTS_FILE, f"{source}.md", *texts]):
        if name not in texts:
            found.append(Problem(f"{listing}/{name}", 1, "", "is missing"))
            continue
        try:
            good[name] = files.parse(f"{listing}/{name}", texts[name].encode(), may_name)
        except ContentError as error:
            found += error.problems
    facts, text = good.get(FACTS_FILE), good.get(f"{source}.md")
    if isinstance(facts, Facts) and isinstance(text, Text):
        silent = [image.file for image in facts.images if image.file not in text.alt]
        place = f"{listing}/{source}.md"
        found += [Problem(place, 1, f"alt.{file}", "does not say what the picture shows") for file in silent]
    return found


def as_page(listing: str, texts: Files, may_name: files.Known, catalog: Catalog, language: Language) -> Listing:
    """Return the listing as its page in a language would show it.

    :raises ContentError: when the files have a mistake.
    """
    kind, _, slug = listing.partition("/")
    live = catalog.listing(kind, slug, language)
    public = catalog.facts(listing)
    parsed = {name: files.parse(f"{listing}/{name}", text.encode(), may_name) for name, text in texts.items()}
    own = {name.removesuffix(".md"): cast(Text, value) for name, value in parsed.items() if name.endswith(".md")}
    spoken = catalog.languages
    shown = own | _converted(own, spoken.tags)
    best = next((tag for tag in spoken.fallback_tags(language) if tag in shown), None) or next(iter(shown))
    local = spoken.source.tag if spoken.source.tag in shown else best
    facts = cast(Facts, parsed[FACTS_FILE])
    return Listing(
        id=listing,
        kind=kind,
        slug=slug,
        facts=facts,
        text=shown[best],
        language=best,
        converted=best not in own,
        local=shown[local],
        local_language=local,
        pinyin=units.pinyin(shown, spoken.source.tag),
        translations=tuple(tag for tag in spoken.tags if tag in shown),
        modified=live.modified if live else NEVER,
        media_version=catalog.media_version(listing) or "",
        unpublished=frozenset(facts.pictures) - frozenset(public.pictures if public else ()),
    )


def _converted(own: Mapping[str, Text], spoken: tuple[str, ...]) -> dict[str, Text]:
    return {
        target: units.converted(own[source])
        for target, source in CONVERTIBLE.items()
        if source in own and target not in own and target in spoken
    }
