"""The listing an editor works on: whose it is, its files, its draft."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import abort

from portal.bookings import products
from portal.bookings.errors import ProductConflict
from portal.catalog.facts import KINDS
from portal.catalog.files import SLUG, Known
from portal.catalog.problems import ContentError, Problem
from portal.editing import checking, disk, document, drafts, uploads
from portal.editing.document import Files
from portal.editing.drafts import Draft
from portal.editing.takers import PRODUCTS
from portal.web.businesses.guard import me
from portal.web.context import language, languages, services


@dataclass(frozen=True)
class Work:
    """A listing and its draft, brought onto what the disk holds."""

    kind: str
    slug: str
    disk: Files
    draft: Draft

    @property
    def id(self) -> str:
        """The listing's id."""
        return f"{self.kind}/{self.slug}"

    @property
    def fields(self) -> dict[str, Any]:
        """The fields as the draft has them."""
        return self.draft.fields

    @property
    def pictures(self) -> list[str]:
        """The names of its pictures."""
        return [image["file"] for image in uploads.images_of(self.fields) if "file" in image]

    @cached_property
    def uploaded(self) -> frozenset[str]:
        """The names of the pictures that were uploaded for it, named or not."""
        return uploads.names(services().database, self.id)

    @property
    def known(self) -> Known:
        """What its files may refer to."""
        here = services()
        return checking.known(here.catalog, here.settings.content, {f"{self.id}/{file}" for file in self.uploaded})

    @property
    def name(self) -> str:
        """What the listing is called, in the reader's language or the next best."""
        chain = [*languages().fallback_tags(language()), languages().source.tag]
        named = (self.fields.get(f"{tag}/name") for tag in chain)
        return next((str(name) for name in named if name), self.id)

    def files(self) -> dict[str, str]:
        """Return the files as the draft would publish them."""
        return document.write(self.draft.base, self.draft.changes, languages().source.tag)

    def problems(self) -> list[Problem]:
        """Return what stands in the way of publishing."""
        found = checking.problems(self.id, self.files(), self.known, languages().source.tag)
        return found or self._unsellable()

    def _unsellable(self) -> list[Problem]:
        """Return why what the draft sells cannot go on sale: fewer places than are sold, say."""
        here = services()
        if "facts/booking" not in self.draft.changes:
            return []
        terms = PRODUCTS.validate_python(self.fields.get("facts/booking") or [])
        try:
            products.rehearse(here.database, self.id, terms, here.clock())
        except ProductConflict as error:
            return [Problem(f"{self.id}/{document.FACTS_FILE}", 1, "booking", str(error))]
        return []


def opened(kind: str, slug: str) -> Work:
    """Return a listing in the hands of who asks; another's is as good as none.

    A broken file on disk has to be mended there first.
    """
    listing = f"{kind}/{slug}"
    if kind not in KINDS or not SLUG.match(slug) or not me().may_open(listing):
        abort(404)
    here = services()
    texts = disk.read(here.settings.content, listing)
    try:
        draft = drafts.look(here.database, listing, texts)
        if draft.version and draft.base != texts:
            draft = drafts.rebase(here.database, here.clock(), listing, texts) or draft
        document.read(texts)
    except ContentError:
        abort(409)
    if not texts and not draft.version and listing not in me().listings:
        abort(404)
    return Work(kind, slug, texts, draft)
