"""Pictures of listings, out of the content directory; photographs in the size and format a browser asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import structlog
from flask import Blueprint, Flask, Response, abort, request, send_file, send_from_directory

from portal.catalog.facts import Facts, Focus, Image
from portal.catalog.model import Cover, Listing
from portal.pictures.renditions import FORMATS, MEDIA_TYPES, WIDTHS, BadPicture, is_photograph, widths
from portal.web.context import services
from portal.web.links import link
from portal.web.templating import keep_for_good

PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""For a picture opened by itself: an SVG may colour itself, and can run or fetch nothing."""

DRAFT_WIDTHS = WIDTHS[:-1]
"""Pixels: editors see a picture in a column of a page at most."""
DRAFT_FORMAT = "webp"
"""One is enough for the few who edit: written in a fifth of the time of AVIF."""

log = structlog.get_logger()
blueprint = Blueprint("media", __name__)


class Owner(Protocol):
    """What a picture belongs to."""

    @property
    def kind(self) -> str:
        """The listing's kind."""
        ...

    @property
    def slug(self) -> str:
        """The listing's name in addresses."""
        ...


@dataclass(frozen=True)
class Source:
    """One format of a picture, as `<source>` names it."""

    type: str
    srcset: str


def init_app(app: Flask) -> None:
    """Tell templates where a picture is, and which renditions it has."""
    app.add_template_filter(address)
    app.add_template_filter(draft_srcset)
    app.add_template_filter(focus_class)
    app.add_template_filter(sources)


@blueprint.get("/media/<kind>/<slug>/<file>")
def picture(kind: str, slug: str, file: str) -> Response:
    """Send a picture that a listing names; an address with its version may be kept for good."""
    _named(kind, slug, file)
    return _sent(kind, slug, send_from_directory(services().settings.content / kind / slug, file))


@blueprint.get(f"/media/<kind>/<slug>/<file>/<int:width>.<any({', '.join(FORMATS)}):form>")
def rendition(kind: str, slug: str, file: str, width: int, form: str) -> Response:
    """Send a photograph in a width and a format that pages offer."""
    here = services()
    image = next((image for image in _named(kind, slug, file).images if image.file == file), None)
    if image is None or not is_photograph(file) or width not in widths(image.width):
        abort(404)
    version = here.catalog.media_version(f"{kind}/{slug}") or ""
    try:
        made = here.renditions.get(here.settings.content / kind / slug / file, version, width, form)
    except BadPicture as error:
        log.error("picture cannot be shown", reason=str(error))
        abort(404)
    return _sent(kind, slug, send_file(made, MEDIA_TYPES[form]))


def address(image: Image, owner: Cover | Listing) -> str:
    """Return the address of a listing's picture; one that is not published yet is sent to those who edit it."""
    if _is_unpublished(image, owner):
        return link("pictures.picture", kind=owner.kind, slug=owner.slug, file=image.file)
    return link("media.picture", kind=owner.kind, slug=owner.slug, file=image.file, v=owner.media_version)


def focus_class(focus: Focus) -> str:
    """Return the classes of portal.css that keep a point of a picture in view where it is cut, to a tenth.

    Classes, since the policy of pages allows no styles of an element's own.
    """
    return f"fx-{round(focus.x / 10) * 10} fy-{round(focus.y / 10) * 10}"


def sources(image: Image, owner: Cover | Listing) -> list[Source]:
    """Return the renditions of a listing's picture, the format first that browsers should take.

    A drawing has none.
    """
    if not is_photograph(image.file):
        return []
    if _is_unpublished(image, owner):
        return [Source(MEDIA_TYPES[DRAFT_FORMAT], draft_srcset(owner, image.file))]
    place = {"kind": owner.kind, "slug": owner.slug, "file": image.file, "v": owner.media_version}
    return [
        Source(
            MEDIA_TYPES[form],
            ", ".join(
                f"{link('media.rendition', width=width, form=form, **place)} {width}w" for width in widths(image.width)
            ),
        )
        for form in FORMATS
    ]


def draft_srcset(owner: Owner, file: str) -> str:
    """Return the widths in which a picture is shown to those who edit its listing; empty for a drawing."""
    if not is_photograph(file):
        return ""
    place = {"kind": owner.kind, "slug": owner.slug, "file": file}
    return ", ".join(f"{link('pictures.rendition', width=width, **place)} {width}w" for width in DRAFT_WIDTHS)


def _is_unpublished(image: Image, owner: Cover | Listing) -> bool:
    return isinstance(owner, Listing) and image.file in owner.unpublished


def _named(kind: str, slug: str, file: str) -> Facts:
    facts = services().catalog.facts(f"{kind}/{slug}")
    if facts is None or file not in facts.pictures:
        abort(404)
    return facts


def _sent(kind: str, slug: str, answer: Response) -> Response:
    answer.headers["Content-Security-Policy"] = PICTURE_POLICY
    if request.args.get("v") == services().catalog.media_version(f"{kind}/{slug}"):
        keep_for_good(answer)
    return answer
