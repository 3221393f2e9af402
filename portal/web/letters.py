"""Letters: `templates/email/<name>/subject.txt` and `body.txt`, in the language of whoever gets them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import g, render_template, url_for
from flask_babel import force_locale, gettext

from portal.languages.model import Language
from portal.mail.outbox import Letter
from portal.web.addresses import absolute
from portal.web.context import language, languages, services


def letter(name: str, recipient: str, spoken: Language, endpoint: str, **values: Any) -> Letter:
    """Return a letter with a link to a page; `values` go to the link, and those named `text_...` to the template."""
    context = {key.removeprefix("text_"): value for key, value in values.items() if key.startswith("text_")}
    target = {key: value for key, value in values.items() if not key.startswith("text_")}
    link = absolute(url_for(endpoint, language=spoken, **target))
    names = services().catalog.site().names
    with speaking(spoken):
        given = {
            **context,
            "link": link,
            "site": names.get(spoken.tag) or names.get("en") or next(iter(names.values())),
            "_": gettext,  # plain text: the one of pages escapes for HTML
        }
        subject = render_template(f"email/{name}/subject.txt", **given).strip()
        body = render_template(f"email/{name}/body.txt", **given).strip() + "\n"
    return Letter(recipient, subject, body, spoken.tag)


@contextmanager
def speaking(spoken: Language) -> Iterator[None]:
    """Have texts, dates, amounts and links be in a language, whatever this page is read in."""
    before = language()
    g.language = spoken
    try:
        with force_locale(str(spoken.locale)):
            yield
    finally:
        g.language = before


def in_language_of(tag: str) -> Language:
    """Return the language somebody is written to in."""
    return languages().get(tag) or languages().default
