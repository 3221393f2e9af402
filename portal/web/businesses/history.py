"""What was published of a listing: who, when, why, what changed; and back to an earlier version."""

from __future__ import annotations

from flask import Blueprint, Response, abort, request

from portal.editing import document, drafts, publishing
from portal.editing.drafts import DraftGone, Save
from portal.editing.publishing import Revision
from portal.web.businesses.comparing import rows
from portal.web.businesses.guard import Access, access, me, page, see
from portal.web.businesses.listing import Work, opened
from portal.web.context import services

blueprint = Blueprint("history", __name__, url_prefix="/<language:language>/business/listings/<kind>/<slug>/history")


@blueprint.get("/")
@access(Access.SIGNED_IN)
def show(kind: str, slug: str) -> Response:
    """Show the versions."""
    work = opened(kind, slug)
    return page("history", work=work, revisions=publishing.history(services().database, work.id))


@blueprint.get("/<int:number>")
@access(Access.SIGNED_IN)
def version(kind: str, slug: str, number: int) -> Response:
    """Show what a version changed."""
    work = opened(kind, slug)
    revision = _revision(work, number)
    changes = rows(document.read(revision.before), document.read(revision.after))
    return page("version", work=work, revision=revision, rows=changes)


@blueprint.post("/<int:number>/restore")
@access(Access.SIGNED_IN)
def restore(kind: str, slug: str, number: int) -> Response:
    """Make an earlier version the draft; it is then sent as any other. `side=before` is the state before it."""
    work = opened(kind, slug)
    if not me().may_edit(work.id):
        abort(404)
    revision = _revision(work, number)
    wanted = document.read(revision.before if request.form.get("side") == "before" else revision.after)
    values = {key: wanted.get(key) for key in {**work.fields, **wanted}}
    try:
        sent = Save(me().id, work.id, work.draft.version, values)
        drafts.save(services().database, services().clock(), sent, work.disk)
    except DraftGone:
        abort(409)
    return see("editor.show", kind=kind, slug=slug, done=1)


def _revision(work: Work, number: int) -> Revision:
    revision = publishing.find(services().database, work.id, number) if number < 2**62 else None
    if revision is None:
        abort(404)
    return revision
