"""A listing's pictures: uploaded, looked at, put in order, described, removed."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from flask import Blueprint, Response, abort, make_response, request, send_file, send_from_directory
from flask_babel import gettext
from werkzeug.datastructures import FileStorage

from portal.catalog.facts import PICTURE_NAME
from portal.editing import drafts, uploads
from portal.editing.document import Fields
from portal.editing.drafts import DraftGone, Save
from portal.editing.uploads import Upload, images_of
from portal.pictures.renditions import MEDIA_TYPES as RENDITION_TYPES
from portal.pictures.renditions import BadPicture, is_photograph
from portal.pictures.uploads import MEDIA_TYPES, Photograph, Refusal, Refused, cleaned
from portal.traffic.counting import Policy
from portal.web.businesses import pictures_form
from portal.web.businesses.facts_form import BadField
from portal.web.businesses.guard import Access, access, me, page, see, who
from portal.web.businesses.listing import Work, opened
from portal.web.businesses.pictures_form import Form
from portal.web.businesses.saving import by_script, editable, saved, told
from portal.web.context import languages, services
from portal.web.media import DRAFT_FORMAT, DRAFT_WIDTHS, PICTURE_POLICY

blueprint = Blueprint("pictures", __name__, url_prefix="/<language:language>/business/listings/<kind>/<slug>/pictures")
LARGEST_BODY = 64 * 1024 * 1024
"""Bytes of several pictures sent at once, by somebody who is signed in; nobody else may send so much."""
UPLOADS = Policy("uploads", 120, 3600)
"""Pictures that somebody may send in an hour: each takes a core a second and a megabyte of the database."""
UPLOADED = "uploaded"
"""The version of every upload: one that looks otherwise has another name."""
TRIES = 5
"""How often an upload looks at the draft again because somebody was quicker."""


@blueprint.url_value_preprocessor
def allow_large_bodies(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let uploads be larger than other forms. Done before the form's token is looked for, which reads the body."""
    if endpoint == "pictures.upload" and request.method == "POST" and who() is not None:
        request.max_content_length = LARGEST_BODY


@blueprint.get("/")
@access(Access.SIGNED_IN)
def show(kind: str, slug: str) -> Response:
    """Show the pictures as the draft has them."""
    return _page(editable(kind, slug))


@blueprint.post("/")
@access(Access.SIGNED_IN)
def save(kind: str, slug: str) -> Response:
    """Take order, words and removals into the draft."""
    work = editable(kind, slug)
    spoken = pictures_form.described_in(work.fields, languages().tags)
    try:
        values = pictures_form.sent(request.form, work.fields, spoken, languages().source.tag)
    except BadField as error:
        return told(str(error), 422) if by_script() else _page(work, request.form, problem=str(error))
    return saved(work, values, lambda fields: pictures_form.shown(fields, spoken), _page)


@blueprint.get("/upload")
@access(Access.SIGNED_IN)
def back(kind: str, slug: str) -> Response:
    """Lead back to the pictures whoever reloads the answer to an upload, or reads it in another language."""
    work = editable(kind, slug)
    return see("pictures.show", kind=work.kind, slug=work.slug)


@blueprint.post("/upload")
@access(Access.SIGNED_IN)
def upload(kind: str, slug: str) -> Response:
    """Take pictures into the draft, each that can be taken; say of the others why not."""
    work = editable(kind, slug)
    files = [file for file in request.files.getlist("pictures") if file.filename or file.content_length]
    try:
        terms = pictures_form.credit_and_licence(request.form)
    except BadField as error:
        return _page(work, problem=str(error))
    if not files:
        return _page(work, problem=gettext("Choose a picture first."))
    room = max(0, pictures_form.MOST - len(images_of(work.fields)))
    allowed = [file for file in files[:room] if services().traffic.count(UPLOADS, str(me().id)).allowed]
    taken, refused = _cleaned(allowed)
    late = gettext("Too many pictures within an hour. Send this one later.")
    refused += [(_name(file), late) for file in files[len(allowed) : room]]
    refused += [(_name(file), gettext("A listing has at most 30 pictures.")) for file in files[room:]]
    if taken and not _added(work, taken, terms):
        return _page(opened(kind, slug), problem=gettext("Somebody else changed this meanwhile. Look at it again."))
    if refused:
        return _page(opened(kind, slug), problem=gettext("Not every picture could be taken."), refused=refused)
    return see("pictures.show", kind=kind, slug=slug, done=1)


@blueprint.get("/<file>")
@access(Access.SIGNED_IN)
def picture(kind: str, slug: str, file: str) -> Response:
    """Send a picture of the listing that may not be published yet, or no more."""
    work = opened(kind, slug)
    if not PICTURE_NAME.match(file):
        abort(404)
    data = uploads.find(services().database, work.id, file)
    if data is None:
        answer = send_from_directory(services().settings.content / kind / slug, file)
    else:
        answer = make_response(data)
        answer.mimetype = "image/jpeg"
    return _kept_private(answer)


@blueprint.get(f"/<file>/<int:width>.{DRAFT_FORMAT}")
@access(Access.SIGNED_IN)
def rendition(kind: str, slug: str, file: str, width: int) -> Response:
    """Send such a picture in a width that the editor's pages offer: phones need not load the whole."""
    here, work = services(), opened(kind, slug)
    if not PICTURE_NAME.match(file) or not is_photograph(file) or width not in DRAFT_WIDTHS:
        abort(404)
    source = here.settings.content / kind / slug / file
    data = uploads.find(here.database, work.id, file)
    try:
        if data is not None:
            made = here.draft_renditions.get(source, UPLOADED, width, DRAFT_FORMAT, lambda: data)
        else:
            made = here.renditions.get(source, here.catalog.media_version(work.id) or "", width, DRAFT_FORMAT)
    except BadPicture:
        abort(404)
    return _kept_private(send_file(made, RENDITION_TYPES[DRAFT_FORMAT]))


def _kept_private(answer: Response) -> Response:
    answer.headers["Content-Security-Policy"] = PICTURE_POLICY
    answer.headers["Cache-Control"] = "private, max-age=3600"
    return answer


def _cleaned(files: list[FileStorage]) -> tuple[list[Photograph], list[tuple[str, str]]]:
    taken, refused = [], []
    for file in files:
        try:
            taken.append(cleaned(file.stream))
        except Refused as error:
            refused.append((_name(file), _why(error.reason)))
    return taken, refused


def _name(file: FileStorage) -> str:
    """Return what the person calls a file; a path before its name is the browser's, or an attempt at something."""
    name = PurePosixPath((file.filename or "").replace("\\", "/").replace("\x00", "")).name
    return name[:80] or "?"


def _why(reason: Refusal) -> str:
    words: dict[Refusal, str] = {
        Refusal.EMPTY: gettext("The file is empty."),
        Refusal.TOO_LARGE: gettext("The file is larger than 20 MB."),
        Refusal.NO_PICTURE: gettext("This is no JPEG, PNG, WebP or AVIF picture."),
        Refusal.TOO_MANY_PIXELS: gettext("The picture has more than 80 million pixels."),
        Refusal.TOO_SMALL: gettext("The picture is too small or too narrow: it needs 300 pixels each way."),
        Refusal.BROKEN: gettext("The file is damaged and cannot be read."),
    }
    return words[reason]


def _added(work: Work, photographs: list[Photograph], terms: dict[str, str]) -> bool:
    """Append pictures to those of the draft; return whether it worked."""
    here = services()
    with here.database.write() as connection:
        for photograph in photographs:
            kept = Upload(me().id, work.id, photograph.file, photograph.data)
            uploads.keep(connection, here.clock(), kept)
    for _ in range(TRIES):  # somebody may save the draft between the look and the save
        draft = drafts.look(here.database, work.id, work.disk)
        try:
            values = _with(draft.fields, photographs, terms)
            _, merged = drafts.save(
                here.database, here.clock(), Save(me().id, work.id, draft.version, values), work.disk
            )
        except DraftGone:
            continue
        if not merged.conflicts:
            return True
    return False


def _with(fields: Fields, photographs: list[Photograph], terms: dict[str, str]) -> dict[str, Any]:
    images = images_of(fields)
    there = {image.get("file") for image in images}
    new = {
        photograph.file: {"file": photograph.file, "width": photograph.width, "height": photograph.height, **terms}
        for photograph in photographs
        if photograph.file not in there
    }
    values: dict[str, Any] = {"facts/images": [*images, *new.values()]}
    if "facts/sources" not in fields:
        values["facts/sources"] = []  # a new listing has to say that it cites nothing yet
    return values


def _page(
    work: Work,
    form: Form | None = None,
    problem: str | None = None,
    others: list[Any] | None = None,
    refused: list[tuple[str, str]] | None = None,
) -> Response:
    spoken = pictures_form.described_in(work.fields, languages().tags)
    images = images_of(work.fields)
    business = me().listings.get(work.id)
    return page(
        "pictures",
        422 if problem else 200,
        work=work,
        form=pictures_form.shown(work.fields, spoken) if form is None else form,
        problem=problem,
        refused=refused or [],
        others=others or [],
        done="done" in request.args,
        images=images,
        spoken=[languages().get(tag) for tag in spoken],
        source=languages().source.tag,
        licences=list(dict.fromkeys([*pictures_form.LICENCES, *(image.get("licence", "") for image in images)])),
        new_licences=pictures_form.LICENCES,
        credit=request.form.get("credit") or (business.name if business else ""),
        accepted=",".join(MEDIA_TYPES),
    )
