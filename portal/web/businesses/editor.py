"""The editor of one listing: facts, texts beside their source, preview, sending to review."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, render_template, request
from flask_babel import gettext

from portal.catalog.problems import ContentError
from portal.editing import checking, document, drafts, publishing
from portal.editing.conversion import proposals
from portal.editing.coverage import all_states
from portal.editing.document import Fields
from portal.editing.drafts import Draft, DraftGone, DraftState
from portal.editing.publishing import DiskMoved, Edition
from portal.editing.states import State, made_from, states
from portal.editing.words import difference
from portal.web import listing_page
from portal.web.businesses import facts_form, facts_page, text_form
from portal.web.businesses.comparing import label, row
from portal.web.businesses.guard import Access, access, me, page
from portal.web.businesses.letters import tell_moderators
from portal.web.businesses.listing import Work, opened
from portal.web.businesses.mistakes import explained
from portal.web.businesses.saving import by_script, editable, saved, see_listing, told, translatable, version_sent
from portal.web.context import language, languages, services
from portal.web.security import let_frame

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
    return facts_page.page_of(work, facts_page.shown(kind, work.fields))


@blueprint.post("/facts")
@access(Access.SIGNED_IN)
def save_facts(kind: str, slug: str) -> Response:
    """Take facts into the draft."""
    work = editable(kind, slug)
    try:
        values = facts_page.sent(work, request.form)
    except facts_form.BadField as error:
        return told(str(error), 422) if by_script() else facts_page.page_of(work, request.form, str(error))
    if "facts/sources" not in work.fields:
        values["facts/sources"] = []  # a new listing has to say that it cites nothing yet
    return saved(work, values, partial(facts_page.shown, kind), facts_page.page_of)


@blueprint.get("/facts/point")
@access(Access.SIGNED_IN)
def point(kind: str, slug: str) -> Response:
    """Tell the map of the facts where a point of another datum lies in its own, WGS-84."""
    editable(kind, slug)
    try:
        place = facts_form.location(request.args)
    except facts_form.BadField as error:
        return told(str(error), 422)
    answer = jsonify(place)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.get("/texts/<tag>")
@access(Access.SIGNED_IN)
def text(kind: str, slug: str, tag: str) -> Response:
    """Show a text beside its source."""
    work = translatable(kind, slug, tag)
    return _text(work, tag, text_form.shown(work.fields, tag, kind, work.pictures))


@blueprint.post("/texts/<tag>")
@access(Access.SIGNED_IN)
def save_text(kind: str, slug: str, tag: str) -> Response:
    """Take a text into the draft, with the pins that go with it."""
    work = translatable(kind, slug, tag)
    values = text_form.sent(request.form, tag, kind, work.pictures)
    values |= text_form.taken(request.form, values, proposals(work.fields, languages().source.tag, tag), tag)
    published = document.read(work.draft.base)
    values |= text_form.pins_of(work.fields, values, languages().source.tag, tag, request.form, published)

    def shown(fields: Fields) -> text_form.Form:
        return text_form.shown(fields, tag, kind, work.pictures)

    def again(now: Work, form: text_form.Form, **more: Any) -> Response:
        return _text(now, tag, form, **more)

    return saved(work, values, shown, again)


@blueprint.get("/preview")
@access(Access.SIGNED_IN)
def preview(kind: str, slug: str) -> Response:
    """Show the page as the draft would have it, in the language of the address."""
    work = opened(kind, slug)
    try:
        listing = checking.as_page(work.id, work.files(), work.known, services().catalog, language())
    except (ContentError, StopIteration, KeyError):
        if "frame" in request.args:
            return let_frame(page("no_preview", work=work, problems=explained(work.problems())))
        return _overview(work, gettext("The page cannot be shown before what is named below is mended."))
    template, context = listing_page.page(listing)
    answer = make_response(render_template(template, **context))
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return let_frame(answer) if "frame" in request.args else answer


@blueprint.get("/send")
@blueprint.get("/discard")
@access(Access.SIGNED_IN)
def back(kind: str, slug: str) -> Response:
    """Lead back to the listing whoever reloads the answer to a form, or reads it in another language."""
    return see_listing(opened(kind, slug))


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
            drafts.send(services().database, services().clock(), work.id, version_sent(), note)
            tell_moderators("waiting", work.id, work.name)
    except (DraftGone, DiskMoved):
        return _overview(opened(kind, slug), gettext("Somebody else changed this meanwhile. Look at it again."))
    return see_listing(work, done=1)


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
    return see_listing(work, done=1)


def publish(work: Work, note: str) -> None:
    """Publish the draft as it was looked at.

    :raises DraftGone, DiskMoved: when it is not that any more.
    """
    edition = Edition(work.id, me().id, note, work.draft.base, work.files(), version_sent(), work.draft.author)
    services().publisher().publish(edition, services().clock())


def _not_ready(work: Work) -> str | None:
    if not work.draft.version or not work.draft.changes:
        return str(gettext("Nothing was changed."))
    if work.draft.conflicts:
        return str(gettext("Somebody else changed this meanwhile. Look at it again."))
    return str(gettext("Some fields have to be mended first.")) if work.problems() else None


def _overview(work: Work, problem: str | None = None) -> Response:
    source = languages().source.tag
    fields = work.fields
    coverage = {tag: all_states(fields, source, tag) for tag in languages().tags if tag != source}
    return page(
        "listing",
        422 if problem else 200,
        work=work,
        problem=problem,
        done="done" in request.args,
        done_words=_done_words(work.draft),
        source=source,
        coverage={tag: _tally(found) for tag, found in coverage.items()},
        problems=explained(work.problems()) if work.draft.version or not work.disk else [],
        changed=[label(key) for key in work.draft.changes if "/" in key],
        conflicts=[row(key, value, fields.get(key)) for key, value in work.draft.conflicts.items() if "/" in key],
    )


def _done_words(draft: Draft) -> str | None:
    """Return what has become of what somebody sent, and what comes next."""
    if not draft.version:
        return None
    if draft.state is DraftState.WAITING:
        return str(gettext("Sent. A moderator looks at it, and you get a letter."))
    return str(gettext("Saved in the draft. Visitors see it once it is published."))


def _tally(found: dict[str, State]) -> dict[str, int]:
    return {state.value: list(found.values()).count(state) for state in State}


def _proposed(fields: Fields, source: str, tag: str) -> dict[str, str]:
    """Return the converted texts that differ from what the fields have."""
    made = proposals(fields, source, tag)
    same = {name for name in made if fields.get(f"{tag}/{name}") == made[name]}
    return {name: text_form.as_text(text) for name, text in made.items() if name not in same}


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
        proposed=_proposed(fields, source, tag),
    )
