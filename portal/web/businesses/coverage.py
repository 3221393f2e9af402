"""How far the translations are, by language and by listing."""

from __future__ import annotations

from babel.numbers import format_percent
from flask import Blueprint, Response, abort, request

from portal.accounts.model import Role
from portal.catalog.facts import KINDS
from portal.catalog.model import Card
from portal.catalog.selection import Selection
from portal.editing import coverage
from portal.editing.coverage import Coverage
from portal.editing.states import State
from portal.web import parameters
from portal.web.businesses.guard import Access, access, me, page
from portal.web.context import language, languages, services
from portal.web.pagination import Page

blueprint = Blueprint("coverage", __name__, url_prefix="/<language:language>/business/translations")
PAGE_SIZE = 25
MOST_READ = 2000
"""Listings of a kind that are looked through for what needs work in a language."""


@blueprint.get("/")
@access(Access.SIGNED_IN)
def show() -> Response:
    """Show every language of some listings or, of one language, the listings that need work."""
    kind = parameters.one_of(request.args, "kind", KINDS) or KINDS[0]
    source = languages().source.tag
    spoken = [tag for tag in languages().tags if tag != source]
    tag = parameters.one_of(request.args, "of", spoken)
    cards = _cards(kind)
    found = {id: _coverage(id, [tag]) for id in cards} if tag else {}
    ids = [id for id in cards if id not in found or found[id].needs_work()]
    shown = Page(parameters.page(request.args), PAGE_SIZE, len(ids))
    if shown.beyond_last:
        abort(404)
    part = ids[shown.offset : shown.offset + PAGE_SIZE]
    return page(
        "coverage",
        kind=kind,
        tag=tag,
        kinds=KINDS,
        spoken=spoken,
        total=len(cards),
        waiting=len(ids),
        rows=[(cards[id], found.get(id) or _coverage(id, spoken)) for id in part],
        shown=shown,
        states=State,
        percent=lambda tally: format_percent(coverage.share(tally), locale=language().locale),
    )


def _coverage(listing: str, tags: list[str]) -> Coverage:
    return coverage.of_listing(services().settings.content, listing, languages().source.tag, tags)


def _cards(kind: str) -> dict[str, Card]:
    """Return the listings of a kind that somebody may work on, by id."""
    everything = me().is_moderator or Role.TRANSLATOR in me().roles
    ids = () if everything else tuple(sorted(id for id in me().listings if id.startswith(f"{kind}/")))
    if not everything and not ids:
        return {}
    cards = services().catalog.cards(Selection(kind=kind, ids=ids), language(), limit=MOST_READ)
    return {card.id: card for card in cards}
