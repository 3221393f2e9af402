"""Forms of a listing into its draft: who may, from which state they were made, and what somebody else did meanwhile.

A form is sent by a person, who is led on, or by a script while that person types (`X-Autosave`), which is answered in
JSON and puts the words of others into the controls nobody touched.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, abort, jsonify, request
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from portal.editing import document, drafts
from portal.editing.document import Fields
from portal.editing.drafts import Draft, DraftGone, Save
from portal.editing.merge import Merged
from portal.web.businesses.comparing import row
from portal.web.businesses.guard import me, see
from portal.web.businesses.listing import Work, opened
from portal.web.context import languages, services

Shown = Callable[[Fields], MultiDict[str, str]]
"""Returns what the controls of a form show of a listing's fields."""


def editable(kind: str, slug: str) -> Work:
    """Return a listing whose facts and pictures the reader may change."""
    work = opened(kind, slug)
    if not me().may_edit(work.id):
        abort(404)
    return work


def translatable(kind: str, slug: str, tag: str) -> Work:
    """Return a listing whose text in a language the reader may change."""
    work = opened(kind, slug)
    if tag not in languages().tags or not me().may_translate(work.id, tag):
        abort(404)
    return work


def version_sent() -> int:
    """Return the version of the draft that a form was made from."""
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0


def by_script() -> bool:
    """Tell whether a script sent the form while somebody types."""
    return request.headers.get("X-Autosave") == "1"


def told(problem: str, status: int) -> Response:
    """Tell a script why nothing was saved."""
    answer = jsonify(problem=problem)
    answer.status_code = status
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def see_listing(work: Work, **values: Any) -> Response:
    """Lead on to the listing."""
    return see("editor.show", kind=work.kind, slug=work.slug, **values)


def saved(
    work: Work, values: Fields, shown: Shown, again: Callable[..., Response], version: int | None = None
) -> Response:
    """Save, and go on; where somebody else was quicker, show their words beside what was sent.

    :param again: returns the form once more; takes the listing, its controls, a problem and the others' words.
    :param version: the state of the draft that `values` were made from, where it is not the form's.
    """
    sent = Save(me().id, work.id, version_sent() if version is None else version, values)
    moved = gettext("Somebody else changed this meanwhile. Look at it again.")
    try:
        draft, merged = drafts.save(services().database, services().clock(), sent, work.disk)
    except DraftGone:
        if by_script():
            return told(moved, 409)
        return again(work, shown(document.changed(work.fields, values)), problem=moved)
    if merged.conflicts:
        if by_script():
            return told(moved, 409)
        now = Work(work.kind, work.slug, work.disk, draft)
        mine = {key: values[key] for key in merged.conflicts}  # what only the other changed shows as they left it
        form = shown(document.changed(draft.fields, mine))
        return again(now, form, problem=moved, others=_others(merged, values))
    return _kept(draft, merged, shown) if by_script() else see_listing(work, done=1)


def _kept(draft: Draft, merged: Merged, shown: Shown) -> Response:
    form = {name: list(values) for name, values in shown(draft.fields).lists()}
    answer = jsonify(version=draft.version, form=form, others=bool(merged.news))
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _others(merged: Merged, mine: Fields) -> list[Any]:
    return [row(key, value, mine[key]) for key, value in merged.conflicts.items() if "/" in key]
