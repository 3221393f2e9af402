"""A listing as the search index holds it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from portal.catalog.catalog import Catalog
from portal.catalog.facts import PLACES, Facts, PlaceFacts
from portal.catalog.schema import Text
from portal.languages.names import name_in
from search.model import Document
from search.model import Text as SearchText


class Documents:
    """The search documents of a catalog; can be gone through more than once.

    :param ids: only these listings; None for all.
    """

    def __init__(self, catalog: Catalog, ids: Sequence[str] | None = None) -> None:
        self._catalog = catalog
        self._ids = ids

    def __iter__(self) -> Iterator[Document]:
        districts = {slug: district.names for slug, district in self._catalog.districts().items()}
        tags = {slug: tag.names for slug, tag in self._catalog.tags().items()}
        for identity in self._catalog.ids() if self._ids is None else self._ids:
            if source := self._catalog.source_of(identity):
                yield self._document(identity, *source, districts, tags)

    def _document(
        self,
        identity: str,
        facts: Facts,
        texts: Mapping[str, Text],
        districts: Mapping[str, Mapping[str, str]],
        tags: Mapping[str, Mapping[str, str]],
    ) -> Document:
        kind, _, slug = identity.partition("/")
        district = districts.get(facts.district or "", {})
        tag_names = [tags[tag] for tag in facts.tags if tag in tags]
        return Document(
            id=identity,
            kind=kind,
            slug=slug,
            district=facts.district,
            tags=tuple(facts.tags),
            bookable=bool(facts.booking),
            location=(facts.location.lat, facts.location.lon) if facts.location else None,
            place=kind in PLACES,
            hours=facts.opening_hours if isinstance(facts, PlaceFacts) else None,
            price=facts.price.level if isinstance(facts, PlaceFacts) and facts.price else None,
            texts={
                language.tag: _text(texts[language.tag], language.tag, district, tag_names)
                for language in self._catalog.languages
                if language.tag in texts
            },
        )


def _text(text: Text, tag: str, district: Mapping[str, str], tags: Sequence[Mapping[str, str]]) -> SearchText:
    return SearchText(
        name=text.name,
        other_names=tuple(text.other_names),
        summary=text.summary,
        body="\n".join(filter(None, [text.plain, *text.tips, text.address])),
        tags=tuple(name_in(names, [tag]) for names in tags),
        district=name_in(district, [tag]) if district else "",
    )
