"""Asking for a listing, or proposing a new one."""

from __future__ import annotations

from flask import Blueprint, Response, abort, request
from flask_babel import gettext

from portal.catalog.facts import PLACES
from portal.catalog.selection import Selection
from portal.editing import claims
from portal.editing.claims import LONGEST_EVIDENCE, Claim, TooManyClaims
from portal.web.businesses import mine
from portal.web.businesses.guard import Access, access, me, page, see
from portal.web.context import language, services
from portal.web.forms import LONGEST_FIELD

blueprint = Blueprint("claims", __name__, url_prefix="/<language:language>/business/claims")
MOST_OFFERED = 5000


@blueprint.get("/")
@access(Access.SIGNED_IN)
def show() -> Response:
    """Show the form, and what was asked for."""
    return _page()


@blueprint.post("/")
@access(Access.SIGNED_IN)
def submit() -> Response:
    """Keep a claim until a moderator decides."""
    claim = _claim()
    problem = _problem(claim)
    if problem:
        return _page(problem)
    try:
        claims.submit(services().database, services().clock(), claim)
    except TooManyClaims:
        return _page(gettext("Several of your requests wait already."))
    return see("claims.show", done=1)


def _claim() -> Claim:
    business = request.form.get("business", "")
    known = {str(mine.id): mine.id for mine in me().businesses}
    if business not in known:
        abort(404)
    kind = request.form.get("kind", "")
    return Claim(
        person=me().id,
        business=known[business],
        listing=request.form.get("listing") or None,
        kind=kind if kind in PLACES else PLACES[0],
        name=" ".join(request.form.get("name", "").replace("\x00", "").split())[:LONGEST_FIELD],
        evidence=request.form.get("evidence", "").replace("\x00", "").strip(),
    )


def _problem(claim: Claim) -> str | None:
    if claim.listing is not None and services().catalog.facts(claim.listing) is None:
        abort(404)
    if claim.listing is None and not claim.name:
        return str(gettext("Choose a place, or name a new one."))
    if not claim.evidence:
        return str(gettext("Say how we can see that it is yours."))
    if len(claim.evidence) > LONGEST_EVIDENCE:
        return str(gettext("That is too long. Say it in fewer words."))
    return None


def _page(problem: str | None = None) -> Response:
    catalog, database = services().catalog, services().database
    offered = [catalog.cards(Selection(kind=kind), language(), limit=MOST_OFFERED) for kind in PLACES]
    asked = claims.of_businesses(database, [business.id for business in me().businesses])
    return page(
        "claims",
        422 if problem else 200,
        problem=problem,
        done="done" in request.args,
        offered=[(kind, cards) for kind, cards in zip(PLACES, offered, strict=True)],
        chosen=request.values.get("listing", ""),
        form=request.form,
        done_words=gettext("Sent. A moderator decides, and you get a letter."),
        asked=asked,
        names=mine.names(claim.listing for claim in asked),
        longest=LONGEST_EVIDENCE,
    )
