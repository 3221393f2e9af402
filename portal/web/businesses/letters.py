"""Letters to people of businesses, and about their listings."""

from __future__ import annotations

from flask import url_for

from portal.accounts import people
from portal.accounts.links import Letters
from portal.accounts.model import Person
from portal.editing.claims import Claim
from portal.mail.outbox import enqueue
from portal.web.context import language, services
from portal.web.letters import in_language_of, letter


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


def tell_about_account(person: Person, what: str) -> None:
    """Write to somebody that the protection of their account changed, so that they learn it if it was not them."""
    here = services()
    with here.database.write() as connection:
        written = letter("account", person.mail, language(), "protection.show", text_what=what)
        enqueue(connection, written, here.clock())


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


def tell_claimant(claim: Claim, *, approved: bool, comment: str = "") -> None:
    """Write to whoever asked for a listing, or proposed one, what was decided."""
    here = services()
    with here.database.write() as connection:
        recipient = people.recipient(connection, claim.person)
        spoken = in_language_of(recipient.language)
        called = claim.listing or claim.name
        name, target = ("granted", "account.home") if approved else ("refused", "claims.show")
        values = {"text_name": called, "text_comment": comment, "text_proposal": claim.listing is None}
        enqueue(connection, letter(name, recipient.mail, spoken, target, **values), here.clock())
