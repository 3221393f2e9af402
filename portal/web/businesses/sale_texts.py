"""The names of what a listing sells in one language, beside those they are translated from."""

from __future__ import annotations

import copy
from typing import Any

from flask import Blueprint, Response, abort, request
from pydantic import ValidationError

from portal.editing import sold_names
from portal.editing.document import Fields
from portal.editing.takers import PRODUCTS
from portal.web.businesses.facts_form import Form
from portal.web.businesses.guard import Access, access, page
from portal.web.businesses.listing import Work
from portal.web.businesses.sale import FIELD
from portal.web.businesses.saving import saved, translatable
from portal.web.businesses.text_form import state_words
from portal.web.context import languages

blueprint = Blueprint("sale_texts", __name__, url_prefix="/<language:language>/business/listings/<kind>/<slug>/sale")
LONGEST = 200


@blueprint.get("/texts/<tag>")
@access(Access.SIGNED_IN)
def show(kind: str, slug: str, tag: str) -> Response:
    """Show the names beside their source."""
    work = _translating(kind, slug, tag)
    return _page(work, tag, _shown(work.fields, tag))


@blueprint.post("/texts/<tag>")
@access(Access.SIGNED_IN)
def save(kind: str, slug: str, tag: str) -> Response:
    """Take the names into the draft; one that was changed, or needs no change, stands on the present source."""
    work = _translating(kind, slug, tag)
    booking = copy.deepcopy(work.fields[FIELD])
    for named in list(sold_names.everything_named(booking)):
        text = " ".join(request.form.get(named.key, "").replace("\x00", "").split())[:LONGEST]
        if named.key not in request.form or (text == named.names.get(tag, "") and not _kept(named.key)):
            continue
        for thing in named.things:
            if text or len(thing["names"]) > 1:
                sold_names.translate(thing, tag, text)

    def shown(fields: Fields) -> Form:
        return _shown(fields, tag)

    def again(now: Work, form: Form, **more: Any) -> Response:
        return _page(now, tag, form, **more)

    return saved(work, {FIELD: booking}, shown, again)


def _kept(key: str) -> bool:
    return f"keep-{key}" in request.form


def _translating(kind: str, slug: str, tag: str) -> Work:
    work = translatable(kind, slug, tag)
    if tag == languages().source.tag or not work.fields.get(FIELD):
        abort(404)
    try:
        PRODUCTS.validate_python(work.fields[FIELD])
    except ValidationError:
        abort(409)
    return work


def _shown(fields: Fields, tag: str) -> Form:
    named = sold_names.everything_named(fields.get(FIELD) or [])
    return Form({one.key: one.names.get(tag, "") for one in named})


def _page(work: Work, tag: str, form: Form, problem: str | None = None, others: list[Any] | None = None) -> Response:
    source = languages().source.tag
    return page(
        "sale_texts",
        422 if problem else 200,
        work=work,
        tag=tag,
        spoken=languages().get(tag),
        source=source,
        form=form,
        problem=problem,
        others=others or [],
        named=list(sold_names.everything_named(work.fields[FIELD])),
        state_of_name=lambda one: sold_names.state(one, source, tag).value,
        state_words={state.value: words for state, words in state_words().items()},
    )
