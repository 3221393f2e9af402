"""One queue for moderators: drafts, claims, proposals, visitors' reports, content that is broken."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from flask import Blueprint, Response, abort, request
from flask_babel import gettext, ngettext

from portal.accounts import audit, people
from portal.catalog.files import SLUG
from portal.editing import claims, disk, document, drafts
from portal.editing import queue as queues
from portal.editing.claims import Claim, ClaimGone
from portal.editing.drafts import DraftGone, DraftState
from portal.editing.publishing import DiskMoved
from portal.editing.queue import What, Wish
from portal.languages.scripts import syllables
from portal.reports import reports
from portal.web import parameters
from portal.web.businesses import editor, mine
from portal.web.businesses.comparing import rows
from portal.web.businesses.guard import Access, access, me, page, see
from portal.web.businesses.letters import tell_claimant, tell_holders
from portal.web.businesses.listing import Work, opened
from portal.web.businesses.mistakes import explained
from portal.web.businesses.saving import version_sent
from portal.web.context import languages, services
from portal.web.pagination import Page

blueprint = Blueprint("review", __name__, url_prefix="/<language:language>/business/review")
LONGEST_COMMENT = 2000
MOST_SHOWN = 2000
PAGE_SIZE = 20
AGES = (1, 3, 7, 30)
"""Days that something may be asked to wait at least."""
NARROWING = ("what", "age", "of", "business")


@blueprint.get("/")
@access(Access.MODERATORS)
def queue() -> Response:
    """Show what waits, the oldest of each first."""
    return _queue()


@blueprint.get("/drafts/<kind>/<slug>/")
@access(Access.MODERATORS)
def draft(kind: str, slug: str) -> Response:
    """Show what a draft would change."""
    return _draft(opened(kind, slug))


@blueprint.get("/drafts/<kind>/<slug>/approve")
@blueprint.get("/drafts/<kind>/<slug>/return")
@access(Access.MODERATORS)
def back(kind: str, slug: str) -> Response:
    """Lead back to the draft whoever reloads the answer to a form, or reads it in another language."""
    return see("review.draft", kind=kind, slug=slug)


@blueprint.get("/claims/<int:number>")
@blueprint.get("/reports/<int:number>/settle")
@blueprint.get("/businesses/<int:number>/trust")
@access(Access.MODERATORS)
def back_to_queue(number: int) -> Response:
    """Lead back to the queue whoever reloads the answer to a form, or reads it in another language."""
    return see("review.queue")


@blueprint.post("/drafts/<kind>/<slug>/approve")
@access(Access.MODERATORS)
def approve(kind: str, slug: str) -> Response:
    """Publish a draft as it was looked at."""
    work = opened(kind, slug)
    if work.draft.conflicts or work.problems():
        return _draft(work, gettext("Some fields have to be mended first."))
    try:
        said = work.draft.comment if work.draft.state is DraftState.WAITING else ""
        editor.publish(work, "\n".join(filter(None, (said, _comment()))))
    except (DraftGone, DiskMoved):
        return _draft(opened(kind, slug), gettext("Somebody else changed this meanwhile. Look at it again."))
    tell_holders("published", work.id, work.name, _comment())
    return see("review.queue", **_kept(), done=1)


@blueprint.post("/drafts/<kind>/<slug>/return")
@access(Access.MODERATORS)
def give_back(kind: str, slug: str) -> Response:
    """Return a draft with a comment."""
    work = opened(kind, slug)
    if not _comment():
        return _draft(work, gettext("Say in a few words what is wrong."))
    try:
        drafts.give_back(services().database, work.id, version_sent(), _comment())
    except DraftGone:
        return _draft(opened(kind, slug), gettext("Somebody else changed this meanwhile. Look at it again."))
    tell_holders("returned", work.id, work.name, _comment())
    return see("review.queue", **_kept(), done=1)


@blueprint.post("/claims/<int:number>")
@access(Access.MODERATORS)
def decide(number: int) -> Response:
    """Approve a claim or a proposal, or refuse it with a word why."""
    claim = claims.find(services().database, number) if number < 2**62 else None
    if claim is None:
        abort(404)
    try:
        problem = _approve(claim) if request.form.get("decision") == "approve" else _refuse(claim)
    except ClaimGone:
        problem = str(gettext("Somebody else changed this meanwhile. Look at it again."))
    return _queue(problem) if problem else see("review.queue", **_kept(), done=1)


@blueprint.post("/reports/<int:number>/settle")
@access(Access.MODERATORS)
def settle(number: int) -> Response:
    """Mark a visitor's report as settled."""
    if number >= 2**62 or not reports.settle(services().database, number, services().clock()):
        abort(404)
    return see("review.queue", **_kept(), done=1)


@blueprint.get("/businesses")
@access(Access.MODERATORS)
def businesses() -> Response:
    """Show the businesses, and which of them publish without a review."""
    known = people.all_businesses(services().database)
    shown = Page(parameters.page(request.args), PAGE_SIZE, len(known))
    if shown.beyond_last:
        abort(404)
    part = known[shown.offset : shown.offset + PAGE_SIZE]
    return page("businesses", businesses=part, shown=shown, done="done" in request.args)


@blueprint.post("/businesses/<int:business>/trust")
@access(Access.MODERATORS)
def trust(business: int) -> Response:
    """Let a business publish without a review, or no longer."""
    trusted = request.form.get("trusted") == "1"
    if business >= 2**62:
        abort(404)
    with services().database.write() as connection:
        people.trust(connection, business, trusted=trusted)
        detail = "trusted" if trusted else "not trusted"
        audit.record(connection, services().clock(), "trust", person=me().id, subject=str(business), detail=detail)
    return see("review.businesses", done=1)


def _approve(claim: Claim) -> str | None:
    listing = claim.listing
    if listing is None:
        slug = request.form.get("slug", "").strip()
        listing = f"{claim.kind}/{slug}"
        if not SLUG.match(slug) or len(slug) > 80 or disk.read(services().settings.content, listing):
            return str(gettext("Choose another address: lower-case letters, digits and hyphens, not in use yet."))
    claims.approve(services().database, services().clock(), claim, me().id, listing)
    tell_claimant(claim, approved=True)
    return None


def _refuse(claim: Claim) -> str | None:
    if not _comment():
        return str(gettext("Say in a few words what is wrong."))
    claims.refuse(services().database, services().clock(), claim, me().id, _comment())
    tell_claimant(claim, approved=False, comment=_comment())
    return None


def _comment() -> str:
    return request.form.get("comment", "").replace("\x00", "").strip()[:LONGEST_COMMENT]


def _queue(problem: str | None = None) -> Response:
    here = services()
    items = queues.everything(here.database, here.catalog.problems(), here.settings.content)
    wish = _wish()
    chosen = queues.chosen(items, wish, here.clock())
    shown = Page(parameters.page(request.args), PAGE_SIZE, len(chosen))
    if shown.beyond_last and not problem:
        abort(404)
    return page(
        "queue",
        422 if problem else 200,
        problem=problem,
        done="done" in request.args,
        items=chosen[shown.offset : shown.offset + PAGE_SIZE],
        shown=shown,
        kept=_kept(),
        wish=wish,
        counts=Counter(item.what.value for item in items),
        kinds=kinds(),
        ages=[(days, ngettext("%(num)s day or longer", "%(num)s days or longer", days)) for days in AGES],
        businesses=people.all_businesses(here.database)[:MOST_SHOWN],
        slug_of=slug_of,
        names=mine.names(getattr(item.entry, "listing", None) for item in items),
        explained=explained,
    )


def kinds() -> list[tuple[str, str]]:
    """Return what the kinds of things that wait are called."""
    return [
        (What.DRAFTS.value, gettext("Drafts")),
        (What.CLAIMS.value, gettext("Requests for listings")),
        (What.PROPOSALS.value, gettext("New places")),
        (What.REPORTS.value, gettext("Visitors' reports")),
        (What.FILES.value, gettext("Content files with mistakes")),
    ]


def _wish() -> Wish:
    """Return what the address asks for."""
    sent = request.args
    what = parameters.one_of(sent, "what", [what.value for what in What])
    return Wish(
        what=What(what) if what else None,
        age=timedelta(days=parameters.number(sent, "age", 0, least=0, most=10_000)),
        language=parameters.one_of(sent, "of", languages().tags),
        business=parameters.number(sent, "business", 0, least=0, most=999_999_999) or None,
    )


def _kept() -> dict[str, str]:
    """Return what an answer to a form keeps of the address: a moderator stays where they were."""
    return {name: request.args[name] for name in NARROWING if request.args.get(name)}


def slug_of(name: str) -> str:
    """Return an address to begin with: the pinyin of a Chinese name, else its own letters."""
    words = syllables(name) or ["".join(c if c.isascii() and c.isalnum() else " " for c in name.lower())]
    return "-".join(" ".join(words).split())[:80]


def _draft(work: Work, problem: str | None = None) -> Response:
    return page(
        "review",
        422 if problem else 200,
        problem=problem,
        work=work,
        waits=work.draft.state is DraftState.WAITING,
        rows=rows(document.read(work.draft.base), work.fields, work.draft.changes),
        problems=explained(work.problems()),
    )
