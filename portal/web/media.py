"""Pictures of listings, out of the content directory."""

from __future__ import annotations

from flask import Blueprint, Response, abort, request, send_from_directory

from portal.web.context import services
from portal.web.templating import keep_for_good

PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""For a picture opened by itself: an SVG may colour itself, and can run or fetch nothing."""

blueprint = Blueprint("media", __name__)


@blueprint.get("/media/<kind>/<slug>/<file>")
def picture(kind: str, slug: str, file: str) -> Response:
    """Send a picture that a listing names; an address with its version may be kept for good."""
    here = services()
    facts = here.catalog.facts(f"{kind}/{slug}")
    if facts is None or file not in facts.pictures:
        abort(404)
    answer = send_from_directory(here.settings.content / kind / slug, file)
    answer.headers["Content-Security-Policy"] = PICTURE_POLICY
    if request.args.get("v") == here.catalog.media_version(f"{kind}/{slug}"):
        keep_for_good(answer)
    return answer
