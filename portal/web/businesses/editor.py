"""The editor of one listing: facts, texts beside their source, preview, sending to review."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, abort, make_response, render_template, request
from flask_babel import gettext

from portal.catalog.facts import PLACES
from portal.catalog.place_types import PLACE_TYPES
from portal.catalog.problems import ContentError
from portal.editing import checking, document, drafts, publishing, week
from portal.editing.document import Fields
from portal.editing.drafts import DraftGone, Save
from portal.editing.merge import Merged
from portal.editing.publishing import DiskMoved, Edition
from portal.editing.states import State, made_from, states
from portal.editing.words import difference
from portal.web import listing_page
from portal.web.businesses import facts_form, text_form
from portal.web.businesses.comparing import day_name, label, row
from portal.web.businesses.guard import Access, access, me, page, see
from portal.web.businesses.letters import tell_moderators
from portal.web.businesses.listing import Work, opened
from portal.web.context import language, languages, services

blueprint = Blueprint("editor", __name__, url_prefix="/<language:language>/business/listings/<kind>/<slug>")
LONGEST_NOTE = 1000


@blueprint.get("/")
@access(Access.SIGNED_IN)
def show(kind: str, slug: str) -> Response:
    """Show where the listing stands: its draft, its languages, what is in the way."""
    return _overview(opened(kind, slug))


@blueprint.get("/facts")
@access(Access.SIGNED_IN)
def facts(kind: str, slug: str) -> Response:
    """Show the facts in their controls."""
    work = editable(kind, slug)
    return _facts(work, facts_form.shown(work.fields))


@blueprint.post("/facts")
@access(Access.SIGNED_IN)
def save_facts(kind: str, slug: str) -> Response:
    """Take facts into the draft."""
    work = editable(kind, slug)
    try:
        values = facts_form.sent(request.form, services().catalog.site().country)
    except facts_form.BadField as error:
        return _facts(work, request.form, str(error))
    if "facts/sources" not in work.fields:
        values["facts/sources"] = []  # a new listing has to say that it cites nothing yet
    return saved(work, values, lambda now, fields, **more: _facts(now, facts_form.shown(fields), **more))


@blueprint.get("/texts/<tag>")
@access(Access.SIGNED_IN)
def text(kind: str, slug: str, tag: str) -> Response:
    """Show a text beside its source."""
    work = _translatable(kind, slug, tag)
    return _text(work, tag, text_form.shown(work.fields, tag, kind, work.pictures))


@blueprint.post("/texts/<tag>")
@access(Access.SIGNED_IN)
def save_text(kind: str, slug: str, tag: str) -> Response:
    """Take a text into the draft, with the pins that go with it."""
    work = _translatable(kind, slug, tag)
    values = text_form.sent(request.form, tag, kind, work.pictures)
    values |= text_form.pins_of(work.fields, values, languages().source.tag, tag, request.form)

    def again(now: Work, fields: Fields, **more: Any) -> Response:
        return _text(now, tag, text_form.shown(fields, tag, kind, work.pictures), **more)

    return saved(work, values, again)


@blueprint.get("/preview")
@access(Access.SIGNED_IN)
def preview(kind: str, slug: str) -> Response:
    """Show the page as the draft would have it, in the language of the address."""
    work, here = opened(kind, slug), services()
    known = checking.known(here.catalog, here.settings.content)
    try:
        listing = checking.as_page(work.id, work.files(), known, here.catalog, language())
    except (ContentError, StopIteration, KeyError):
        return _overview(work, gettext("The page cannot be shown before what is named below is mended."))
    template, context = listing_page.page(listing)
    answer = make_response(render_template(template, **context))
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@blueprint.get("/send")
@blueprint.get("/discard")
@access(Access.SIGNED_IN)
def back(kind: str, slug: str) -> Response:
    """Lead back to the listing whoever reloads the answer to a form, or reads it in another language."""
    return _see(opened(kind, slug))


@blueprint.post("/send")
@access(Access.SIGNED_IN)
def send(kind: str, slug: str) -> Response:
    """Send the draft to a review; what needs none is published at once."""
    work = opened(kind, slug)
    problem = _not_ready(work)
    if problem:
        return _overview(work, problem)
    note = request.form.get("note", "").replace("\x00", "").strip()[:LONGEST_NOTE]
    try:
        if me().may_publish(work.id):
            publish(work, note)
            tell_moderators("published", work.id, work.name)
        else:
            drafts.send(services().database, services().clock(), work.id, version_sent())
            tell_moderators("waiting", work.id, work.name)
    except (DraftGone, DiskMoved):
        return _overview(opened(kind, slug), gettext("Somebody else changed this meanwhile. Look at it again."))
    return _see(work, done=1)


@blueprint.post("/discard")
@access(Access.SIGNED_IN)
def discard(kind: str, slug: str) -> Response:
    """Give the draft up."""
    work = editable(kind, slug)
    try:
        with services().database.write() as connection:
            drafts.discard(connection, work.id, version_sent())
    except DraftGone:
        return _overview(opened(kind, slug), gettext("Somebody else changed this meanwhile. Look at it again."))
    return _see(work, done=1)


def publish(work: Work, note: str) -> None:
    """Publish the draft as it was looked at.

    :raises DraftGone, DiskMoved: when it is not that any more.
    """
    edition = Edition(work.id, me().id, note, work.draft.base, work.files(), version_sent())
    services().publisher().publish(edition, services().clock())


def editable(kind: str, slug: str) -> Work:
    """Return a listing whose facts may be changed by who asks; another's is as good as none."""
    work = opened(kind, slug)
    if not me().may_edit(work.id):
        abort(404)
    return work


def _translatable(kind: str, slug: str, tag: str) -> Work:
    work = opened(kind, slug)
    if tag not in languages().tags or not me().may_translate(work.id, tag):
        abort(404)
    return work


def version_sent() -> int:
    """Return the version of the draft that a form was made from."""
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0


def _not_ready(work: Work) -> str | None:
    if not work.draft.version or not work.draft.changes:
        return str(gettext("Nothing was changed."))
    if work.draft.conflicts:
        return str(gettext("Somebody else changed this meanwhile. Look at it again."))
    return str(gettext("Some fields have to be mended first.")) if work.problems() else None


def saved(work: Work, values: Fields, again: Callable[..., Response]) -> Response:
    """Save, and go on; where somebody else was quicker, show their words beside what was sent."""
    sent = Save(me().id, work.id, version_sent(), values)
    try:
        draft, merged = drafts.save(services().database, services().clock(), sent, work.disk)
    except DraftGone:
        words = gettext("Somebody else changed this meanwhile. Look at it again.")
        return again(work, document.changed(work.fields, values), problem=words)
    if merged.conflicts:
        now = Work(work.kind, work.slug, work.disk, draft)
        words = gettext("Somebody else changed this meanwhile. Look at it again.")
        mine = {key: values[key] for key in merged.conflicts}  # what only the other changed shows as they left it
        return again(now, document.changed(draft.fields, mine), problem=words, others=_others(merged, values))
    return _see(work, done=1)


def _see(work: Work, **values: Any) -> Response:
    return see("editor.show", kind=work.kind, slug=work.slug, **values)


def _others(merged: Merged, mine: Fields) -> list[Any]:
    return [row(key, value, mine[key]) for key, value in merged.conflicts.items() if "/" in key]


def _overview(work: Work, problem: str | None = None) -> Response:
    source = languages().source.tag
    fields = work.fields
    coverage = {tag: states(fields, source, tag) for tag in languages().tags if tag != source}
    return page(
        "listing",
        422 if problem else 200,
        work=work,
        problem=problem,
        done="done" in request.args,
        source=source,
        coverage={tag: _tally(found) for tag, found in coverage.items()},
        place=work.kind in PLACES,
        problems=work.problems() if work.draft.version or not work.disk else [],
        changed=[label(key) for key in work.draft.changes if "/" in key],
        conflicts=[row(key, value, fields.get(key)) for key, value in work.draft.conflicts.items() if "/" in key],
    )


def _tally(found: dict[str, State]) -> dict[str, int]:
    return {state.value: list(found.values()).count(state) for state in State}


def _facts(work: Work, form: Any, problem: str | None = None, others: list[Any] | None = None) -> Response:
    if work.kind not in PLACES:
        abort(404)
    return page(
        "facts",
        422 if problem else 200,
        work=work,
        form=form,
        problem=problem,
        others=others or [],
        tags=services().catalog.tags(),
        types=[(name, name) for name in sorted(PLACE_TYPES)],
        days=[(day, day_name(day)) for day in (*week.DAYS, week.HOLIDAY)],
        spans=facts_form.SPANS,
        specials=facts_form.rows_of_exceptions(form),
        datums=[(name, name) for name in facts_form.DATUMS],
    )


def _text(work: Work, tag: str, form: Any, problem: str | None = None, others: list[Any] | None = None) -> Response:
    source = languages().source.tag
    fields = work.fields
    found = states(fields, source, tag) if tag != source else {}
    versions = [work.draft.base]
    if State.STALE in found.values():
        past = publishing.history(services().database, work.id)
        versions += [texts for revision in past for texts in (revision.after, revision.before)]
    moved = {}
    for name in (name for name, state in found.items() if state is State.STALE):
        old = made_from(fields.get(f"{tag}@{name}"), name, source, versions)
        if old is not None:
            new = fields.get(f"{source}/{name}")
            moved[name] = difference(text_form.as_text(old), text_form.as_text(new))
    return page(
        "text",
        422 if problem else 200,
        work=work,
        tag=tag,
        spoken=languages().get(tag),
        source=source,
        form=form,
        problem=problem,
        others=others or [],
        names=text_form.names(work.kind),
        labels=text_form.LABELS,
        originals={name: text_form.as_text(fields.get(f"{source}/{name}")) for name in text_form.LABELS},
        alts=fields.get(f"{source}/alt") or {},
        states=found,
        state_words={state.value: words for state, words in text_form.state_words().items()},
        moved=moved,
    )
