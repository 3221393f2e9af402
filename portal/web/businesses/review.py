"""One queue for moderators: drafts, claims, proposals, visitors' reports, content that is broken."""

from __future__ import annotations

from flask import Blueprint, Response, abort, request
from flask_babel import gettext

from portal.accounts import audit, people
from portal.catalog.files import SLUG
from portal.editing import claims, disk, document, drafts, publishing
from portal.editing.claims import Claim, ClaimGone
from portal.editing.drafts import DraftGone, DraftState
from portal.editing.publishing import DiskMoved
from portal.languages.scripts import syllables
from portal.reports import reports
from portal.web.businesses import editor
from portal.web.businesses.comparing import rows
from portal.web.businesses.guard import Access, access, me, page, see
from portal.web.businesses.letters import tell_claimant, tell_holders
from portal.web.businesses.listing import Work, opened
from portal.web.businesses.saving import version_sent
from portal.web.context import services

blueprint = Blueprint("review", __name__, url_prefix="/<language:language>/business/review")
LONGEST_COMMENT = 2000
MOST_SHOWN = 200


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
        editor.publish(work, _comment())
    except (DraftGone, DiskMoved):
        return _draft(opened(kind, slug), gettext("Somebody else changed this meanwhile. Look at it again."))
    tell_holders("published", work.id, work.name, _comment())
    return see("review.queue", done=1)


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
    return see("review.queue", done=1)


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
    return _queue(problem) if problem else see("review.queue", done=1)


@blueprint.post("/reports/<int:number>/settle")
@access(Access.MODERATORS)
def settle(number: int) -> Response:
    """Mark a visitor's report as settled."""
    if number >= 2**62 or not reports.settle(services().database, number, services().clock()):
        abort(404)
    return see("review.queue", done=1)


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
    return see("review.queue", done=1)


def _approve(claim: Claim) -> str | None:
    listing = claim.listing
    if listing is None:
        slug = request.form.get("slug", "").strip()
        listing = f"{claim.kind}/{slug}"
        if not SLUG.match(slug) or len(slug) > 80 or disk.read(services().settings.content, listing):
            return str(gettext("Choose another address: lower-case letters, digits and hyphens, not in use yet."))
    claims.approve(services().database, services().clock(), claim, me().id, listing)
    tell_claimant("published", claim, "")
    return None


def _refuse(claim: Claim) -> str | None:
    if not _comment():
        return str(gettext("Say in a few words what is wrong."))
    claims.refuse(services().database, services().clock(), claim, me().id, _comment())
    tell_claimant("returned", claim, _comment())
    return None


def _comment() -> str:
    return request.form.get("comment", "").replace("\x00", "").strip()[:LONGEST_COMMENT]


def _queue(problem: str | None = None) -> Response:
    database = services().database
    return page(
        "queue",
        422 if problem else 200,
        problem=problem,
        done="done" in request.args,
        drafts=drafts.waiting(database),
        claims=[(claim, slug_of(claim.name)) for claim in claims.waiting(database)],
        reports=reports.waiting(database)[:MOST_SHOWN],
        conflicts=publishing.conflicts(database),
        broken=services().catalog.problems()[:MOST_SHOWN],
        businesses=people.all_businesses(database)[:MOST_SHOWN],
    )


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
        problems=work.problems(),
    )
