"""Letters: `templates/email/<name>/subject.txt` and `body.txt`, in the language of whoever gets them."""

from __future__ import annotations

from typing import Any

from flask import render_template, url_for
from flask_babel import force_locale, gettext

from portal.accounts import people
from portal.accounts.links import Letters
from portal.editing.claims import Claim
from portal.languages.model import Language
from portal.mail.outbox import Letter, enqueue
from portal.web.addresses import absolute
from portal.web.context import language, languages, services


def letter(name: str, recipient: str, spoken: Language, endpoint: str, **values: Any) -> Letter:
    """Return a letter with a link to a page; `values` go to the link, and those named `text_...` to the template."""
    context = {key.removeprefix("text_"): value for key, value in values.items() if key.startswith("text_")}
    target = {key: value for key, value in values.items() if not key.startswith("text_")}
    link = absolute(url_for(endpoint, language=spoken, **target))
    names = services().catalog.site().names
    with force_locale(str(spoken.locale)):
        given = {
            **context,
            "link": link,
            "site": names.get(spoken.tag) or names.get("en") or next(iter(names.values())),
            "_": gettext,  # plain text: the one of pages escapes for HTML
        }
        subject = render_template(f"email/{name}/subject.txt", **given).strip()
        body = render_template(f"email/{name}/body.txt", **given).strip() + "\n"
    return Letter(recipient, subject, body, spoken.tag)


def in_language_of(tag: str) -> Language:
    """Return the language somebody is written to in."""
    return languages().get(tag) or languages().default


def account_letters(mail: str, to: str | None = None) -> Letters:
    """Return what makes the letters about an account, in the language of this page.

    :param to: the page that a new account leads on to.
    """
    here = language()
    return Letters(
        register=lambda secret: letter("register", mail, here, "accounts.welcome", link=secret, to=to),
        recover=lambda secret: letter("recover", mail, here, "accounts.new_password", link=secret),
        known=lambda: letter("known", mail, here, "accounts.recover"),
    )


def invitation_letters(mail: str, business: str) -> Letters:
    """Return what makes the letters to somebody who is to join a business."""
    here = language()
    return Letters(
        register=lambda secret: letter("invited", mail, here, "accounts.welcome", link=secret, text_business=business),
        recover=lambda secret: letter("recover", mail, here, "accounts.new_password", link=secret),
        known=lambda: letter("joined", mail, here, "account.home", text_business=business),
    )


def partner_letters(mail: str, partner: str) -> Letters:
    """Return what makes the letters to somebody who is to join a partner."""
    here, home = language(), url_for("keys.show")
    link = {"to": home, "text_partner": partner}
    return Letters(
        register=lambda secret: letter("partner_invited", mail, here, "accounts.welcome", link=secret, **link),
        recover=lambda secret: letter("recover", mail, here, "accounts.new_password", link=secret),
        known=lambda: letter("partner_joined", mail, here, "keys.show", text_partner=partner),
    )


def tell_administrators_of_partner(partner: str) -> None:
    """Write to every administrator that a partner asks for live keys."""
    here = services()
    with here.database.write() as connection:
        for recipient in people.administrators(connection):
            spoken = in_language_of(recipient.language)
            written = letter("partner_waiting", recipient.mail, spoken, "partners.all_partners", text_partner=partner)
            enqueue(connection, written, here.clock())


def tell_members_of_partner(partner: int, name: str) -> None:
    """Write to everybody of a partner that it may have live keys."""
    here = services()
    with here.database.write() as connection:
        for recipient in people.partner_members(connection, str(partner)):
            spoken = in_language_of(recipient.language)
            written = letter("partner_approved", recipient.mail, spoken, "keys.show", text_partner=name)
            enqueue(connection, written, here.clock())


def tell_moderators(name: str, listing: str, called: str) -> None:
    """Write to everybody who reviews that a listing waits, or was published without a review."""
    here = services()
    kind, _, slug = listing.partition("/")
    with here.database.write() as connection:
        for recipient in people.moderators(connection):
            spoken = in_language_of(recipient.language)
            written = letter(name, recipient.mail, spoken, "editor.show", kind=kind, slug=slug, text_name=called)
            enqueue(connection, written, here.clock())


def tell_holders(name: str, listing: str, called: str, comment: str) -> None:
    """Write to everybody in whose hands a listing is how a review ended."""
    here = services()
    kind, _, slug = listing.partition("/")
    with here.database.write() as connection:
        for recipient in people.holders(connection, listing):
            spoken = in_language_of(recipient.language)
            values = {"kind": kind, "slug": slug, "text_name": called, "text_comment": comment}
            enqueue(connection, letter(name, recipient.mail, spoken, "editor.show", **values), here.clock())


def tell_claimant(name: str, claim: Claim, comment: str) -> None:
    """Write to whoever asked for a listing what was decided."""
    here = services()
    with here.database.write() as connection:
        recipient = people.recipient(connection, claim.person)
        spoken = in_language_of(recipient.language)
        called = claim.listing or claim.name
        values = {"text_name": called, "text_comment": comment}
        enqueue(connection, letter(name, recipient.mail, spoken, "claims.show", **values), here.clock())
