"""A visitor reports a mistake on a listing's page."""

from __future__ import annotations

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext

from portal.catalog.model import Listing
from portal.reports.reports import LONGEST_MESSAGE, Report, Subject, TooManyReports, submit
from portal.web.context import language, services
from portal.web.forms import EMAIL, LONGEST_FIELD
from portal.web.visitors import KIND

SUBJECTS = {
    Subject.CLOSED: lazy_gettext("It is closed or has moved"),
    Subject.HOURS: lazy_gettext("Opening hours or prices"),
    Subject.ADDRESS: lazy_gettext("The address or the place on the map"),
    Subject.TEXT: lazy_gettext("Something in the text or its translation"),
    Subject.OTHER: lazy_gettext("Something else"),
}

blueprint = Blueprint("reports", __name__, url_prefix="/<language:language>")


@blueprint.get(f"/<{KIND}:kind>/<slug>/report")
def form(kind: str, slug: str) -> Response:
    """Show the form, or that a report has arrived."""
    return _page(_listing(kind, slug), Report("", "", Subject.OTHER, ""), sent="sent" in request.args)


@blueprint.post(f"/<{KIND}:kind>/<slug>/report")
def send(kind: str, slug: str) -> Response:
    """Keep a report; a form that cannot be taken comes back with the reason and what was written."""
    listing = _listing(kind, slug)
    report = _read(listing)
    if problem := _problem(report):
        return _page(listing, report, problem)
    try:
        submit(services().database, report, services().clock())
    except TooManyReports:
        return _page(listing, report, gettext("Several reports of this page are being looked at already. Thank you."))
    return redirect(url_for("reports.form", kind=kind, slug=slug, sent=1), 303)  # type: ignore[return-value]


def _listing(kind: str, slug: str) -> Listing:
    listing = services().catalog.listing(kind, slug, language())
    if listing is None:
        abort(404)
    return listing


def _read(listing: Listing) -> Report:
    sent = request.form
    subject = sent.get("subject", "")
    return Report(
        listing=listing.id,
        language=language().tag,
        subject=Subject(subject) if subject in set(Subject) else Subject.OTHER,
        message=sent.get("message", "").replace("\x00", "").strip(),
        email=sent.get("email", "").strip()[:LONGEST_FIELD] or None,
    )


def _problem(report: Report) -> str | None:
    if not report.message:
        return str(gettext("Say in a few words what is wrong."))
    if len(report.message) > LONGEST_MESSAGE:
        return str(gettext("That is too long. Say it in fewer words."))
    if report.email and not EMAIL.match(report.email):
        return str(gettext("Enter an email address, such as name@example.com."))
    return None


def _page(listing: Listing, report: Report, problem: str | None = None, *, sent: bool = False) -> Response:
    text = render_template(
        "visitors/report.html",
        listing=listing,
        report=report,
        subjects=SUBJECTS,
        problem=problem,
        sent=sent,
        longest=LONGEST_MESSAGE,
    )
    answer = make_response(text, 422 if problem else 200)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
